import { type AnomalyRecord, type DetectorSettingRecord, type SeriesWindowRow, TOPICS } from '@telltale/contracts';
import { WINDOW_MS } from '@telltale/domain-detector';
import { createDice, isoTime } from '@telltale/kernel';
import { newTestRecord, newTestTask, outputsOf, rowsOf } from '@telltale/streaming/testing';
import fc from 'fast-check';
import { backtest, type BacktestOptions, createBacktest } from './backtest';
import { scorerConfig } from './config';
import { scorerService } from './service';
import { measureOf, newTestMeasure, type TestMeasure } from './measures.fixture';
import { binsOf } from './sketch';
import { type SeriesKey } from './state/series';
import { addMeasure, openWindow, type OpenWindow } from './state/window';
import { windowOfStored } from './stored-window';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOURS = 3_600_000 / WINDOW_MS;
const FAULTS = ['none', 'slow', 'quick', 'errors', 'silent', 'new_version'] as const;

interface Plan {
  readonly seed: number;
  /** Mean calls in a window, of each tool. */
  readonly tools: readonly number[];
  readonly spread: number;
  readonly fault: (typeof FAULTS)[number];
  /** Whether the fault hits all tools or the first one. */
  readonly isShared: boolean;
}

const FAULT_AT = Math.round(6.3 * HOURS);
const WINDOWS = Math.round(7.2 * HOURS);
/** Until then only one window in five has calls: missing data needs six hours of history, not that many calls. */
const SPARSE_UNTIL = Math.round(5.5 * HOURS);

/** The measures of every window, with planted faults: tools of a service, its turns, from the fault on a second version, an error log. */
function measuresOf({ seed, tools, spread, fault, isShared }: Plan): TestMeasure[][] {
  const dice = createDice(seed);
  const service = { service_name: 'shop' };
  return Array.from({ length: WINDOWS }, (_, i) => {
    const start = START + i * WINDOW_MS;
    const isFaulty = i >= FAULT_AT && i < FAULT_AT + HOURS / 2;
    const said: TestMeasure[] = [];
    if (i < SPARSE_UNTIL && i % 5 > 0) return said;
    const say = (metric: string, dimensions: Record<string, string>, rate: number, median: number, errorShare: number): void => {
      const values = Array.from({ length: dice.poisson(rate) }, () => median * Math.exp(spread * dice.normal()));
      const errors = values.filter(() => dice.uniform() < errorShare).length;
      if (values.length > 0) said.push(newTestMeasure(start, values, start + WINDOW_MS, { metric, dimensions }, errors));
    };
    tools.forEach((rate, tool) => {
      const hit = isFaulty && (isShared || tool === 0) ? fault : 'none';
      const factor = hit === 'slow' ? 6 : hit === 'quick' ? 0.1 : 1;
      const dimensions = { ...service, kind: 'tool', name: `tool-${tool}` };
      say('operation.duration', dimensions, hit === 'silent' ? 0 : rate, 400 * factor, hit === 'errors' ? 0.8 : 0.01);
    });
    const isNew = fault === 'new_version' && i >= FAULT_AT;
    say('turn.duration', service, 0.6, isNew ? 9_000 : 3_000, 0.01);
    if (isNew) say('version.duration', { ...service, service_version: '2' }, 0.4, 9_000, 0.3);
    if (fault === 'new_version') say('version.duration', { ...service, service_version: '1' }, 0.4, 3_000, 0.01);
    say('log.count', { ...service, severity: 'error' }, isFaulty && fault === 'errors' ? 9 : 0.1, 1, 0);
    return said;
  });
}

const keyOf = ({
  series_id: id,
  tenant,
  metric,
  dimensions,
}: Omit<SeriesKey, 'id'> & { readonly series_id: string }): SeriesKey => ({ id, tenant, metric, dimensions });

function windowOf(measure: TestMeasure): OpenWindow {
  const window = openWindow(Date.parse(measure.window_start));
  addMeasure(window, measure, binsOf(measure) ?? { zeros: 0, bins: [] });
  return window;
}

/** Windows in order, by series. */
function grouped<T extends Parameters<typeof keyOf>[0]>(all: readonly T[], toWindow: (one: T) => OpenWindow) {
  const byId = new Map<string, SeriesKey & { readonly windows: OpenWindow[] }>();
  for (const one of all) {
    const known = byId.get(one.series_id) ?? { ...keyOf(one), windows: [] };
    byId.set(one.series_id, known);
    known.windows.push(toWindow(one));
  }
  return [...byId.values()];
}

/** The service live: a batch a window, and another source that never stops, as an enricher of other tenants is. */
function runService(
  measures: readonly TestMeasure[][],
  settings: readonly DetectorSettingRecord[],
): { reported: AnomalyRecord[]; rows: SeriesWindowRow[] } {
  const sut = newTestTask(scorerService.open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 60_000 }), { partitions: 1 }));
  const [reported, rows]: [AnomalyRecord[], SeriesWindowRow[]] = [[], []];
  measures.forEach((own, i) => {
    const now = START + (i + 1) * WINDOW_MS;
    const beat = newTestMeasure(now - WINDOW_MS, [1], now, { tenant: 'other', metric: 'heartbeat', dimensions: {} });
    const records = [...own, beat].map(measureOf);
    if (i === 0) records.unshift(...settings.map((setting) => newTestRecord(TOPICS.detectorSettings.name, setting)));
    const effects = sut.run({ now, records });
    reported.push(...outputsOf<AnomalyRecord>(effects, TOPICS.anomalies.name));
    rows.push(...rowsOf<SeriesWindowRow>(effects, 'series_windows'));
  });
  return { reported, rows };
}

function reportedByBacktest(measures: readonly TestMeasure[][], options: BacktestOptions): AnomalyRecord[] {
  const sut = createBacktest(options);
  return measures.flatMap((own, i) =>
    sut.advance(
      START + i * WINDOW_MS,
      own.map((measure) => [keyOf(measure), windowOf(measure)] as const),
    ),
  );
}

const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  tools: fc.array(fc.constantFrom(0.1, 0.7, 3, 12), { minLength: 1, maxLength: 3 }),
  spread: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
  fault: fc.constantFrom(...FAULTS),
  isShared: fc.boolean(),
});
const planned = (fault: Plan['fault'], isShared: boolean): Plan => ({
  seed: 5,
  tools: [3, 0.7, 3],
  spread: 0.3,
  fault,
  isShared,
});

const MAINTENANCE = {
  type: 'set_maintenance',
  tenant: 'acme',
  id: 'm',
  service_name: 'shop',
  from: isoTime(START + FAULT_AT * WINDOW_MS),
  until: isoTime(START + (FAULT_AT + HOURS) * WINDOW_MS),
  reason: 'release',
  issued_by: 'test',
} as const satisfies DetectorSettingRecord;
const sensitivity = (multiplier: number) =>
  ({ type: 'set_sensitivity', tenant: 'acme', id: 's', rate_multiplier: multiplier, issued_by: 'test' }) as const;

describe('a backtest over the windows that the service scores', () => {
  it('reports the same anomalies, opened and closed, field by field', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(plan, (given) => {
        const measures = measuresOf(given);
        const { reported: expected } = runService(measures, []);
        for (const { channel, state } of expected) kinds.add(`${channel} ${state}`);
        expect(reportedByBacktest(measures, {})).toEqual(expected);
      }),
      { numRuns: 16, examples: FAULTS.flatMap((fault) => [[planned(fault, false)], [planned(fault, true)]]) },
    );
    // The law is worth nothing where nobody speaks.
    expect([...kinds]).toEqual(
      expect.arrayContaining(['value open', 'value closed', 'errors open', 'errors closed', 'no_data open', 'no_data closed']),
    );
  });

  it.each([
    ['a maintenance window', [MAINTENANCE], ({ in_maintenance: is }: AnomalyRecord) => is],
    ['a lower sensitivity', [sensitivity(0.01)], ({ expected_false_per_day: often }: AnomalyRecord) => (often ?? 1) < 1e-3],
    ['a higher one', [sensitivity(100)], () => true],
  ] as const)('reports the same under %s', (_, settings, holds) => {
    const measures = measuresOf(planned('slow', true));
    const { reported: expected } = runService(measures, settings);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.filter((record) => Date.parse(record.started_at) >= Date.parse(MAINTENANCE.from) && !holds(record))).toEqual(
      [],
    );
    expect(reportedByBacktest(measures, { settings })).toEqual(expected);
  });
});

describe('a backtest over the rows of series_windows that the service wrote', () => {
  const tools = (rates: readonly number[], fault: Plan['fault']): Plan => ({ ...planned(fault, true), tools: rates });
  function both(given: Plan): readonly [service: AnomalyRecord[], backtest: AnomalyRecord[]] {
    const { reported, rows } = runService(measuresOf(given), []);
    const kept = rows.filter(({ tenant, late }) => tenant === 'acme' && !late);
    const series = grouped(kept, (row) => windowOfStored({ ...row, start: Date.parse(row.window_start) }));
    const last = new Map(reported.map((record) => [record.id, record]));
    return [[...last.values()], backtest(series, START + WINDOWS * WINDOW_MS)];
  }

  it.each(['slow', 'errors'] as const)('reports the same of sparse series, field by field: %s', (fault) => {
    const [service, found] = both(tools([0.1, 0.7], fault));
    expect(service.length).toBeGreaterThan(0);
    expect(found).toEqual(service);
  });

  it('opens the same anomalies of busy series while the fault lasts; expected values differ by what the rows do not keep', () => {
    const faultEnds = START + (FAULT_AT + HOURS / 2) * WINDOW_MS;
    const openings = (all: readonly AnomalyRecord[]) =>
      all
        .filter(({ started_at: at }) => Date.parse(at) < faultEnds)
        .map(({ id, channel, direction, expected }) => ({ id, channel, direction, expected }));
    const [service, found] = both(tools([12, 12], 'slow')).map(openings) as [
      ReturnType<typeof openings>,
      ReturnType<typeof openings>,
    ];
    expect(service.length).toBeGreaterThan(0);
    expect(found.map(({ id, channel, direction }) => [id, channel, direction])).toEqual(service.map(({ id, channel, direction }) => [id, channel, direction])); // prettier-ignore
    const off = found.map(({ expected }, i) => Math.abs(expected / (service[i]?.expected ?? NaN) - 1));
    expect(Math.max(...off)).toBeLessThan(0.05);
  });
});

describe('a backtest of whole series', () => {
  const seriesOf = (given: Plan) => grouped(measuresOf(given).flat(), windowOf);
  const end = START + WINDOWS * WINDOW_MS;

  it('gives each anomaly once, as it last stood, whatever the order of the series', () => {
    const all = seriesOf(planned('slow', true));
    const found = backtest(all, end);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(found.filter(({ state, ended_at: ended }) => (state === 'closed') !== (ended !== null))).toEqual([]);
    expect(backtest([...all].reverse(), end)).toEqual(found);
  });

  it('misses data only once time has passed it', () => {
    const silent = seriesOf(planned('silent', true)).map((one) => ({
      ...one,
      windows: one.windows.filter(({ start }) => start < START + FAULT_AT * WINDOW_MS),
    }));
    const missed = (until: number) => backtest(silent, until).filter(({ kind }) => kind === 'no_data');
    expect(missed(START + FAULT_AT * WINDOW_MS)).toEqual([]);
    expect(missed(end).map(({ metric }) => metric)).toContain('turn.duration');
  });

  it('reports nothing of nothing', () => {
    expect(backtest([], end)).toEqual([]);
    expect(createBacktest().finish(end)).toEqual([]);
  });
});
