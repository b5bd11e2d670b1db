import { type Cell, type Feature, fitLogistic, gainOf, logit, logLikelihood, sigmoid } from './logistic';
import { chanceOfGain, discoveries, total } from './statistics';
import { DIMENSIONS, type Pattern, type Value } from './values';

// Question 1: which values separate the turns that got worse. What was usual is a logistic model of the turns before; every value is then asked how much
// better the turns since are described if it made them worse, given that model and the causes already taken.

/** Values of one cause: one, or two that explain only together; none: all turns got worse alike. */
export interface Suspect {
  readonly values: readonly number[];
  /** Log-likelihood that it gains by itself, nats. */
  readonly gain: number;
  /** What it gains given the causes before it. */
  readonly conditionalGain: number;
  /** Of log odds. */
  readonly coefficient: number;
  /** `conditionalGain` with the evidence of changes. */
  readonly score: number;
  /** Part of the bad turns beyond the usual that it explains, 0 to 1. */
  readonly explained: number;
}

export interface Mix {
  readonly value: number;
  /** Of all turns, before and after. */
  readonly shareBefore: number;
  readonly shareAfter: number;
  /** Part of the rise that its growth explains. */
  readonly explained: number;
}

export interface Contrast {
  readonly causes: readonly Suspect[];
  /** The other suspects, the strongest first, with what is left of them given the causes. */
  readonly others: readonly Suspect[];
  readonly mixes: readonly Mix[];
  /** Bad turns since the onset beyond what the model of before expects of these turns. */
  readonly excess: number;
  /** Of the rise of the bad share, the part that follows from other turns being asked, 0 to 1. */
  readonly mixShare: number;
  readonly hasBefore: boolean;
}

/** False discovery rate among values. */
const FALSE_RATE = 0.01;
/** Least log-likelihood a cause gains: about one in 30,000 by chance, for thresholds and onsets were chosen too. */
const LEAST_GAIN = 8;
const LEAST_EXPLAINED = 0.05;
/** Bad turns of a cause: fewer are an odd turn or two, whatever their ratio. */
const LEAST_BAD = 5;
/** A value of this part of the turns is one of all. */
const OF_ALL = 0.97;
const MAX_CAUSES = 3;
/** Values whose pairs are looked at. */
const PAIRED = 14;
/** Both values of a pair have turns outside it: at least this part. */
const LEAST_OUTSIDE = 0.08;
/** Turns before from which a usual is learned. */
const LEAST_BEFORE = 40;
/** A condition must beat every cause by this factor, since it may follow from one. */
const CONDITION_FACTOR = 1.3;
const RIDGE = 1;
/** Standard errors from which a habit of turns before is believed. */
const LEAST_HABIT = 2.5;

export function contrast(
  values: readonly Value[],
  patterns: readonly Pattern[],
  evidence: readonly number[],
  leastGain = LEAST_GAIN,
): Contrast {
  const features: Feature[] = values.map(() => []);
  patterns.forEach(({ has }, cell) => has.forEach((value) => (features[value] as number[] | undefined)?.push(cell)));
  const beforeCells = patterns.map(({ has, before }): Cell => ({ has, ...before }));
  const cells = patterns.map(({ has, after }): Cell => ({ has, ...after }));
  const sumOf = (list: readonly Cell[], kind: 'bad' | 'good'): number => list.reduce((sum, cell) => sum + cell[kind], 0);
  const wasTotal = { bad: sumOf(beforeCells, 'bad'), good: sumOf(beforeCells, 'good') };
  const isTotal = { bad: sumOf(cells, 'bad'), good: sumOf(cells, 'good') };
  const hasBefore = total(wasTotal) >= LEAST_BEFORE;
  const reference = hasBefore ? wasTotal : isTotal;
  const base = new Float64Array(patterns.length).fill(logit((reference.bad + 0.5) / (total(reference) + 1)));
  const all = patterns.map((_, i) => i);
  // Conditions and signs may follow from the cause: what they changed would count as usual.
  const ridges = [1e-3, ...features.map(() => RIDGE)];
  /** What is new near the onset has no habits. */
  const isNews = (i: number): boolean => (evidence[i] ?? 0) > 0;
  const isCause = (i: number): boolean => DIMENSIONS[values[i]?.dimension ?? 'fingerprint'] === 'cause';
  const habits = hasBefore
    ? fitLogistic(beforeCells, [all, ...features.map((feature, i) => (isCause(i) && !isNews(i) ? feature : []))], base, ridges)
    : null;
  const usual = habits?.logOdds ?? base;
  // A condition or a sign that always came with bad turns is no news.
  const usualWithAll = hasBefore ? fitLogistic(beforeCells, [all, ...features], base, ridges).logOdds : base;

  const isSign = (i: number): boolean => DIMENSIONS[values[i]?.dimension ?? 'fingerprint'] === 'sign';
  const isCondition = (i: number): boolean => DIMENSIONS[values[i]?.dimension ?? 'fingerprint'] === 'condition';
  const totals = features.map((feature) => feature.reduce((sum, i) => sum + total(cells[i] ?? { bad: 0, good: 0 }), 0));
  const expected = cells.reduce((sum, cell, i) => sum + total(cell) * sigmoid(usual[i] ?? 0), 0);
  const excess = isTotal.bad - expected;
  const evidenceOf = (list: readonly number[]): number => Math.max(0, ...list.map((i) => evidence[i] ?? 0)) + Math.min(0, ...list.map((i) => evidence[i] ?? 0)); // prettier-ignore

  interface Option {
    readonly values: readonly number[];
    readonly feature: Feature;
    readonly prior: number;
  }
  /** A value of all turns says no more than that there are turns, unless it is new. */
  const isOfAll = (i: number): boolean => (totals[i] ?? 0) >= OF_ALL * total(isTotal) && (evidence[i] ?? 0) <= 0;
  const badIn = (feature: Feature): number => feature.reduce((sum, i) => sum + (cells[i]?.bad ?? 0), 0);
  // One of many values fits better by chance than all turns together, which is one suspect.
  const news = values.filter((_, i) => isNews(i)).length;
  const singles: Option[] = values
    .map((_, i) => ({
      values: [i],
      feature: features[i] ?? [],
      prior: evidenceOf([i]) - Math.log(Math.max(1, isNews(i) ? news : values.length - news)),
    }))
    .filter(({ values: [i = 0], feature }) => !isOfAll(i) && badIn(feature) >= LEAST_BAD);
  const everything: Option = { values: [], feature: all, prior: 0 };
  const gainAt = (option: Option, odds: Float64Array, withAll: Float64Array) => {
    const { gain, coefficient } = gainOf(cells, option.feature, odds);
    const beyond = option.values.every(isCause) ? gain : Math.min(gain, risen(gainOf(cells, option.feature, withAll)));
    return coefficient > 0 ? { gain: beyond, coefficient } : { gain: 0, coefficient };
  };
  const risen = ({ gain, coefficient }: { readonly gain: number; readonly coefficient: number }): number =>
    coefficient > 0 ? gain : 0;

  /** Two values whose common turns got worse while their other turns did not. */
  function pairsOf(ranked: readonly { readonly option: Option; readonly gain: number }[]): Option[] {
    const top = ranked.filter(({ option, gain }) => gain > 1 && option.values.length === 1 && !isSign(option.values[0] ?? 0)).slice(0, PAIRED);
    return top.flatMap(({ option: a }, i) =>
      top.slice(i + 1).flatMap(({ option: b }): Option[] => {
        const [x, y] = [a.values[0] ?? 0, b.values[0] ?? 0];
        const inB = new Set(b.feature);
        const feature = a.feature.filter((cell) => inB.has(cell));
        const both = feature.reduce((sum, cell) => sum + total(cells[cell] ?? { bad: 0, good: 0 }), 0);
        const isOwn = [x, y].every((one) => both < (1 - LEAST_OUTSIDE) * (totals[one] ?? 0));
        return isOwn && badIn(feature) >= LEAST_BAD ? [{ values: [x, y], feature, prior: evidenceOf([x, y]) }] : [];
      }),
    );
  } // prettier-ignore

  const taken: Option[] = [];
  let [odds, oddsWithAll] = [usual, usualWithAll];
  while (taken.length < MAX_CAUSES) {
    const known = new Set(taken.flatMap((option) => option.values));
    const open = (hasBefore ? [...singles, everything] : singles).filter(
      (option) => !taken.includes(option) && !(option.values.length === 1 && known.has(option.values[0] ?? -1)),
    );
    const ranked = open.map((option) => ({ option, ...gainAt(option, odds, oddsWithAll) })).sort((a, b) => b.gain - a.gain);
    const found = discoveries(
      ranked.map(({ gain }) => chanceOfGain(gain)),
      FALSE_RATE,
    );
    const passes = ranked.slice(0, found).filter(({ gain }) => gain >= leastGain);
    const pairs = pairsOf(ranked).map((option) => ({ option, ...gainAt(option, odds, oddsWithAll) }));
    const penalty = 2 + Math.log(Math.max(1, pairs.length)) + Math.log(Math.max(1, values.length));
    const together = pairs.filter(({ option: { values: both }, gain }) => {
      const apart = Math.max(...both.map((i) => ranked.find(({ option }) => option.values.length === 1 && option.values[0] === i)?.gain ?? 0));
      return gain - penalty > Math.max(leastGain, apart - Math.log(Math.max(1, values.length)) + 1);
    }); // prettier-ignore
    const rate = ({ option, gain }: { option: Option; gain: number }): number =>
      gain + option.prior - (option.values.length === 2 ? penalty : 0);
    const options = [...passes, ...together].sort((a, b) => rate(b) - rate(a));
    const isOf =
      (is: (i: number) => boolean) =>
      ({ option }: { option: Option }): boolean =>
        option.values.some(is);
    const bestCause = options.find((one) => !isOf(isSign)(one) && !isOf(isCondition)(one));
    const bestCondition = options.find((one) => !isOf(isSign)(one) && isOf(isCondition)(one));
    const chosen =
      bestCondition && (!bestCause || rate(bestCondition) > CONDITION_FACTOR * rate(bestCause) + 2)
        ? bestCondition
        : (bestCause ?? options[0]);
    if (!chosen) break;
    // What is left is a small part, or only its sign is left.
    const explains = explainedBy(chosen.option.feature, odds, chosen.coefficient);
    if (taken.length > 0 && (explains < LEAST_EXPLAINED * Math.max(excess, 1) || chosen.option.values.some(isSign))) break;
    taken.push(chosen.option);
    const takenFeatures = taken.map(({ feature }) => feature);
    odds = fitLogistic(cells, takenFeatures, usual, 0.1).logOdds;
    oddsWithAll = fitLogistic(cells, takenFeatures, usualWithAll, 0.1).logOdds;
  }

  function explainedBy(feature: Feature, from: Float64Array, coefficient: number): number {
    return feature.reduce((sum, i) => {
      const x = from[i] ?? 0;
      return sum + total(cells[i] ?? { bad: 0, good: 0 }) * (sigmoid(x + coefficient) - sigmoid(x));
    }, 0);
  }

  const joint = fitLogistic(cells, taken.map(({ feature }) => feature), usual, 0.1); // prettier-ignore
  const shareOfExcess = (turns: number): number => Math.max(0, Math.min(1, turns / Math.max(excess, 1)));
  const causes = taken.map((option, i): Suspect => {
    const coefficient = joint.coefficients[i] ?? 0;
    const without = fitLogistic(cells, taken.filter((one) => one !== option).map(({ feature }) => feature), usual, 0.1); // prettier-ignore
    const conditionalGain = Math.max(0, logLikelihood(cells, joint.logOdds) - logLikelihood(cells, without.logOdds));
    return {
      values: option.values,
      gain: gainAt(option, usual, usualWithAll).gain,
      conditionalGain,
      coefficient,
      score: conditionalGain + option.prior,
      explained: shareOfExcess(explainedBy(option.feature, without.logOdds, coefficient)),
    };
  });
  const firstGains = (hasBefore ? [...singles, everything] : singles).map((option) => ({
    option,
    ...gainAt(option, usual, usualWithAll),
  }));
  const others = firstGains
    .filter(({ option, gain }) => gain > 1 && !taken.includes(option))
    .map(({ option, gain, coefficient }): Suspect => ({
      values: option.values,
      gain,
      conditionalGain: gainAt(option, joint.logOdds, oddsWithAll).gain,
      coefficient,
      score: gain + option.prior,
      explained: shareOfExcess(explainedBy(option.feature, usual, coefficient)),
    }))
    .sort((a, b) => b.score - a.score);

  return {
    causes: causes.sort((a, b) => b.explained - a.explained),
    others,
    ...mixOf(),
    excess,
    hasBefore,
  };

  /** How surely turns with the value were always worse: its coefficient in standard errors. */
  function habitOf(value: number): number {
    const information = (features[value] ?? []).reduce((sum, i) => {
      const p = sigmoid(usual[i] ?? 0);
      return sum + total(beforeCells[i] ?? { bad: 0, good: 0 }) * p * (1 - p);
    }, 0);
    return (habits?.coefficients[1 + value] ?? 0) * Math.sqrt(information);
  }

  /** What the change of traffic explains: the model of before, over the turns of before and of since. */
  function mixOf(): Pick<Contrast, 'mixes' | 'mixShare'> {
    const [was, is] = [total(wasTotal), total(isTotal)];
    if (!hasBefore || is === 0) return { mixes: [], mixShare: 0 };
    const rise = isTotal.bad / is - wasTotal.bad / was;
    const mixed = expected / is - wasTotal.bad / was;
    if (rise <= 0 || mixed <= 0) return { mixes: [], mixShare: 0 };
    // How much one log odds changes the bad share of these turns. Coefficients, not shares: a bystander of what grows has none.
    const slope = cells.reduce((sum, cell, i) => sum + total(cell) * sigmoid(usual[i] ?? 0) * sigmoid(-(usual[i] ?? 0)), 0) / is;
    const mixes = values.map((_, value): Mix & { moved: number } => {
      const feature = features[value] ?? [];
      const sum = (of: (i: number) => number): number => feature.reduce((all, i) => all + of(i), 0);
      const shareBefore = sum((i) => total(beforeCells[i] ?? { bad: 0, good: 0 })) / was;
      const shareAfter = sum((i) => total(cells[i] ?? { bad: 0, good: 0 })) / is;
      const moved = (shareAfter - shareBefore) * (habits?.coefficients[1 + value] ?? 0) * slope;
      return { value, shareBefore, shareAfter, moved, explained: Math.max(0, Math.min(1, moved / rise)) };
    });
    const growing = mixes.filter(({ shareBefore, shareAfter, moved, value }) => moved > 0 && shareAfter > shareBefore && isCause(value) && !isNews(value) && habitOf(value) >= LEAST_HABIT);
    return {
      mixes: growing.sort((a, b) => b.moved - a.moved).slice(0, 5).map(({ value, shareBefore, shareAfter, explained }) => ({ value, shareBefore, shareAfter, explained })),
      mixShare: Math.min(1, mixed / rise),
    };
  } // prettier-ignore
}
