import { type TurnOperation } from './operation';
import { countOf, durationOf, moneyOf, numberOf, shareOf } from '../../../format/numbers';

/** How one operation stands among the calls of the same before it, as the API answers it. */
export interface Usual {
  readonly value: string;
  readonly days: number;
  readonly calls: number;
  readonly failed: number;
  readonly failed_alike: number;
  readonly measures: readonly {
    readonly name: string;
    readonly value: number;
    readonly calls: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly less: number;
    readonly more: number;
  }[];
}

/** One thing about an operation, and how usual it is. */
export interface Standing {
  readonly name: string;
  readonly text: string;
  readonly usual: string;
  /** Worth a look: what nearly no other call does. */
  readonly departs: boolean;
}

const LEAST_CALLS = 20;
/** So much of the others is on one side of it. */
const RARE = 0.95;
/** So much is on one side that it is worth saying. */
const TELLING = 0.6;

const MEASURES: Readonly<Record<string, { readonly name: string; readonly more: string; readonly less: string; readonly shown: (value: number) => string }>> = {
  duration_ms: { name: 'Time', more: 'slower than', less: 'faster than', shown: durationOf },
  time_to_first_token_ms: { name: 'First token', more: 'later than', less: 'sooner than', shown: durationOf },
  input_tokens: { name: 'Tokens in', more: 'more than', less: 'less than', shown: countOf },
  output_tokens: { name: 'Tokens out', more: 'more than', less: 'less than', shown: countOf },
  cost_nano_usd: { name: 'Cost', more: 'dearer than', less: 'cheaper than', shown: moneyOf },
}; // prettier-ignore

/** 97 %, of which 99.6 is not rounded up to all. */
const percentOf = (part: number): string =>
  `${part >= 1 ? 100 : Math.min(99.9, Number((100 * part).toPrecision(part > 0.99 ? 3 : 2)))} %`;

/** How an operation stands in each thing that is measured, the rarest first. */
export function standingsOf({ value, calls, failed, failed_alike: alike, measures }: Usual, { status, error_type: error }: Pick<TurnOperation, 'status' | 'error_type'>): Standing[] {
  const measured = measures.flatMap(({ name, calls: known, p50, p95, less, more }): (Standing & { readonly rarity: number })[] => {
    const words = MEASURES[name];
    if (!words || known < LEAST_CALLS) return [];
    const rarity = Math.max(less, more);
    const side = less >= more ? words.more : words.less;
    const of = `${countOf(known)} calls of ${value}`;
    const text = rarity < TELLING ? `about as usual among ${of}` : `${side} ${percentOf(rarity)} of ${of}`;
    return [{ name: words.name, text, usual: `usually ${words.shown(p50)}, 19 in 20 up to ${words.shown(p95)}`, departs: rarity >= RARE, rarity }];
  });
  const sorted = measured.sort((a, b) => b.rarity - a.rarity).map(({ name, text, usual, departs }) => ({ name, text, usual, departs }));
  if (calls < LEAST_CALLS) return sorted;
  const of = `${countOf(failed)} of ${countOf(calls)} calls of ${value} failed`;
  if (status !== 'error') return sorted;
  const sameError = error === '' ? '' : `, ${countOf(alike)} with ${error}`;
  return [{ name: 'Failure', text: failed === 0 ? `none of ${countOf(calls)} calls of ${value} before it failed` : `${shareOf(failed, calls)} of its calls fail`, usual: `${of}${sameError}`, departs: failed / calls <= 1 - RARE }, ...sorted];
} // prettier-ignore

/** What is usual for each thing that a turn calls, by kind and name. */
export interface UsualOfTurn {
  readonly kind: string;
  readonly of: string;
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Beyond all but one in a hundred is said of a row; ordinary spread is not, or each long turn would be full of marks. */
export function slownessOf(usual: readonly UsualOfTurn[]): (operation: TurnOperation) => string | null {
  const byName = new Map(usual.map((one) => [`${one.kind} ${one.of}`, one]));
  return ({ kind, tool_name: tool, model, name, duration_ms: ms, status }) => {
    const known = byName.get(`${kind} ${tool || model || name}`);
    if (!known || ms === null || status === 'error' || known.calls < LEAST_CALLS) return null;
    const isRare = known.calls >= 100 ? ms > known.p99 * 1.1 : ms > known.p95 * 2;
    if (!isRare || known.p50 <= 0) return null;
    return `${Number((ms / known.p50).toPrecision(2))} times as long as usual (${durationOf(known.p50)}; ${countOf(numberOf(known.calls))} calls)`;
  };
}
