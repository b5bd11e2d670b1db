import { type Moments } from '@telltale/domain-effect';
import { type Row, numberOf } from '../../define/row-values';
import { SINCE_FIRST_MINUTE, type Where } from '../../define/where';
import { CLUSTER } from './sides';
import { type Metric } from './metrics';

const WIDTH = 4;
const PAIRS = Array.from({ length: WIDTH }, (_, i) =>
  Array.from({ length: WIDTH - i }, (_unused, j) => [i, i + j] as const),
).flat();

/** What a session adds to a metric; nothing where it has none. */
export const numbersOf = ({ value, of, when = '1' }: Metric): { readonly value: string; readonly of: string } => ({
  value: `if(${when}, ifNull(${value}, 0), 0) * sampling_weight`,
  of: `if(${when}, toFloat64(${of}), 0) * sampling_weight`,
});

/** One row with the moments of [value of a, of a, value of b, of b] by cluster of every metric, and how many clusters each side has. */
export function momentsStatement(metrics: readonly Metric[], side: string, { where }: Where): string {
  const columns = metrics.map(numbersOf);
  const inner = columns.map(({ value, of }, m) => `${value} AS y${m}, ${of} AS n${m}`).join(', ');
  const byCluster = columns
    .map((_, m) => [1, 2].map((of) => `sumIf(y${m}, side = ${of}) AS v${m}_${2 * of - 2}, sumIf(n${m}, side = ${of}) AS v${m}_${2 * of - 1}`).join(', '))
    .join(', ');
  const outer = columns.flatMap((_, m) => [
    ...Array.from({ length: WIDTH }, (_unused, i) => `sum(v${m}_${i}) AS s${m}_${i}`),
    ...PAIRS.map(([i, j]) => `sum(v${m}_${i} * v${m}_${j}) AS p${m}_${i}_${j}`),
    `countIf(v${m}_1 > 0) AS a${m}, countIf(v${m}_3 > 0) AS b${m}`,
  ]);
  return `SELECT ${outer.join(', ')} FROM (SELECT cluster, ${byCluster} FROM (
      SELECT ${side} AS side, ${CLUSTER} AS cluster, ${inner} FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where} AND side IN (1, 2)
    ) GROUP BY cluster)`;
} // prettier-ignore

/** The moments of a metric in that row. */
export function momentsIn(row: Row | undefined, m: number): { readonly moments: Moments; readonly clusters: { readonly a: number; readonly b: number } } {
  const sums = Array.from({ length: WIDTH }, (_, i) => numberOf(row, `s${m}_${i}`));
  const products = sums.map((_, i) => sums.map((_unused, j) => (j < i ? 0 : numberOf(row, `p${m}_${i}_${j}`))));
  return { moments: { sums, products }, clusters: { a: numberOf(row, `a${m}`), b: numberOf(row, `b${m}`) } };
} // prettier-ignore
