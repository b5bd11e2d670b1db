import { forecastOf, KEPT_DAYS, periodAt, type SpanSum } from '@telltale/domain-cost';
import { createDice, DAY_MS, type Dice, HOUR_MS } from '@telltale/kernel';
import { parse } from 'csv-parse/sync';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../read-csv';

interface Coverage {
  readonly forecasts: number;
  /** Share of sums at the end that the 80 % interval holds. */
  readonly held: number;
  readonly below: number;
  readonly above: number;
  /** Median of half the width of the interval, as a share of the sum. */
  readonly half_width: number;
  /** Median of how far the expected sum is off, as a share of the sum. */
  readonly off: number;
}
export interface BudgetsReport {
  readonly forecasts: Readonly<Record<string, Coverage>>;
}

const START = Date.parse('2026-01-01T00:00:00Z');
const DAYS = 90;
const SERIES = 500;
/** Days of a month on which it is forecast, at noon. */
const ASKED = [4, 8, 15, 22, 28];
const USUAL = 1e11;

/** Spend of one day after another, in nano-dollars. */
type Process = (dice: Dice) => (day: number) => number;
const lognormal = (dice: Dice, sigma: number): number => Math.exp(sigma * dice.normal() - sigma ** 2 / 2);
const isWeekend = (day: number): boolean => [0, 6].includes(new Date(START + day * DAY_MS).getUTCDay());

/** What spend of services looks like, as far as we know it: each holds for a part of them. */
const PROCESSES: Readonly<Record<string, Process>> = {
  steady: (dice) => () => USUAL * lognormal(dice, 0.25),
  weekdays: (dice) => (day) => USUAL * (isWeekend(day) ? 0.3 : 1) * lognormal(dice, 0.2),
  'grows 1 % a day': (dice) => (day) => USUAL * 1.01 ** day * lognormal(dice, 0.2),
  'bursts of five times': (dice) => () => USUAL * lognormal(dice, 0.2) * (dice.uniform() < 0.05 ? 5 : 1),
  'days like the day before': (dice) => {
    let state = 0;
    return () => USUAL * Math.exp((state = 0.6 * state + 0.2 * dice.normal()));
  },
  'drifts 4 % a day': (dice) => {
    let level = 1;
    return () => USUAL * (level *= Math.exp(0.04 * dice.normal())) * lognormal(dice, 0.1);
  },
};

interface Asked {
  readonly truth: number;
  readonly low: number;
  readonly high: number;
  readonly expected: number;
}

/** Forecasts of every whole month in a series, from no more than a service keeps. */
function forecastsIn(days: readonly (readonly [day: number, nano: number])[]): Asked[] {
  const of = new Map(days);
  const last = days.at(-1)?.[0] ?? 0;
  const months = [...new Set(days.map(([day]) => periodAt('month', day).start))].map((start) => periodAt('month', start));
  return months
    .filter(({ start, end }) => of.has(start - 14 * DAY_MS) && end - DAY_MS <= last)
    .flatMap((month) =>
      ASKED.flatMap((date) => {
        const today = month.start + (date - 1) * DAY_MS;
        const half = Math.round((of.get(today) ?? 0) / 2);
        const before = days.filter(([day]) => day < today && day >= today - KEPT_DAYS * DAY_MS);
        const sums = [...before, [today, half] as const].map(([day, nano]): SpanSum => [day, nano, 1, 0]);
        const spent = sums.reduce((sum, [day, nano]) => (day >= month.start ? sum + nano : sum), 0);
        const forecast = forecastOf(sums, spent, month, today + 12 * HOUR_MS);
        const truth = days.reduce((sum, [day, nano]) => (day >= month.start && day < month.end ? sum + nano : sum), 0);
        return forecast ? [{ truth, ...forecast }] : [];
      }),
    );
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rounded = (value: number): number => Number(value.toFixed(3));

function coverageOf(asked: readonly Asked[]): Coverage {
  const share = (is: (one: Asked) => boolean): number => rounded(asked.filter(is).length / Math.max(1, asked.length));
  return {
    forecasts: asked.length,
    held: share(({ truth, low, high }) => truth >= low && truth <= high),
    below: share(({ truth, low }) => truth < low),
    above: share(({ truth, high }) => truth > high),
    half_width: rounded(median(asked.map(({ truth, low, high }) => (high - low) / 2 / truth))),
    off: rounded(median(asked.map(({ truth, expected }) => Math.abs(expected - truth) / truth))),
  };
}

/** Values by day (UTC) of a file with a time and a value a row, whole days only. */
function daysOf(path: string): (readonly [day: number, value: number])[] {
  const rows = readCsv(path, (content) => parse(content, { columns: true }) as Record<string, string>[]);
  const sums = new Map<number, number>();
  for (const { timestamp = '', value } of rows) {
    const day = Date.parse(`${timestamp.slice(0, 10)}T00:00:00Z`);
    sums.set(day, (sums.get(day) ?? 0) + Math.round(Number(value)));
  }
  return [...sums].sort(([a], [b]) => a - b);
}

/** How often the 80 % interval of a month's end holds the sum: in simulated spend of several kinds, and in counted rides where there is data. */
export function evaluateBudgets(data: string, count = SERIES): Promise<BudgetsReport> {
  const simulated = Object.entries(PROCESSES).map(([name, process], nth) => {
    const dice = createDice(nth + 1);
    const series = Array.from({ length: count }, () => {
      const next = process(dice);
      return Array.from({ length: DAYS }, (_, day) => [START + day * DAY_MS, Math.round(next(day))] as const);
    });
    return [name, coverageOf(series.flatMap(forecastsIn))] as const;
  });
  const rides = join(data, 'nab', 'data', 'realKnownCause', 'nyc_taxi.csv');
  const real = data !== '' && existsSync(rides) ? [['taxi rides of a city (NAB)', coverageOf(forecastsIn(daysOf(rides)))] as const] : [];
  return Promise.resolve({ forecasts: Object.fromEntries([...simulated, ...real]) });
} // prettier-ignore
