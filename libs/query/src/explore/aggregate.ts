import { badParameter } from '../define/api-error';
import { type Aggregation, type Measure, MEASURES } from '../fields/measures';
import { exploredField, type ExploredField, type Source, whyNoField } from './explored-field';

/** What is measured of the rows, and how it is made one number. */
export interface Aggregate {
  readonly measure: Measure;
  readonly aggregation: Aggregation;
  /** SQL over rows, each counted as many times as it stands for; NULL where no row has the measure. */
  readonly sql: string;
  readonly fields: readonly ExploredField[];
  /** Rows of other groups, and of a sample, add up: counts and sums. */
  readonly adds: boolean;
}

/** Weights as whole numbers for the engine's quantiles: hundredths of a row. */
const WEIGHT = 'toUInt64(greatest(1, round(100 * sampling_weight)))';

function sqlOf({ name, unit }: Measure, aggregation: Aggregation, nullable: boolean): string {
  const known = nullable ? `sumIf(sampling_weight, isNotNull(${name}))` : 'sum(sampling_weight)';
  switch (aggregation) {
    case 'count':
      return 'sum(sampling_weight)';
    case 'sum':
      if (name === 'sampling_weight') return 'sum(sampling_weight)';
      // Halves up, as the costs service rounds.
      return unit === 'nano_usd' ? `sum(toInt64(floor(${name} * sampling_weight + 0.5)))` : `sum(${name} * sampling_weight)`;
    case 'avg':
      return `sum(${name} * sampling_weight) / ${known}`;
    case 'min':
    case 'max':
      return `${aggregation}(${name})`;
    default:
      return `quantileTDigestWeighted(0.${aggregation.slice(1)})(${name}, ${WEIGHT})`;
  }
}

const DEFAULTS: readonly Aggregation[] = ['count', 'p95', 'sum', 'avg'];
const defaultOf = ({ unit, aggregations }: Measure): Aggregation =>
  (unit === 'ms' ? DEFAULTS : DEFAULTS.filter((one) => one !== 'p95')).find((one) => aggregations.includes(one)) ?? 'count';

/** ApiError names the parameter that rows of the source have not. */
export function aggregateOf(source: Source, name: string, asked: Aggregation | undefined): Aggregate {
  const field = name === 'rows' ? null : exploredField(source, name);
  const measure = name === 'rows' ? MEASURES.find((one) => one.name === name) : field?.measure;
  if (!measure) {
    const { problem, fix } = whyNoField(source, name);
    throw field
      ? badParameter('measure', `is ${name}, which is no measure`, 'GET /api/fields lists the measures')
      : badParameter('measure', problem, fix);
  }
  const aggregation = asked ?? defaultOf(measure);
  if (!measure.aggregations.includes(aggregation))
    throw badParameter('aggregation', `is ${aggregation}, which says nothing of ${name}`, `give one of ${measure.aggregations.join(', ')}`); // prettier-ignore
  return {
    measure,
    aggregation,
    sql: sqlOf(measure, aggregation, field?.nullable ?? false),
    fields: field ? [field] : [],
    adds: aggregation === 'count' || aggregation === 'sum',
  };
}
