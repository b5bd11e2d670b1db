import { TOPICS } from '@telltale/contracts';
import { REPLAYABLE_TOPICS } from '@telltale/services';
import { type LogRecord, type OutputRecord, UNKNOWN_TENANT } from '@telltale/streaming';

const OWN_HEADERS = 'x-dlq-';
const REPLAYABLE: ReadonlySet<string> = new Set(REPLAYABLE_TOPICS.map(({ name }) => name));

/** What people see of a refused input: never its content, which is encrypted. */
export interface DeadLetter {
  /** `<partition>-<offset>` in the DLQ. */
  readonly id: string;
  readonly at: string;
  readonly reason: string;
  readonly error: string;
  readonly service: string;
  readonly step: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

export const tenantOf = (record: LogRecord): string => record.headers['tt-tenant'] ?? UNKNOWN_TENANT;
export const deadLetterId = (record: LogRecord): string => `${record.partition}-${record.offset}`;

export function deadLetterOf(record: LogRecord): DeadLetter {
  const header = (name: string): string => record.headers[name] ?? '';
  return {
    id: deadLetterId(record),
    at: header('x-dlq-timestamp'),
    reason: header('x-dlq-reason'),
    error: header('x-dlq-error'),
    service: header('x-dlq-service'),
    step: header('x-dlq-step'),
    topic: header('x-dlq-topic'),
    partition: Number(header('x-dlq-partition')),
    offset: Number(header('x-dlq-offset')),
    bytes: record.value?.length ?? 0,
    headers: Object.fromEntries(Object.entries(record.headers).filter(([name]) => !name.startsWith(OWN_HEADERS))),
  };
}

/** The input as it first was, encrypted bytes and headers verbatim, for the topic it came from; null when that topic is not ours. */
export function replayOf(record: LogRecord): OutputRecord | null {
  const topic = record.headers['x-dlq-topic'] ?? TOPICS.raw.name;
  if (!REPLAYABLE.has(topic) || record.value === null) return null;
  return {
    topic,
    key: record.key,
    value: record.value,
    headers: Object.fromEntries(Object.entries(record.headers).filter(([name]) => !name.startsWith(OWN_HEADERS))),
  };
}
