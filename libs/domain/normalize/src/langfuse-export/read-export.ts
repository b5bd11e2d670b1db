import { type NativeEvent } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { type Fields, fieldsOf } from './fields';
import { readObservation } from './observation';
import { type ImportOptions, type ReadRecord, type TraceContext } from './record';
import { readScore } from './score';
import { readTrace, traceContextOf } from './trace';

/** What became of one record of an export. */
export type LangfuseItem = { readonly name: string } & ({ readonly event: NativeEvent } | { readonly problem: string });

type Values = Readonly<Record<string, unknown>>;

/** Traces whose session and user are remembered for observations and scores that come without. */
const MAX_TRACES = 100_000;

const listed = (record: Values, name: string): readonly unknown[] => {
  const value = record[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
};
/** Lists of traces hold ids where those of one trace hold records. */
const records = (list: readonly unknown[]): readonly Values[] => list.filter(isRecord);

type RecordKind = 'trace' | 'observation' | 'score';
function kindOf(fields: Fields): RecordKind | null {
  if (fields.text('startTime') || (fields.text('type') && fields.text('traceId'))) return 'observation';
  if (fields.text('dataType') || fields.text('source') || (fields.text('traceId') && fields.value('value') !== undefined))
    return 'score';
  return fields.text('timestamp') || fields.value('tags') !== undefined || fields.value('observations') !== undefined
    ? 'trace'
    : null;
}

const MAX_ID = 100;
const nameOf = (what: string, fields: Fields): string => `${what} ${fields.text('id').slice(0, MAX_ID)}`.trim();
const UNKNOWN = 'is neither a trace, an observation nor a score: it has no startTime, no timestamp and no source';

/**
 * Reads the records of Langfuse's exports, one value of a file after another: a record; a page of the public API; a trace with its observations and
 * scores; lists of these. Observations and scores get the session, user, release, environment and service of a trace that came before them.
 */
export function createLangfuseReader(options: ImportOptions, maxTraces = MAX_TRACES) {
  const traces = new Map<string, TraceContext>();

  function remember(fields: Fields): void {
    if (fields.text('id') === '') return;
    if (traces.size >= maxTraces) traces.delete(traces.keys().next().value ?? '');
    traces.set(fields.text('id'), traceContextOf(fields));
  }

  function itemOf(kind: RecordKind, fields: Fields, read: ReadRecord): LangfuseItem {
    const name = nameOf(kind, fields);
    return read.ok ? { name, event: read.value } : { name, problem: read.error };
  }

  function* readOne(kind: RecordKind, record: Values, traceId = ''): Generator<LangfuseItem> {
    const fields = fieldsOf(
      traceId && record['traceId'] === undefined && record['trace_id'] === undefined ? { ...record, traceId } : record,
    );
    if (kind !== 'trace') {
      const read = kind === 'observation' ? readObservation : readScore;
      yield itemOf(kind, fields, read(fields, traces.get(fields.text('traceId')), options));
      return;
    }
    remember(fields);
    const id = fields.text('id');
    const observations = listed(record, 'observations');
    yield itemOf('trace', fields, readTrace(fields, observations, options));
    for (const one of records(observations)) yield* readOne('observation', one, id);
    for (const name of ['scores', 'corrections'])
      for (const one of records(listed(record, name))) yield* readOne('score', one, id);
  }

  function* read(value: unknown): Generator<LangfuseItem> {
    if (Array.isArray(value)) {
      for (const one of value as unknown[]) yield* read(one);
      return;
    }
    if (!isRecord(value)) {
      yield { name: 'record', problem: 'must be a JSON object' };
      return;
    }
    // A page of the public API, the list of a session, a trace as the UI exports it.
    if (Array.isArray(value['data'])) return yield* read(value['data']);
    if (Array.isArray(value['traces'])) return yield* read(value['traces']);
    // A score says who its trace is of, and has an id of its own.
    if (isRecord(value['trace']) && value['id'] === undefined)
      return yield* read({ ...value['trace'], observations: value['observations'] ?? value['trace']['observations'] });
    const fields = fieldsOf(value);
    const kind = kindOf(fields);
    if (kind === null) yield { name: nameOf('record', fields), problem: UNKNOWN };
    else yield* readOne(kind, value);
  }

  return { read };
}
