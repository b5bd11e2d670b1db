import { type WeighedChange } from './changes';
import { type Contrast, contrast, type Suspect } from './contrast';
import { type Moved } from './localize';
import { type Lift, liftOf, type Counts, total } from './statistics';
import { DIMENSIONS, type Pattern, sameValue, type Value } from './values';

/** What turns were asked about, counted. */
export interface Findings {
  readonly values: readonly Value[];
  readonly patterns: readonly Pattern[];
  readonly changes: readonly WeighedChange[];
  /** Operations that moved, `<kind> <name>`, most first; empty where none is known. */
  readonly moved: readonly Moved[];
  /** Log-likelihood that a cause must gain, nats; more where nobody saw a step. */
  readonly leastGain?: number;
}

export type CauseKind = 'values' | 'mix' | 'operation' | 'everything';

export interface Cause {
  readonly kind: CauseKind;
  /** One value, or two that explain only together; none where all turns got worse alike. */
  readonly values: readonly Value[];
  /** The operation in which it happens, `<kind> <name>`. */
  readonly operation: string | null;
  /** Of the bad turns beyond the usual, 0 to 1. */
  readonly explained: number;
  /** Bad share with it against without it; null for a mix of traffic and for everything. */
  readonly lift: Lift | null;
  /** Of turns since the onset. */
  readonly inside: Counts;
  /** Log-likelihood gained, nats. */
  readonly gain: number;
  /** The change that made it, where one is near the onset. */
  readonly change: WeighedChange | null;
  /** Values of the same turns, which nothing can tell apart from it. */
  readonly same: readonly Value[];
  /** How it shows: fingerprints, templates, conditions. */
  readonly signs: readonly Value[];
  readonly shares: { readonly before: number; readonly after: number };
  /** What the confidence is made of. */
  readonly support: Support;
}

export interface Support {
  /** Logarithm of how much better it explains than the next one that is none of its own values. */
  readonly margin: number;
  readonly explained: number;
  /** Evidence of its change, 0 where there is none. */
  readonly change: number;
  /** 1: the operation that moved is its own; -1: another one is; 0: unknown. */
  readonly agreement: number;
  /** 0 for the first. */
  readonly place: number;
}

export interface RuledOut {
  readonly value: Value;
  readonly gain: number;
  readonly left: number;
  readonly why: 'explained_by_cause' | 'little_evidence' | 'after_onset' | 'unchanged';
}

export interface Diagnosis {
  readonly causes: readonly Cause[];
  readonly ruledOut: readonly RuledOut[];
  readonly excess: number;
  readonly mixShare: number;
  readonly hasBefore: boolean;
}

const MAX_CAUSES = 5;
const MAX_RULED_OUT = 8;
/** An operation that did this part of what was added is where it happens. */
const OPERATION_SHARE = 0.5;
const OPERATION_DEVIATIONS = 4;
/** An operation that did this part is the cause where all turns got worse alike. */
const ALONE_SHARE = 0.8;
/** Turns of two values that are the same but for this part are the same. */
const SAME_TURNS = 0.98;
/** A sign has this part of the bad turns of its cause. */
const SIGN_SHARE = 0.5;
const LEAST_MIX = 0.3;
const LEAST_OUTSIDE = 20;

const sum = (list: readonly Counts[]): Counts => list.reduce<Counts>((all, { bad, good }) => ({ bad: all.bad + bad, good: all.good + good }), { bad: 0, good: 0 }); // prettier-ignore

/** Whether an operation is the work of a value: of a tool of its name, of a model or agent that its name holds. */
export function isOperationOf(operation: string, { dimension, value }: Value): boolean {
  const at = operation.indexOf(' ');
  const [kind, name] = [operation.slice(0, at), operation.slice(at + 1)];
  if (dimension === 'tool') return (kind === 'tool' || kind === 'mcp') && name === value;
  if (dimension === 'agent') return kind === 'agent' && name === value;
  if (dimension === 'model') return kind === 'llm' && (name === value || name.split(/[\s/:]/).includes(value));
  return false;
}

const KIND_DIMENSIONS: Readonly<Record<string, Value['dimension']>> = { tool: 'tool', mcp: 'tool', agent: 'agent' };

export function diagnose({ values, patterns, changes, moved, leastGain }: Findings): Diagnosis {
  const changeOf = (value: Value): WeighedChange | null =>
    changes.find(({ kind, value: name }) => kind === value.dimension && name === value.value) ?? null;
  const evidence = values.map((value) => changeOf(value)?.evidence ?? 0);
  const found = contrast(values, patterns, evidence, leastGain);
  const byValue: Pattern[][] = values.map(() => []);
  for (const pattern of patterns) for (const i of pattern.has) byValue[i]?.push(pattern);
  const sizes = byValue.map((list) => total(sum(list.map(({ after }) => after))));
  const turnsOf = ([first, ...rest]: readonly number[]): readonly Pattern[] =>
    first === undefined ? patterns : (byValue[first] ?? []).filter(({ has }) => rest.every((i) => has.includes(i)));
  const [allBefore, allAfter] = [sum(patterns.map(({ before }) => before)), sum(patterns.map(({ after }) => after))];
  const top = moved[0];
  const operation = top && top.share >= OPERATION_SHARE && top.deviations >= OPERATION_DEVIATIONS ? top.id : null;

  /** Values whose turns are those of the cause. */
  function sameAs(list: readonly number[]): Value[] {
    const own = new Set(turnsOf(list));
    const size = total(sum([...own].map(({ after }) => after)));
    return values.filter((_, i) => {
      if (list.includes(i) || DIMENSIONS[values[i]?.dimension ?? 'fingerprint'] !== 'cause') return false;
      if (Math.min(sizes[i] ?? 0, size) < SAME_TURNS * Math.max(sizes[i] ?? 0, size)) return false;
      const both = total(
        sum(
          turnsOf([i])
            .filter((pattern) => own.has(pattern))
            .map(({ after }) => after),
        ),
      );
      const either = size + (sizes[i] ?? 0) - both;
      return either > 0 && both / either >= SAME_TURNS;
    });
  }

  function signsOf(list: readonly number[]): Value[] {
    const inside = turnsOf(list);
    const own = sum(inside.map(({ after }) => after));
    return values
      .map((value, i) => {
        const with_ = sum(inside.filter(({ has }) => has.includes(i)).map(({ after }) => after));
        return { value, i, share: with_.bad / Math.max(1, own.bad), among: with_.good / Math.max(1, own.good) };
      })
      .filter(({ value, i, share, among }) => !list.includes(i) && DIMENSIONS[value.dimension] !== 'cause' && share >= SIGN_SHARE && share > 2 * among)
      .sort((a, b) => b.share - b.among - (a.share - a.among))
      .slice(0, 3)
      .map(({ value }) => value);
  } // prettier-ignore

  function causeOf(suspect: Suspect, shareOfRise: number): Omit<Cause, 'support'> {
    const inside = sum(turnsOf(suspect.values).map(({ after }) => after));
    const before = sum(turnsOf(suspect.values).map(({ before: was }) => was));
    const outside = { bad: allAfter.bad - inside.bad, good: allAfter.good - inside.good };
    const own = suspect.values.flatMap((i) => values[i] ?? []);
    const near = own.map(changeOf).filter((change) => change !== null && change.evidence > 0);
    return {
      kind: own.length === 0 ? 'everything' : 'values',
      values: own,
      operation,
      explained: suspect.explained * shareOfRise,
      // Where no turns are left without it, those of before are compared with.
      lift: own.length === 0 ? null : liftOf(inside, total(outside) >= LEAST_OUTSIDE ? outside : sum([outside, allBefore])),
      inside,
      gain: Math.max(suspect.conditionalGain, suspect.gain),
      change: near.sort((a, b) => (b?.evidence ?? 0) - (a?.evidence ?? 0))[0] ?? null,
      same: own.length === 0 ? [] : sameAs(suspect.values),
      signs: signsOf(suspect.values),
      shares: { before: total(before) / Math.max(1, total(allBefore)), after: total(inside) / Math.max(1, total(allAfter)) },
    };
  }

  const rateShare = 1 - found.mixShare;
  const first: Omit<Cause, 'support'>[] = found.causes.map((suspect) => causeOf(suspect, rateShare));
  // Where everything got worse alike, the operation says what the dimensions cannot.
  const resolved = first.map((cause) =>
    cause.kind === 'everything' && operation && (top?.share ?? 0) >= ALONE_SHARE ? atOperation(cause, operation) : cause,
  );
  const mixes = found.mixes
    .filter(() => found.mixShare >= LEAST_MIX)
    .flatMap(({ value, explained, shareBefore, shareAfter }): Omit<Cause, 'support'>[] => {
      const own = values[value];
      if (!own || explained < 0.1) return [];
      const base = causeOf({ values: [value], gain: 0, conditionalGain: 0, coefficient: 0, score: 0, explained }, 1);
      return [
        { ...base, kind: 'mix', operation: null, lift: null, signs: [], shares: { before: shareBefore, after: shareAfter } },
      ];
    });
  const alternatives = found.others
    .filter(({ values: list }) => list.every((i) => DIMENSIONS[values[i]?.dimension ?? 'fingerprint'] !== 'sign'))
    .slice(0, 2 * MAX_CAUSES)
    .map((suspect) => causeOf(suspect, rateShare));
  const own = [...resolved, ...mixes].sort((a, b) => b.explained - a.explained);
  const listed = own.length === 0 ? [] : distinct([...own, ...operationsOf(), ...alternatives]).slice(0, MAX_CAUSES);

  function atOperation(cause: Omit<Cause, 'support'>, id: string): Omit<Cause, 'support'> {
    const at = values.find((value) => isOperationOf(id, value));
    return at ? { ...cause, kind: 'values', values: [at] } : { ...cause, kind: 'operation' };
  }

  /** What moved within turns, as causes beside those that the contrast found. */
  function operationsOf(): Omit<Cause, 'support'>[] {
    return moved.slice(0, 2).filter(({ share, deviations }) => share >= 0.2 && deviations >= OPERATION_DEVIATIONS).map(({ id, share }) => {
      const known = values.findIndex((value) => isOperationOf(id, value));
      const base = causeOf({ values: known >= 0 ? [known] : [], gain: 0, conditionalGain: 0, coefficient: 0, score: 0, explained: share }, rateShare);
      return { ...base, kind: known >= 0 ? 'values' as const : 'operation' as const, operation: id };
    });
  } // prettier-ignore

  const best = Math.max(0, ...found.others.filter(({ values: list }) => !isPartOf(list)).map(({ score }) => score));
  function isPartOf(list: readonly number[]): boolean {
    const first = listed[0];
    return list.every((i) => {
      const value = values[i];
      if (!value || DIMENSIONS[value.dimension] === 'sign') return true;
      return [...(first?.values ?? []), ...(first?.same ?? [])].some((one) => sameValue(one, value));
    });
  }

  const causes = listed.map((cause, place): Cause => ({ ...cause, support: supportOf(cause, place, best, operation) }));
  return {
    causes,
    ruledOut: ruledOut(found, values, changes, causes),
    excess: found.excess,
    mixShare: found.mixShare,
    hasBefore: found.hasBefore,
  };
}

/** A diagnosis of one operation as one of the turns that call it: what all its calls have in common is the operation. */
export function withOperation(inside: Diagnosis, operation: string, whole: Diagnosis): Diagnosis {
  const kinds: Readonly<Record<string, Value['dimension']>> = { tool: 'tool', mcp: 'tool', agent: 'agent' };
  const at = operation.indexOf(' ');
  const dimension = kinds[operation.slice(0, at)];
  const named = dimension && { dimension, value: operation.slice(at + 1) };
  const known = [...whole.causes, ...inside.causes]
    .flatMap(({ values }) => values)
    .find((value) => isOperationOf(operation, value));
  const own = named ?? known;
  const placed = inside.causes.map((cause): Cause => {
    if (cause.kind !== 'everything' && cause.kind !== 'operation') return { ...cause, operation };
    return own ? { ...cause, kind: 'values', values: [own], operation } : { ...cause, kind: 'operation', operation };
  });
  const merged = distinct([...placed, ...whole.causes]).slice(0, MAX_CAUSES);
  return { ...inside, causes: merged.map((cause, place): Cause => ({ ...cause, support: { ...cause.support, place } })) };
}

function distinct<T extends Pick<Cause, 'kind' | 'values' | 'operation'>>(causes: readonly T[]): T[] {
  const keys = new Set<string>();
  return causes.filter((cause) => {
    const { kind, values, operation } = cause;
    const name = kind === 'operation' ? [operation] : values.map(({ dimension, value }) => [dimension, value]);
    const key = JSON.stringify([kind === 'mix', ...(values.length > 0 || kind === 'operation' ? name : [kind])]);
    const isNew = !keys.has(key);
    keys.add(key);
    return isNew;
  });
}

function supportOf(cause: Omit<Cause, 'support'>, place: number, best: number, operation: string | null): Support {
  const mapped = KIND_DIMENSIONS[operation?.split(' ')[0] ?? ''];
  const agrees = operation !== null && cause.values.some((value) => isOperationOf(operation, value));
  const disagrees = mapped !== undefined && !agrees && cause.values.some(({ dimension }) => dimension === mapped);
  const evidence = cause.gain + (cause.change?.evidence ?? 0);
  return {
    margin: Math.log((evidence + 1) / (best + 1)),
    explained: cause.explained,
    change: cause.change?.evidence ?? 0,
    agreement: agrees ? 1 : disagrees ? -1 : 0,
    place,
  };
}

function ruledOut(
  found: Contrast,
  values: readonly Value[],
  changes: readonly WeighedChange[],
  causes: readonly Cause[],
): RuledOut[] {
  const isCause = (value: Value): boolean =>
    causes.slice(0, 1).some((cause) => cause.values.some((one) => sameValue(one, value)));
  const seen = found.others.flatMap(({ values: list, gain, conditionalGain }): RuledOut[] => {
    const value = list.length === 1 ? values[list[0] ?? -1] : undefined;
    if (!value || isCause(value) || DIMENSIONS[value.dimension] === 'sign') return [];
    const late = changes.some(
      ({ kind, value: name, evidence }) => kind === value.dimension && name === value.value && evidence < 0,
    );
    const why = late ? 'after_onset' : gain < 5.5 ? 'little_evidence' : conditionalGain < gain / 2 ? 'explained_by_cause' : 'little_evidence'; // prettier-ignore
    return [{ value, gain, left: conditionalGain, why }];
  });
  const unmoved = changes.flatMap(({ kind, value: name, evidence }): RuledOut[] => {
    const value = values.find((one) => one.dimension === kind && one.value === name);
    if (!value || evidence <= 0 || isCause(value) || seen.some((one) => sameValue(one.value, value))) return [];
    return [{ value, gain: 0, left: 0, why: 'unchanged' }];
  });
  return [...unmoved.slice(0, 3), ...seen].slice(0, MAX_RULED_OUT);
}
