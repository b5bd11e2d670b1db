import { type Difference, levelsAround, type Moments, quantileDifference } from '@telltale/domain-effect';
import { type RowsOf } from '../../define/definition';
import { numberOf } from '../../define/row-values';
import { SINCE_FIRST_MINUTE, type Where } from '../../define/where';
import { QUANTILE_METRICS, type QuantileMetricName } from './metrics';
import { CLUSTER } from './sides';

type Levels = readonly [low: number, middle: number, high: number];

/** The difference of a quantile between the sides; null where there are too few users to say, or too few sessions beyond the quantile. */
export async function compareQuantiles(name: QuantileMetricName, side: string, chosen: Where, rowsOf: RowsOf): Promise<Difference | null> {
  const { value, when, level } = QUANTILE_METRICS[name];
  const from = `FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${chosen.where} AND ${when} AND side IN (1, 2) AND sampling_weight > 0`;
  const weight = 'toUInt64(greatest(1, round(100 * sampling_weight)))';
  async function quantilesAt(sides: readonly [Levels, Levels]): Promise<number[][]> {
    const columns = sides.flatMap((levels, i) =>
      levels.map((at, k) => `quantileExactWeightedIf(${at.toFixed(9)})(value, weight, side = ${i + 1}) AS q${i}_${k}`),
    );
    const [row] = await rowsOf({
      sql: `SELECT ${columns.join(', ')} FROM (SELECT ${side} AS side, toFloat64(${value}) AS value, ${weight} AS weight ${from})`,
      params: chosen.params,
    });
    return sides.map((levels, i) => levels.map((_, k) => numberOf(row, `q${i}_${k}`)));
  }
  const middle: Levels = [level, level, level];
  const values = (await quantilesAt([middle, middle])).map(([one = 0]) => one);
  const [row] = await rowsOf({
    sql: `SELECT ${[1, 2].map((of) => `sum(l${of}) AS l${of}_s, sum(n${of}) AS n${of}_s, sum(l${of} * l${of}) AS l${of}_p, sum(l${of} * n${of}) AS x${of}_p, sum(n${of} * n${of}) AS n${of}_p, countIf(n${of} > 0) AS c${of}`).join(', ')}
      FROM (SELECT ${[1, 2].map((of) => `sumIf(weight * (value <= {q${of}:Float64}), side = ${of}) AS l${of}, sumIf(weight, side = ${of}) AS n${of}`).join(', ')}
        FROM (SELECT ${side} AS side, ${CLUSTER} AS cluster, toFloat64(${value}) AS value, toFloat64(${weight}) AS weight ${from}) GROUP BY cluster)`,
    params: { ...chosen.params, q1: values[0] ?? 0, q2: values[1] ?? 0 },
  });
  const around = [1, 2].map((of) => {
    const moments: Moments = {
      sums: [numberOf(row, `l${of}_s`), numberOf(row, `n${of}_s`)],
      products: [[numberOf(row, `l${of}_p`), numberOf(row, `x${of}_p`)], [0, numberOf(row, `n${of}_p`)]],
    };
    return levelsAround(level, moments, numberOf(row, `c${of}`));
  });
  const [a, b] = around;
  if (!a || !b) return null;
  const ends = await quantilesAt([[a.low, level, a.high], [b.low, level, b.high]]);
  const located = ends.map(([low = 0, middleValue = 0, high = 0], i) => ({ value: middleValue, low, high, clusters: numberOf(row, `c${i + 1}`) }));
  const [first, second] = located;
  return first && second ? quantileDifference(first, second) : null;
} // prettier-ignore
