import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { count, isoTime as time } from '../define/row-fields';
import { type Row } from '../define/row-values';

/** A turn is written once it was quiet for a minute: the newest minutes are not whole yet. */
const UNHELPED = "outcome IN ('error', 'abandoned', 'refused', 'transferred')";

export const figures = named(
  'NowFigures',
  z.object({
    turns: count.describe('Weighted'),
    unhelped_turns: count.describe('Turns that ended in an error, were abandoned, refused or transferred, weighted'),
    known_turns: count.describe('Turns whose outcome is known, weighted'),
    users: count,
    p50_ms: z.number().nullable().describe('Of the duration of turns with their root'),
    p95_ms: z.number().nullable(),
    cost_nano_usd: count.describe('Of turns with a known cost, weighted'),
    unpriced_turns: count.describe('Turns with a call without a known price'),
  }),
);
export type Figures = z.output<typeof figures>;

export const minute = named(
  'NowMinute',
  z.object({ minute: time, turns: count, unhelped_turns: count, p95_ms: z.number().nullable(), cost_nano_usd: count }),
);
export const service = named(
  'NowService',
  z.object({
    service_name: z.string(),
    turns: count,
    unhelped_turns: count,
    known_turns: count,
    p95_ms: z.number().nullable(),
    cost_nano_usd: count,
  }),
);

/** Columns of minutes and services. */
export const OF_TURNS = `round(sum(sampling_weight)) AS turns, round(sumIf(sampling_weight, ${UNHELPED})) AS unhelped_turns,
  if(countIf(has_root) = 0, NULL, quantileIf(0.95)(duration_ms, has_root)) AS p95_ms, toInt64(sum(ifNull(cost_nano_usd, 0) * sampling_weight)) AS cost_nano_usd`;
export const KNOWN_TURNS = "round(sumIf(sampling_weight, outcome != 'unknown')) AS known_turns";
/** Columns of a whole span of time. */
export const OF_SPAN = `${OF_TURNS}, ${KNOWN_TURNS}, uniqIf(user_id, user_id != '') AS users,
  if(countIf(has_root) = 0, NULL, quantileIf(0.5)(duration_ms, has_root)) AS p50_ms, countIf(unpriced_calls > 0) AS unpriced_turns`;

const NONE: Figures = { turns: 0, unhelped_turns: 0, known_turns: 0, users: 0, p50_ms: null, p95_ms: null, cost_nano_usd: 0, unpriced_turns: 0 }; // prettier-ignore

/** A row of `OF_SPAN`; of no turns there is none. */
export const figuresOf = (row: Row | undefined): Figures =>
  row
    ? figures.parse(Object.fromEntries(Object.keys(NONE).map((name) => [name, row[name] === null ? null : Number(row[name])])))
    : NONE;

const MINUTE_FIELDS = new Set(Object.keys(minute.shape));
/** A row of `OF_SPAN` with its minute. */
export const minuteOf = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => MINUTE_FIELDS.has(name)));

/** The share of failed answers may double by chance where few turns are known. */
const FEW_TURNS = 30;
const percent = (part: number, whole: number): string => `${Number(((100 * part) / whole).toPrecision(2))} %`;

/** What the figures say, in a sentence; `before`: of the same span of time before. */
function turnsSentence(now: Figures, before: Figures, spanMs: number): string {
  const span = spanMs > 2 * HOUR_MS ? `${Math.round(spanMs / HOUR_MS)} hours` : `${Math.round(spanMs / MINUTE_MS)} minutes`;
  if (now.turns === 0)
    return before.turns > 0
      ? `No turn in the last ${span}; there were ${before.turns.toLocaleString('en-US')} in those before.`
      : `No turn in the last ${span}.`;
  const turns = `${now.turns.toLocaleString('en-US')} ${now.turns === 1 ? 'turn' : 'turns'} in the last ${span}`;
  if (now.known_turns === 0) return `${turns}; how they ended is not known.`;
  const share = percent(now.unhelped_turns, now.known_turns);
  const usual = before.known_turns >= FEW_TURNS ? `, ${percent(before.unhelped_turns, before.known_turns)} before` : '';
  return `${turns}; ${share} ended without what was asked for${usual}.`;
}

/** What is wrong comes first. */
export function sentenceOf(now: Figures, before: Figures, spanMs: number, openIncidents: number): string {
  const turns = turnsSentence(now, before, spanMs);
  if (openIncidents === 0) return turns;
  return `${openIncidents.toLocaleString('en-US')} ${openIncidents === 1 ? 'incident is' : 'incidents are'} open. ${turns}`;
}
