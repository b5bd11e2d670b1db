import { type Axis, axisOf, hasValue } from './dimensions';
import { exploreOf } from './explore-link';
import { type Candidate, type Opened } from './panel';
import { EVENTS, MEASURES, type Scope, seriesSql, TURNS, whereOf } from './panel-sql';
import { serviceOf } from './overview';
import {
  type DimensionShape,
  type Effect,
  evennessOf,
  meanEffect,
  type Moments,
  type Shape,
  shareEffect,
  type ValueShape,
} from './shape';
import { msWords, named, shareWords, timesWords, usdWords } from './words';

/** Why a dimension has no panel. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Of the rows that have a dimension, what its frequent values must cover: else it names single things. */
const LEAST_COVERED = 0.6;
/** A value of fewer rows is named in no sentence. */
const FEW_ROWS = 5;
/** What a dimension explains of a difference, at least, to be worth looking at. */
const LEAST_EXPLAINED = 0.005;
/** A second panel of a dimension is worth less than the first of another. */
const SECOND = 0.6;

interface Found {
  readonly what: 'share' | 'duration' | 'cost';
  readonly effect: Effect;
}

const typical = ({ n, sum }: Moments): number => Math.exp(sum / Math.max(1, n));

/** The values that are lowest and highest in a measure, of those with more than a few rows. */
function extremes(values: readonly ValueShape[], rowsOf: (value: ValueShape) => number, of: (value: ValueShape) => number) {
  const among = (least: number) => {
    const seen = values.filter((value) => rowsOf(value) >= least).sort((a, b) => of(a) - of(b));
    return { low: seen[0], high: seen.at(-1) };
  };
  const { low, high } = among(FEW_ROWS);
  // Where the frequent ones are alike, a rare one makes the difference.
  return low && high && of(low) < of(high) ? { low, high } : among(1);
}

function reasonOf({ what, effect }: Found, axis: Axis, values: readonly ValueShape[]): string {
  const explains = `${axis.words} explains ${shareWords(effect.explained)} of the difference between ${axis.of === 'turns' ? 'turns' : 'calls'}`;
  if (what === 'share') {
    const share = ({ bad, known }: ValueShape): number => bad / Math.max(1, known);
    const { low, high } = extremes(values, ({ known }) => known, share);
    if (!low || !high) return `${explains}.`;
    return `From ${shareWords(share(low))} (${named(low.value)}) to ${shareWords(share(high))} (${named(high.value)}); ${explains}.`;
  }
  const [moments, words] = what === 'duration' ? [(value: ValueShape) => value.duration, msWords] : [(value: ValueShape) => value.cost, usdWords]; // prettier-ignore
  const { low, high } = extremes(values, (value) => moments(value).n, (value) => typical(moments(value))); // prettier-ignore
  if (!low || !high) return `${explains}.`;
  const [least, most] = [typical(moments(low)), typical(moments(high))];
  return `Typically ${words(least)} (${named(low.value)}) to ${words(most)} (${named(high.value)}), ${timesWords(most / Math.max(1e-9, least))} as much; ${explains}.`;
}

const TITLES: Readonly<Record<Axis['of'], Readonly<Record<Found['what'], string>>>> = {
  turns: { share: 'What share of turns ends without what was asked for', duration: 'How long do turns take (p95)', cost: 'What does a turn cost' },
  events: { share: 'What share of calls fails', duration: 'How long do calls take (p95)', cost: 'What does a call cost' },
}; // prettier-ignore
/** What counts more: that people are not helped, before that they wait, before what it costs. */
const WORTH = { share: [0.55, 0.45], duration: [0.3, 0.5], cost: [0.3, 0.4] } as const;
const UNITS = { share: 'share', duration: 'ms', cost: 'usd' } as const;

function expressionOf(axis: Axis, what: Found['what']): string {
  if (what === 'share') return axis.of === 'turns' ? MEASURES.unhelped : MEASURES.failed;
  return what === 'duration' ? MEASURES.p95 : MEASURES.usdEach;
}

const MEASURED = {
  share: {},
  mix: {},
  duration: { measure: 'duration_ms', aggregation: 'p95' },
  cost: { measure: 'cost_nano_usd', aggregation: 'avg' },
} as const;
/** The same rows in Explore, by the same values. */
const openOf = (scope: Scope, { of, field }: Axis, what: Found['what'] | 'mix'): Opened =>
  exploreOf(scope, { of, by: what === 'share' ? `${field},${of === 'turns' ? 'outcome' : 'status'}` : field, ...MEASURED[what] });

interface Weighed {
  readonly scope: Scope;
  readonly axis: Axis;
  readonly found: DimensionShape;
  /** Part of the rows of its table that have the dimension. */
  readonly coverage: number;
}

function effectPanel({ scope, axis, found, coverage }: Weighed, one: Found, nth: number): Candidate {
  const source = axis.of === 'turns' ? TURNS : EVENTS;
  const [least, more] = WORTH[one.what];
  const root = axis.of === 'turns' && one.what === 'duration' ? ['has_root'] : [];
  return {
    id: `${found.name}-${one.what}`,
    title: `${TITLES[axis.of][one.what]}, by ${axis.words}?`,
    why: reasonOf(one, axis, found.values),
    form: 'line',
    unit: UNITS[one.what],
    sql: seriesSql({ source, where: whereOf(scope, source, hasValue(axis), ...root), by: axis.column, values: { [one.what === 'share' ? 'part' : one.what]: expressionOf(axis, one.what) } }),
    ...serviceOf(scope),
    open: openOf(scope, axis, one.what),
    score: (least + more * Math.sqrt(one.effect.explained)) * (0.3 + 0.7 * coverage) * SECOND ** nth,
  };
} // prettier-ignore

function mixPanel({ scope, axis, found, coverage }: Weighed): Candidate {
  const source = axis.of === 'turns' ? TURNS : EVENTS;
  const [first] = found.values;
  return {
    id: `${found.name}-mix`,
    title: `How many ${axis.of === 'turns' ? 'turns' : 'calls'} a minute, by ${axis.words}?`,
    why: `${found.distinct} values, the most frequent ${named(first?.value ?? '')}; none of them stands out in how it ends, takes or costs.`,
    form: 'bar',
    unit: 'per_minute',
    sql: seriesSql({
      source,
      where: whereOf(scope, source, hasValue(axis)),
      by: axis.column,
      values: { calls: MEASURES.perMinute },
    }),
    ...serviceOf(scope),
    open: openOf(scope, axis, 'mix'),
    score: 0.2 * evennessOf(found.values) * coverage,
  };
}

/** What the values of a dimension tell apart, most of all first. */
function effectsOf({ values }: DimensionShape): Found[] {
  const all: Found[] = [
    { what: 'share', effect: shareEffect(values) },
    { what: 'duration', effect: meanEffect(values.map(({ duration }) => duration)) },
    { what: 'cost', effect: meanEffect(values.map(({ cost }) => cost)) },
  ];
  return all
    .filter(({ effect }) => effect.isClear && effect.explained >= LEAST_EXPLAINED)
    .sort((a, b) => b.effect.explained - a.effect.explained);
}

/** Dimensions that split the rows in the same way are one. */
const partitionOf = ({ of, values }: DimensionShape): string =>
  `${of} ${values.map(({ rows, bad }) => `${rows}/${bad}`).join(' ')}`;

function problemOf({ distinct, rows, values }: DimensionShape): string | null {
  if (distinct < 2) return `has one value only: ${named(values[0]?.value ?? '')}`;
  const covered = values.reduce((sum, one) => sum + one.rows, 0) / Math.max(1, rows);
  return covered < LEAST_COVERED ? `has ${distinct} values, most of them of few rows: it names single things` : null;
}

/** Panels for what varies: of each dimension what its values tell apart, or how much there is of each. */
export function dimensionPanels(scope: Scope, shape: Shape): { panels: Candidate[]; leftOut: LeftOut[] } {
  const panels: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Map<string, string>();
  for (const found of shape.dimensions) {
    const axis = axisOf(found.name);
    if (axis === null) continue;
    const [problem, partition] = [problemOf(found), partitionOf(found)];
    const same = seen.get(partition);
    if (problem !== null || same !== undefined) {
      leftOut.push({ name: axis.words, reason: problem ?? `splits the rows just as ${same ?? ''} does` });
      continue;
    }
    seen.set(partition, axis.words);
    const ofKind = axis.of === 'turns' ? shape.turns.rows : Math.max(found.rows, shape.turns.rows);
    const weighed: Weighed = { scope, axis, found, coverage: Math.min(1, found.rows / Math.max(1, ofKind)) };
    const effects = effectsOf(found);
    // What share of turns each service leaves unhelped is asked of every bot already.
    const own = effects.filter(({ what }) => found.name !== 'service' || what !== 'share');
    panels.push(...own.slice(0, 2).map((one, nth) => effectPanel(weighed, one, nth)));
    if (effects.length === 0) panels.push(mixPanel(weighed));
  }
  return { panels, leftOut };
}
