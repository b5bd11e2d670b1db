import { type Change, CHANGE_KINDS, type ChangeKind } from './changes';
import { type ValueCounts } from './values';

export interface SeenValue extends ValueCounts {
  /** ms since the epoch: the first turn with it in the time that is looked at. */
  readonly firstAt: number;
}

/** Turns that would have been seen before the first one, had the value always been there: fewer may be chance. */
const EXPECTED_EARLIER = 5;
const LEAST_TURNS = 5;

const isChangeKind = (name: string): name is ChangeKind => (CHANGE_KINDS as readonly string[]).includes(name);

/** Values that began in the time that is looked at: at the rate they have now they would have been seen earlier. */
export function newValues(
  values: readonly SeenValue[],
  { since, onset, until }: { readonly since: number; readonly onset: number; readonly until: number },
): Change[] {
  return values.flatMap(({ dimension, value, after, before, firstAt }): Change[] => {
    const turns = after.bad + after.good;
    const all = turns + before.bad + before.good;
    if (!isChangeKind(dimension) || all < LEAST_TURNS) return [];
    const sinceFirst = Math.max(1, until - firstAt);
    const rate = Math.max(turns / Math.max(1, until - Math.max(onset, firstAt)), all / sinceFirst);
    return rate * (firstAt - since) >= EXPECTED_EARLIER ? [{ kind: dimension, value, at: firstAt, source: 'first_seen' }] : [];
  });
}
