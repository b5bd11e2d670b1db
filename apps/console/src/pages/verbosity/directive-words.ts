import { countOf, durationOf } from '../../format/numbers';

/** JSON of a row as an object; empty where it is none. */
function objectIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const FIELDS: Readonly<Record<string, string>> = {
  service_name: 'service',
  deployment_environment: 'environment',
  service_version: 'version',
  kind: 'kind',
  name: 'operation',
  tool_name: 'tool',
  model: 'model',
  logger: 'logger',
  session_id: 'session',
};

/** What a directive applies to, in words; a user is hashed, and so is not named. */
export function targetText(json: string): string {
  const target = objectIn(json);
  const parts = Object.entries(target).map(([field, value]) => {
    if (field === 'user') return 'one user';
    if (field === 'trace_hash') return 'a share of turns';
    return `${FIELDS[field] ?? field} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

/** What it changes, in words. */
export function setText(json: string): string {
  const { min_severity: severity, content, keep, flush } = objectIn(json);
  const parts = [
    typeof severity === 'string' ? `logs from ${severity} up` : '',
    typeof content === 'string' ? `content ${content}` : '',
    typeof keep === 'number' ? `${Number((100 * keep).toPrecision(3))} % of turns` : '',
    flush === true ? 'what was held back is sent' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** What it may add at most, of each SDK instance; empty where there is no limit. */
export function limitsText(json: string): string {
  const { records_per_s: records, bytes_per_min: bytes } = objectIn(json);
  return [
    typeof records === 'number' ? `${countOf(records)} records a second` : '',
    typeof bytes === 'number' ? `${bytesOf(bytes)} a minute` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
/** 950 B, 12.3 kB, 4.1 MB. */
export function bytesOf(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1_000 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1];
  return `${Number(value.toPrecision(3))} ${UNITS[unit] ?? ''}`;
}

interface Counts {
  readonly events: number;
  readonly logs: number;
  readonly detailed_logs: number;
  readonly with_content: number;
}
interface Effect {
  readonly because: Counts & { readonly turns: number; readonly from_ring: number };
  readonly instances: readonly { readonly bytes: number }[];
  readonly evidence: readonly { readonly use: string }[];
  readonly is_over: boolean;
}

const plural = (count: number, one: string): string => `${countOf(count)} ${one}${count === 1 ? '' : 's'}`;

/** What a directive brought, in a sentence. */
export function boughtText({ because, instances, evidence, is_over: isOver }: Effect, isBoost: boolean): string {
  const applied = instances.length;
  if (because.events === 0 && applied === 0)
    return isOver
      ? 'It brought nothing: no SDK instance reported that it applied it.'
      : 'It brought nothing so far: no SDK instance reported that it applied it.';
  const bytes = instances.reduce((sum, one) => sum + one.bytes, 0);
  const cost = bytes > 0 ? `, for ${bytesOf(bytes)} that SDKs sent because of it` : '';
  const served = evidence.filter(({ use }) => use === 'served').length;
  const use = !isBoost
    ? ''
    : served > 0
      ? ` It was there for ${countOf(served)} ${served === 1 ? 'anomaly or incident that was' : 'anomalies and incidents that were'} open.`
      : isOver
        ? ' Nothing was open about its target while it came: the detail helped nobody.'
        : ' What it was there for is known once it is over.';
  if (because.events === 0) return `No stored event names it${cost}.${use}`;
  const ring = because.from_ring > 0 ? `, ${countOf(because.from_ring)} of them held back before` : '';
  return `${plural(because.events, 'event')} of ${plural(because.turns, 'turn')} were stored with it${ring}: ${plural(because.logs, 'log line')}, ${plural(because.with_content, 'operation')} with content${cost}.${use}`;
}

/** How soon instances applied it. */
export const speedText = (ms: number | null): string => (ms === null ? '–' : durationOf(Math.max(0, ms)));

export const SPANS = [
  ['600000', '10 minutes'],
  ['1800000', '30 minutes'],
  ['3600000', 'an hour'],
  ['14400000', '4 hours'],
  ['86400000', 'a day'],
] as const;
/** A boost ends after a day at most. */
export const LONG_SPANS = [...SPANS, ['604800000', 'a week'], ['2592000000', '30 days']] as const;

/** The share of turns that is kept, of a text; undefined where it is none. */
export function keepOf(text: string): number | undefined {
  const percent = Number(text);
  return text.trim() !== '' && percent > 0 && percent <= 100 ? percent / 100 : undefined;
}
