import { type Operations } from '@telltale/api-client';
import { timeOf } from '../../format/times';
import { type Point, type Span } from '../../design/chart/time-series';
import { type AnomalyRow, type ExpectedRange } from './questions';
import { nameOfChannel } from './series-words';

type Maintenance = Operations['listMaintenance']['answer']['maintenance'][number];
type Holidays = Operations['listHolidays']['answer']['holidays'][number];
type Window = Operations['listWindows']['answer']['windows'][number];

const DAY = 86_400_000;
/** A band is drawn where so many runs were measured, and so much of them lay in it. */
const LEAST_RUNS = 50;
const LEAST_WITHIN = 0.9;

const isOf = (service: string, given: string): boolean => given === '' || given === service;

/** Anomalies of a series, from their first window to their last. */
export const anomalySpans = (anomalies: readonly AnomalyRow[], now: number): Span[] =>
  anomalies.map(({ started_at: from, ended_at: to, channel, summary }) => ({
    from: timeOf(from),
    to: to === null ? now : timeOf(to),
    text: summary || `anomaly: ${nameOfChannel(channel)}`,
    tone: 'bad',
  }));

/** Planned work of a service. What was taken back counts until then. */
export const maintenanceSpans = (all: readonly Maintenance[], service: string): Span[] =>
  all.flatMap(({ service_name: of, from_at: from, until_at: until, reason, state, recorded_at: recorded }) => {
    if (from === null || until === null || !isOf(service, of)) return [];
    const to = state === 'ended' ? Math.min(timeOf(until), timeOf(recorded)) : timeOf(until);
    return to > timeOf(from) ? [{ from: timeOf(from), to, text: `maintenance: ${reason}`, tone: 'warn' as const }] : [];
  });

/** Holidays of a service, by the clock that each list names. */
export const holidaySpans = (all: readonly Holidays[], service: string): Span[] =>
  all.flatMap(({ service_name: of, dates, utc_offset: offset, name, state, recorded_at: recorded }) =>
    isOf(service, of)
      ? dates.flatMap((date): Span[] => {
          const from = Date.parse(`${date}T00:00:00${offset}`);
          const to = state === 'ended' ? Math.min(from + DAY, timeOf(recorded)) : from + DAY;
          return to > from ? [{ from, to, text: `holiday: ${name}`, tone: 'quiet' }] : [];
        })
      : [],
  );

export interface Drawn {
  readonly value: Point[];
  readonly expected: Point[];
  readonly band: (readonly [at: number, low: number, high: number])[];
  /** What the band covers, in words; or why there is none. */
  readonly says: string;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** A series as it is drawn: its runs in the range that was expected of them, where that was measured; else its windows alone. */
export function drawn(windows: readonly Window[], range: ExpectedRange | undefined): Drawn {
  const alone = (says: string): Drawn => ({
    value: [...windows].reverse().map(({ window_start: at, p50 }) => [timeOf(at), p50]),
    expected: windows
      .flatMap(({ window_start: at, expected }): Point[] => (expected === null ? [] : [[timeOf(at), expected]]))
      .reverse(),
    band: [],
    says,
  });
  if (range === undefined) return alone('');
  if (range.runs === 0)
    return alone('No range: the detector does not know this series well enough yet, or has none for this metric.');
  const share = range.within / range.runs;
  const measured = `${range.within.toLocaleString('en-US')} of ${range.runs.toLocaleString('en-US')} runs (${percent(share)}) lay in it`;
  if (range.runs < LEAST_RUNS)
    return alone(`No range is drawn: it was measured on ${range.runs} runs only, and takes ${LEAST_RUNS}.`);
  if (share < LEAST_WITHIN) return alone(`No range is drawn: ${measured}, so it does not say what is usual here.`);
  const runs = range.shown.map(([at = 0, value = 0, expected = 0, low = 0, high = 0]) => ({ at, value, expected, low, high }));
  return {
    value: runs.map(({ at, value }) => [at, value]),
    expected: runs.map(({ at, expected }) => [at, expected]),
    band: runs.map(({ at, low, high }) => [at, low, high]),
    says: `The range that was expected before each run, as measured here: ${measured}.${range.is_thinned ? ' Of each of 1,000 equal spans the run that is furthest out is drawn.' : ''}`,
  };
}
