import { success } from '@telltale/kernel';
import { newDraft } from '../draft';
import { ATTRIBUTES } from './attribute-names';
import { type Fields, fieldsOf, withoutNulls } from './fields';
import { nativeOf } from './native-of';
import {
  contextOf,
  fillContext,
  type ImportOptions,
  missing,
  noTime,
  type ReadRecord,
  recordId,
  type TraceContext,
} from './record';

/** Types whose value is a text, which a model or a person wrote. */
const TEXTS: ReadonlySet<string> = new Set(['TEXT', 'CORRECTION']);

const NO_RESOURCE = { resource: {} };

/** A number where the type has one; a category has its name, and a number only where a configuration gives it one. */
function valueOf(fields: Fields, type: string): { readonly value: number | null; readonly label: string } {
  const raw = fields.value('value');
  const string = fields.text('stringValue');
  if (type === 'BOOLEAN') {
    const isTrue = typeof raw === 'boolean' ? raw : fields.number('value') === 1;
    return { value: isTrue ? 1 : 0, label: string || (isTrue ? 'True' : 'False') };
  }
  const value = typeof raw === 'boolean' ? null : fields.number('value');
  if (type === 'CATEGORICAL') return { value, label: string || (value === null ? fields.text('value') : '') };
  return { value, label: string };
}

/** A score as a judgement of what it is about: of a person (feedback), or of a program (evaluator). */
export function readScore(fields: Fields, trace: TraceContext | undefined, options: ImportOptions): ReadRecord {
  const id = fields.text('id');
  if (!id) return missing('id');
  const name = fields.text('name');
  if (!name) return missing('name');
  const when = fields.time('timestamp') === null ? 'createdAt' : 'timestamp';
  const at = fields.time(when);
  if (at === null) return missing('timestamp');
  if (Number.isNaN(at)) return noTime(when);
  const source = fields.text('source').toUpperCase();
  const type = fields.text('dataType').toUpperCase();
  const draft = newDraft('', source === 'ANNOTATION' ? 'feedback' : 'evaluator', 'native', at);
  const { event, content } = draft;
  event.id = recordId('score', id);
  event.trace_id = fields.text('traceId');
  event.parent_span_id = fields.text('observationId');
  event.name = event.score_name = name;
  event.status = 'ok';
  if (TEXTS.has(type))
    content.output = fields.value('longStringValue') ?? fields.value('stringValue') ?? fields.value('value') ?? '';
  else {
    const { value, label } = valueOf(fields, type);
    event.score_value = value;
    event.score_label = label;
  }
  Object.assign(
    content.attributes,
    withoutNulls({
      [ATTRIBUTES.scoreComment]: fields.text('comment') || null,
      [ATTRIBUTES.scoreSource]: source.toLowerCase() || null,
      [ATTRIBUTES.scoreDataType]: type.toLowerCase() || null,
      [ATTRIBUTES.scoreAuthor]: fields.text('authorUserId') || null,
      [ATTRIBUTES.scoreRun]: fields.text('datasetRunId') || null,
    }),
  );
  // The public API puts what it knows of the trace beside the score.
  const beside = contextOf(fieldsOf(fields.object('trace')), NO_RESOURCE);
  fillContext(draft, contextOf(fields, NO_RESOURCE), trace ?? beside, options);
  return success(nativeOf(draft));
}
