import { type CommittedOffset, type TaskOffsets, type LogRecord } from '../ports/broker';

/** What a batch covers: a half-open span of offsets per topic, with the batch time. */
export interface OffsetRange {
  /** Batch time in milliseconds since the epoch. */
  readonly now: number;
  readonly spans: ReadonlyMap<string, { readonly from: number; readonly end: number }>;
}

/** The spans that cover `records`, starting at `from`. */
export function spansOver(records: readonly LogRecord[], from: ReadonlyMap<string, number>): OffsetRange['spans'] {
  const spans = new Map([...from].map(([topic, offset]) => [topic, { from: offset, end: offset }]));
  for (const record of records) {
    const span = spans.get(record.topic);
    if (span) span.end = Math.max(span.end, record.offset + 1);
  }
  return spans;
}

interface Intent {
  readonly end: number;
  readonly now: number;
}

const format = ({ end, now }: Intent): string => `{"end":${end},"now":${now}}`;

function parse(metadata: string): Intent | null {
  try {
    const { end, now } = JSON.parse(metadata) as Partial<Intent>;
    return Number.isSafeInteger(end) && Number.isSafeInteger(now) ? { end: end as number, now: now as number } : null;
  } catch {
    return null;
  }
}

/** The offsets that write the intent of `range`: at its start, with its end and time as metadata. */
export const encodeIntent = (range: OffsetRange): TaskOffsets =>
  new Map([...range.spans].map(([topic, { from, end }]) => [topic, { offset: from, metadata: format({ end, now: range.now }) }]));

/** The offsets of a task at `ends`, without an intent. */
export const committedOffsets = (ends: ReadonlyMap<string, number>): TaskOffsets =>
  new Map([...ends].map(([topic, offset]): [string, CommittedOffset] => [topic, { offset, metadata: '' }]));

/** The offset of each topic at the end of `range`. */
export const endOffsets = (range: OffsetRange): ReadonlyMap<string, number> =>
  new Map([...range.spans].map(([topic, { end }]) => [topic, end]));

/**
 * The batch whose intent is written but not committed, or null. A task commits all its topics in one transaction, so either all of them
 * carry the same batch time or none does.
 */
export function readIntent(committed: TaskOffsets): OffsetRange | null {
  const spans = new Map<string, { from: number; end: number }>();
  let now: number | null = null;
  for (const [topic, { offset, metadata }] of committed) {
    const intent = parse(metadata);
    if (!intent) continue;
    spans.set(topic, { from: offset, end: intent.end });
    now = Math.max(now ?? 0, intent.now);
  }
  return now === null ? null : { now, spans };
}

/**
 * Deduplication token: the same for the same batch and table in every process, `group:task:topic=from-end,…:T:table`. Topics without
 * records are left out. A batch without any records names all its topics: their offsets distinguish it from another empty batch of the same
 * time, which can exist after a clock was set back.
 */
export function tokenOf(groupId: string, partition: number, range: OffsetRange, table: string): string {
  const all = [...range.spans];
  const filled = all.filter(([, { from, end }]) => end > from);
  const spans = (filled.length > 0 ? filled : all).map(([topic, { from, end }]) => `${topic}=${from}-${end}`);
  return `${groupId}:${partition}:${spans.join(',')}:${range.now}:${table}`;
}

/** Topics in declared order, offsets ascending: the order is the same in a first run and in a repeat. */
export function byTopicThenOffset(inputs: readonly string[], records: readonly LogRecord[]): LogRecord[] {
  const rank = new Map(inputs.map((topic, i) => [topic, i]));
  return [...records].sort((a, b) => (rank.get(a.topic) ?? 0) - (rank.get(b.topic) ?? 0) || a.offset - b.offset);
}
