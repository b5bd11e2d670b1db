import { groupBy } from '@telltale/kernel';
import { decompose, type Part, type Parts, PARTS } from './decompose';
import { type Figures, figuresOf, mergeFacts, nanoOf, type PeriodFacts } from './facts';

/** The traffic with one value of a dimension. */
export interface Slice {
  readonly dimension: string;
  readonly value: string;
  /** Values of one family take each other's place: versions of a service, of a prompt. */
  readonly family?: string;
  /** turn: a turn has one value, so how many turns have it says something; call: it says only which calls were made. */
  readonly level: 'turn' | 'call';
  readonly before: PeriodFacts;
  readonly after: PeriodFacts;
}

export interface ExplainedSlice {
  readonly dimension: string;
  readonly value: string;
  readonly before_nano_usd: number;
  readonly after_nano_usd: number;
  readonly change_nano_usd: number;
  /** Of the whole change; above 1 where other slices changed the other way. */
  readonly share_of_change: number | null;
  readonly parts: Parts;
}

export interface Cause {
  readonly dimension: string;
  readonly value: string;
  readonly part: Part;
  readonly nano_usd: number;
  readonly share_of_change: number;
  /** Values of the dimension that the slice has afterwards, and their family. */
  readonly values: readonly string[];
  readonly family: string | undefined;
  readonly before: Figures;
  readonly after: Figures;
}

export interface Explanation {
  readonly before_nano_usd: number;
  readonly after_nano_usd: number;
  readonly change_nano_usd: number;
  readonly parts: Parts;
  /** Those that changed most, the greatest first. */
  readonly slices: readonly ExplainedSlice[];
  /** What explains most of the change by the smallest slice, the best first. */
  readonly causes: readonly Cause[];
}

export const ALL = 'all';
const MAX_SLICES = 20;
const MAX_CAUSES = 5;
/** A cause explains at least this share of the change. */
const LEAST_SHARE = 0.05;
/** What a slice loses for its share of the spend before: of two that explain the same, the smaller one is the cause. */
const BREADTH_WEIGHT = 0.2;
/** What a slice gains whose value came newly: of two that explain the same, what changed is the cause. */
const NEWNESS_WEIGHT = 0.05;
/** What it loses for explaining more than there is. */
const OVERSHOOT_WEIGHT = 0.5;
const VOLUME: ReadonlySet<Part> = new Set(['sessions', 'turns_per_session', 'calls_per_turn', 'model_mix']);

/** A slice of one value, or of several of a family. */
type MergedSlice = Slice & { readonly values: readonly string[] };
const alone = (slice: Slice): MergedSlice => ({ ...slice, values: [slice.value] });

/** Values of a family of which some are new and others were used less become one slice, `old → new`. */
function withSuccessions(slices: readonly Slice[]): MergedSlice[] {
  const result = slices.filter(({ family }) => family === undefined).map(alone);
  const inFamilies = slices.filter(({ family }) => family !== undefined);
  for (const family of groupBy(inFamilies, ({ dimension, family: name }) => JSON.stringify([dimension, name])).values()) {
    const isNew = ({ before, after }: Slice): boolean => nanoOf(before) === 0 && nanoOf(after) > 0;
    const fell = family.filter(({ before, after }) => nanoOf(after) < nanoOf(before));
    const came = family.filter(isNew);
    const [sample] = family;
    if (!sample || fell.length === 0 || came.length === 0) {
      result.push(...family.map(alone));
      continue;
    }
    const moved = new Set([...fell, ...came]);
    result.push(...family.filter((slice) => !moved.has(slice)).map(alone), {
      ...sample,
      value: `${fell.map(({ value }) => value).join(', ')} → ${came.map(({ value }) => value).join(', ')}`,
      values: came.map(({ value }) => value),
      before: mergeFacts([...moved].map(({ before }) => before)),
      after: mergeFacts([...moved].map(({ after }) => after)),
    });
  }
  return result;
}

interface Judged {
  readonly cause: Cause;
  readonly score: number;
}

/** What a part of a slice explains. Growth everywhere is no news of a slice; turns in more and in longer sessions are one thing, traffic. */
function explainedBy(part: Part, parts: Parts, before: number, growth: number): number {
  const { sessions, turns_per_session: turns } = parts;
  const isTraffic = sessions * turns > 0 && Math.abs(sessions) >= Math.abs(turns);
  if (part === 'sessions') return sessions - growth * before + (isTraffic ? turns : 0);
  return part === 'turns_per_session' && isTraffic ? 0 : parts[part];
}

/**
 * Why spend changed between two periods: by part, by slice, and the causes, that is the part of a slice that explains most of the change with the
 * smallest slice. `slices` may overlap, as each call has a value of every dimension.
 */
export function explainChange(before: PeriodFacts, after: PeriodFacts, slices: readonly Slice[]): Explanation {
  const parts = decompose(before, after);
  const [nanoBefore, nanoAfter] = [nanoOf(before), nanoOf(after)];
  const change = nanoAfter - nanoBefore;
  const growth = nanoBefore > 0 ? parts.sessions / nanoBefore : 0;
  const merged = withSuccessions(slices);
  const explained = merged.map((slice) => {
    const [was, is] = [nanoOf(slice.before), nanoOf(slice.after)];
    const shown: ExplainedSlice = {
      dimension: slice.dimension,
      value: slice.value,
      before_nano_usd: was,
      after_nano_usd: is,
      change_nano_usd: is - was,
      share_of_change: change === 0 ? null : (is - was) / change,
      parts: decompose(slice.before, slice.after),
    };
    return { slice, shown };
  });

  const judged: Judged[] = [];
  const judge = (slice: MergedSlice, part: Part, nano: number, base: number): void => {
    const share = nano / change;
    if (change === 0 || share < LEAST_SHARE) return;
    const breadth = nanoBefore > 0 ? base / nanoBefore : 0;
    const newness = slice.values.includes(slice.value) ? 0 : NEWNESS_WEIGHT;
    const score = Math.min(share, 1) + newness - BREADTH_WEIGHT * breadth - OVERSHOOT_WEIGHT * Math.max(0, share - 1);
    const { dimension, value, values, family } = slice;
    const figures = { before: figuresOf(slice.before), after: figuresOf(slice.after) };
    judged.push({ cause: { dimension, value, part, nano_usd: Math.round(nano), share_of_change: share, values, family, ...figures }, score }); // prettier-ignore
  };
  const everything: MergedSlice = { dimension: ALL, value: '', values: [''], level: 'turn', before, after };
  for (const part of PARTS) judge(everything, part, explainedBy(part, parts, 0, 0), nanoBefore);
  for (const {
    slice,
    shown: { parts: own, before_nano_usd: base },
  } of explained)
    for (const part of PARTS)
      if (slice.level === 'turn' || !VOLUME.has(part)) judge(slice, part, explainedBy(part, own, base, growth), base);

  const causes: Cause[] = [];
  for (const { cause } of judged.sort((a, b) => b.score - a.score)) {
    if (causes.length === MAX_CAUSES) break;
    // The same part seen from another dimension is the same event; another value of the same dimension is another one.
    if (!causes.some(({ part, dimension }) => part === cause.part && dimension !== cause.dimension)) causes.push(cause);
  }
  const shown = explained.map((one) => one.shown).sort((a, b) => Math.abs(b.change_nano_usd) - Math.abs(a.change_nano_usd));
  return {
    before_nano_usd: nanoBefore,
    after_nano_usd: nanoAfter,
    change_nano_usd: change,
    parts,
    slices: shown.slice(0, MAX_SLICES),
    causes,
  };
}
