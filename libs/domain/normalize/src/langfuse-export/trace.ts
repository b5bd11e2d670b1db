import { type OtlpAttributes } from '@telltale/contracts';
import { isRecord, success } from '@telltale/kernel';
import { contentOf } from '../content-of';
import { newDraft } from '../draft';
import { newReading } from '../reading';
import { ATTRIBUTES } from './attribute-names';
import { type Fields, fieldsOf } from './fields';
import { metadataOf } from './metadata';
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

/** What the observations in a trace record say of the trace; null where it lists none, or only their ids. */
interface Work {
  readonly end: number | null;
  readonly hasFailed: boolean;
}

function workOf(observations: readonly unknown[]): Work | null {
  const inside = observations.filter(isRecord).map(fieldsOf);
  if (inside.length === 0) return null;
  const ids = new Set(inside.map((one) => one.text('id')));
  const ends = inside.flatMap((one) => {
    const end = one.time('endTime') ?? one.time('startTime');
    return end === null || Number.isNaN(end) ? [] : [end];
  });
  const isRoot = (one: Fields): boolean => !ids.has(one.text('parentObservationId'));
  return {
    end: ends.length > 0 ? ends.reduce((a, b) => Math.max(a, b)) : null,
    hasFailed: inside.some((one) => isRoot(one) && one.text('level').toUpperCase() === 'ERROR'),
  };
}

/** The API writes -1 where metrics were not asked for. */
function durationOf(fields: Fields, work: Work | null, at: number): number | null {
  if (work?.end !== null && work?.end !== undefined) return work.end >= at ? work.end - at : null;
  const latency = fields.number('latency');
  return latency !== null && latency > 0 ? Math.round(latency * 1_000) : null;
}

export const traceContextOf = (fields: Fields): TraceContext => contextOf(fields, metadataOf(fields, ATTRIBUTES.traceMetadata));

/** A trace as the turn that it is; `observations` are those that its record holds. */
export function readTrace(fields: Fields, observations: readonly unknown[], options: ImportOptions): ReadRecord {
  const id = fields.text('id');
  if (!id) return missing('id');
  const at = fields.time('timestamp');
  if (at === null) return missing('timestamp');
  if (Number.isNaN(at)) return noTime('timestamp');
  const metadata = metadataOf(fields, ATTRIBUTES.traceMetadata);
  const work = workOf(observations);
  const draft = newDraft('', 'turn', 'native', at);
  const { event, content } = draft;
  event.id = recordId('trace', id);
  event.trace_id = id;
  event.name = fields.text('name') || 'turn';
  event.duration_ms = durationOf(fields, work, at);
  event.status = work === null ? 'unset' : work.hasFailed ? 'error' : 'ok';
  event.service_version = fields.text('version');
  const { input = null, output = null } = { input: fields.value('input'), output: fields.value('output') } as OtlpAttributes;
  const said = contentOf({ ...newReading(), input, output }, 'turn');
  content.input = said.input;
  content.output = said.output;
  Object.assign(content.attributes, metadata.own);
  const tags = fields.list('tags');
  if (tags.length > 0) content.attributes[ATTRIBUTES.traceTags] = tags;
  fillContext(draft, contextOf(fields, metadata), undefined, options);
  return success(nativeOf(draft));
}
