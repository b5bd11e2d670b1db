import { type CommittedOffset, type TaskOffsets, type LogRecord } from '../ports/broker';

/** A half-open span of offsets per topic, with its time. The unit of exactly-once work. */
export interface OffsetRange {
  /** Milliseconds since the epoch; the only time the range knows. */
  readonly now: number;
  readonly spans: ReadonlyMap<string, { readonly from: number; readonly end: number }>;
}

/** The spans that `records` take up behind `from`. */
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
  if (!metadata) return null;
  try {
    const { end, now } = JSON.parse(metadata) as Partial<Intent>;
    return Number.isSafeInteger(end) && Number.isSafeInteger(now) ? { end: end as number, now: now as number } : null;
  } catch {
    return null;
  }
}

/** Offsets that announce `range`: still at its start, naming its end and time. */
export const encodeIntent = (range: OffsetRange): TaskOffsets =>
  new Map([...range.spans].map(([topic, { from, end }]) => [topic, { offset: from, metadata: format({ end, now: range.now }) }]));

/** Offsets of a task that stands at `ends` with no range announced. */
export const committedOffsets = (ends: ReadonlyMap<string, number>): TaskOffsets =>
  new Map([...ends].map(([topic, offset]): [string, CommittedOffset] => [topic, { offset, metadata: '' }]));

/** Where each topic stands at the end of `range`. */
export const endOffsets = (range: OffsetRange): ReadonlyMap<string, number> =>
  new Map([...range.spans].map(([topic, { end }]) => [topic, end]));

/**
 * The range that was announced but whose effects did not take hold, or null. All topics of a task commit in one
 * transaction, so either all of them carry the same time or none does.
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
 * The same token for the same range and table, whoever runs it: `group:task:topic=from-end,…:T:table`. Topics of which it has nothing are
 * left out, but for a range without records: then where they stand tells it from another one that had this time before a clock was set back.
 */
export function tokenOf(groupId: string, partition: number, range: OffsetRange, table: string): string {
  const all = [...range.spans];
  const filled = all.filter(([, { from, end }]) => end > from);
  const spans = (filled.length > 0 ? filled : all).map(([topic, { from, end }]) => `${topic}=${from}-${end}`);
  return `${groupId}:${partition}:${spans.join(',')}:${range.now}:${table}`;
}

/** Topics in the order in which the service declares them, offsets ascending: the one order both a first run and a repeat meet. */
export function byTopicThenOffset(inputs: readonly string[], records: readonly LogRecord[]): LogRecord[] {
  const rank = new Map(inputs.map((topic, i) => [topic, i]));
  return [...records].sort((a, b) => (rank.get(a.topic) ?? 0) - (rank.get(b.topic) ?? 0) || a.offset - b.offset);
}
