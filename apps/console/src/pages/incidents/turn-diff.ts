import { numberOf } from '../../format/numbers';
import { type TurnTree } from './questions';

type Node = TurnTree['tree'][number];

/** A line of a comparison: an operation of both turns, or of one of them. */
export interface DiffLine {
  readonly key: string;
  readonly depth: number;
  readonly kind: string;
  readonly name: string;
  readonly bad: Side | null;
  readonly good: Side | null;
  /** How the sides differ, in words; empty where they are alike. */
  readonly differs: string;
}
export interface Side {
  readonly calls: number;
  readonly ms: number | null;
  readonly status: string;
  readonly error: string;
  readonly chosen: string;
}

/** Beyond so many lines a side is cut; the comparison says so. */
export const MOST_LINES = 150;
/** Alike is what takes less than this factor longer, or less than this time. */
const TIMES_LONGER = 1.5;
const LEAST_MS = 100;

const nameOf = ({ tool_name: tool, name }: Node): string => tool || name;
const keyOf = (node: Node): string => `${node.depth} ${node.kind} ${nameOf(node)}`;
const sideOf = ({ duration_ms: ms, folded, status, error_type: type, error_message: message, decision_chosen: chosen }: Node): Side => ({
  calls: folded?.operations ?? 1,
  ms: folded ? folded.total_ms : ms,
  status,
  error: [type, message].filter(Boolean).join(': '),
  chosen,
}); // prettier-ignore

const isLonger = (a: number, b: number): boolean => a - b >= LEAST_MS && a >= TIMES_LONGER * b;
const times = (ratio: number): string => `${Number(ratio.toPrecision(2))} times`;

function differenceOf(bad: Side | null, good: Side | null): string {
  if (!bad || !good) return bad ? 'only in the bad turn' : 'only in the good turn';
  const found: string[] = [];
  if (bad.status !== good.status) found.push(bad.status === 'error' ? 'failed' : good.status === 'error' ? 'failed in the good turn' : `${bad.status}, not ${good.status}`);
  if (bad.calls !== good.calls) found.push(`${bad.calls} calls, not ${good.calls}`);
  if (bad.chosen !== good.chosen && bad.chosen !== '' && good.chosen !== '') found.push(`chose ${bad.chosen}, not ${good.chosen}`);
  const [a, b] = [numberOf(bad.ms), numberOf(good.ms)];
  if (isLonger(a, b)) found.push(b > 0 ? `${times(a / b)} as long` : 'longer');
  if (isLonger(b, a)) found.push(a > 0 ? `shorter by ${times(b / a)}` : 'shorter');
  return found.join('; ');
} // prettier-ignore

/** Lengths of the longest common subsequence of what is left of both, by where each begins. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  return lengths;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The operations of some keys as one line each, where the first of them is: where one turn has them folded, the other has, too. */
function foldKeys(nodes: readonly Node[], keys: ReadonlySet<string>): Node[] {
  const alike = new Map<string, Node[]>();
  for (const node of nodes) if (keys.has(keyOf(node))) alike.set(keyOf(node), [...(alike.get(keyOf(node)) ?? []), node]);
  return nodes.flatMap((node) => {
    const own = alike.get(keyOf(node));
    if (!own) return [node];
    if (own[0] !== node) return [];
    const sides = own.map(sideOf);
    const failed = own.find(({ status }) => status === 'error') ?? node;
    const folded = { operations: sum(sides.map(({ calls }) => calls)), below: 0, failed_below: 0, first_failed_id: '', total_ms: sum(sides.map(({ ms }) => numberOf(ms))), max_ms: 0, cost_nano_usd: null, slowest_id: '' };
    return [{ ...node, status: failed.status, error_type: failed.error_type, error_message: failed.error_message, decision_chosen: '', folded }];
  });
} // prettier-ignore

function line(bad: Node | null, good: Node | null, at: number): DiffLine {
  const node = bad ?? good;
  const sides = [bad && sideOf(bad), good && sideOf(good)] as const;
  return {
    key: `${at} ${node?.id ?? ''}`,
    depth: node?.depth ?? 0,
    kind: node?.kind ?? '',
    name: node ? nameOf(node) : '',
    bad: sides[0],
    good: sides[1],
    differs: differenceOf(...sides),
  };
}

/** What a bad and a good turn did, step by step: the steps of the same kind and name beside each other, in the order of both. */
export function diffOf(bad: readonly Node[], good: readonly Node[]): DiffLine[] {
  const cut = [bad.slice(0, MOST_LINES), good.slice(0, MOST_LINES)] as const;
  const folded = new Set(
    cut
      .flat()
      .filter((node) => node.folded !== undefined)
      .map(keyOf),
  );
  const [a, b] = [foldKeys(cut[0], folded), foldKeys(cut[1], folded)];
  const [ofBad, ofGood] = [a.map(keyOf), b.map(keyOf)];
  const lengths = commonLengths(ofBad, ofGood);
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  const lines: DiffLine[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const isSame = i < a.length && j < b.length && ofBad[i] === ofGood[j];
    const takesBad = isSame || j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1));
    const takesGood = isSame || !takesBad;
    lines.push(line(takesBad ? (a[i] ?? null) : null, takesGood ? (b[j] ?? null) : null, lines.length));
    if (takesBad) i++;
    if (takesGood) j++;
  }
  return lines;
}
