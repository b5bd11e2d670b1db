import { axisOf, hasValue } from './dimensions';
import { exploreOf } from './explore-link';
import { type Opened, type Panel } from './panel';
import { EVENTS, MEASURES, OPERATIONS, type Scope, seriesSql, TURNS, whereOf } from './panel-sql';
import { type DimensionShape, evennessOf, type Shape, shareEffect } from './shape';
import { countWords, shareWords, usdWords } from './words';

const dimension = ({ dimensions }: Shape, name: string): DimensionShape | undefined =>
  dimensions.find((one) => one.name === name);
const openTurns = ({ services: [service, ...more] }: Scope): Opened => ({ page: 'turns', params: { ...(service !== undefined && more.length === 0 && { service }) } }); // prettier-ignore
/** The service that a panel is about, where it is one. */
export const serviceOf = ({ services: [service, ...more] }: Scope): { readonly service?: string } =>
  service !== undefined && service !== '' && more.length === 0 ? { service } : {};

function turnPanels(scope: Scope, shape: Shape): Panel[] {
  const { rows, known, bad, timed } = shape.turns;
  if (rows === 0) return [];
  const where = whereOf(scope, TURNS);
  const services = dimension(shape, 'service')?.values ?? [];
  const byService = services.length > 1 && shareEffect(services).isClear;
  const of = serviceOf(scope);
  const traffic: Panel = {
    id: 'turns',
    title: `How many turns a minute${known > 0 ? ', by outcome' : ''}?`,
    why: `${countWords(rows, 'turn')} ${rows === 1 ? 'was' : 'were'} looked at${known > 0 ? `; of ${known === rows ? 'all' : Math.round(known).toLocaleString('en-US')} it is known how they ended` : ''}. Everything else is a part of this.`,
    form: 'bar',
    unit: 'per_minute',
    sql: seriesSql({ source: TURNS, where, ...(known > 0 && { by: 'outcome' }), values: { turns: MEASURES.perMinute } }),
    ...of,
    open: openTurns(scope),
  };
  const unhelped: Panel = {
    id: 'unhelped',
    title: `What share of turns ends without what was asked for${byService ? ', by service' : ''}?`,
    why: `${shareWords(bad / Math.max(1, known))} of them ended in an error, a refusal, with a person or with nobody${byService ? ', and services differ' : ''}.`,
    form: 'line',
    unit: 'share',
    sql: seriesSql({ source: TURNS, where, ...(byService && { by: 'service_name' }), values: { unhelped: MEASURES.unhelped } }),
    ...of,
    open: exploreOf(scope, { of: 'turns', by: 'outcome' }),
  };
  const duration: Panel = {
    id: 'duration',
    title: 'How long does a turn take?',
    why: 'Half of the turns take longer than the median, and one in twenty longer than p95: those are the ones that people leave.',
    form: 'line',
    unit: 'ms',
    sql: seriesSql({ source: TURNS, where: `${where} AND has_root`, values: { median: MEASURES.p50, p95: MEASURES.p95 } }),
    ...of,
    open: openTurns(scope),
  };
  return [traffic, ...(known > 0 ? [unhelped] : []), ...(timed > 0 ? [duration] : [])];
}

/** What spend is shown by: the first of these that tells it apart. */
const SPEND_BY = ['model', 'provider', 'tool', 'service'] as const;

function spendPanel(scope: Scope, shape: Shape): Panel[] {
  const nano = shape.kinds.reduce((sum, kind) => sum + kind.nano, 0);
  if (nano <= 0) return [];
  const by = SPEND_BY.find((name) => (dimension(shape, name)?.values.filter((value) => value.nano > 0) ?? []).length > 1);
  const axis = by === undefined ? null : axisOf(by);
  // Events have the name of their service, too.
  const part = axis === null ? '' : `, by ${axis.words}`;
  const only = axis === null || by === 'service' ? [] : [hasValue(axis)];
  return [
    {
      id: 'spend',
      title: `What is spent an hour${part}?`,
      why: `The events that were looked at cost ${usdWords(nano)}; calls without a known price are not in it.`,
      form: 'area',
      unit: 'usd_per_hour',
      sql: seriesSql({
        source: EVENTS,
        where: whereOf(scope, EVENTS, 'cost_nano_usd IS NOT NULL', ...only),
        ...(axis !== null && { by: axis.column, rank: 'sum(cost_nano_usd * sampling_weight)' }),
        values: { spend: MEASURES.usdPerHour },
      }),
      ...serviceOf(scope),
      open: exploreOf(scope, { measure: 'cost_nano_usd', aggregation: 'sum', ...(axis !== null && { by: axis.field }) }),
    },
  ];
}

function callPanels(scope: Scope, shape: Shape): Panel[] {
  const { kinds, turns } = shape;
  const errors = kinds.reduce((sum, kind) => sum + kind.errors, 0);
  const rows = kinds.reduce((sum, kind) => sum + kind.rows, 0);
  if (rows === 0) return [];
  const failing: Panel = {
    id: 'failing-calls',
    title: 'Which calls fail, and how often a minute?',
    why: `${Math.round(errors).toLocaleString('en-US')} of ${countWords(rows, 'event')} ended with an error; what fails first is often what others wait for.`,
    form: 'bar',
    unit: 'per_minute',
    sql: seriesSql({
      source: OPERATIONS,
      where: whereOf(scope, OPERATIONS, 'errors > 0'),
      by: "concat(kind, ' ', name)",
      rank: 'sum(errors)',
      values: { failed: 'sum(errors) * 60 / $__interval_s' },
    }),
    ...serviceOf(scope),
    open: exploreOf(scope, { filters: { status: 'error' }, by: 'name' }),
  };
  const mixed = evennessOf(kinds) > 0;
  const traffic: Panel = {
    id: 'events',
    title: `How many events a minute${mixed ? ', by kind' : ''}?`,
    why: `${countWords(rows, 'event')} came, and no turn was put together of them yet.`,
    form: 'bar',
    unit: 'per_minute',
    sql: seriesSql({ source: OPERATIONS, where: whereOf(scope, OPERATIONS), ...(mixed && { by: 'kind', rank: 'sum(weight)' }), values: { events: 'sum(weight) * 60 / $__interval_s' } }),
    ...serviceOf(scope),
    open: exploreOf(scope, { by: 'kind' }),
  }; // prettier-ignore
  return [...(turns.rows === 0 ? [traffic] : []), ...(errors > 0 ? [failing] : [])];
}

/** What is asked of every bot, as far as the data has it: traffic, outcome, time, money, failures. */
export const overviewPanels = (scope: Scope, shape: Shape): Panel[] => [
  ...turnPanels(scope, shape),
  ...spendPanel(scope, shape),
  ...callPanels(scope, shape),
];
