import { createRecordSigner } from '@telltale/adapter-crypto';
import { type CostRecord, type SeriesWindowRow, TOPICS } from '@telltale/contracts';
import { hashId, HOUR_MS, isoTime } from '@telltale/kernel';
import { newTestEnricher, native, record, T } from '@telltale/pipeline-enrich/testing';
import { budgetsConfig, budgetsService } from '@telltale/pipeline-budgets';
import { incidentsService, incidentsConfig } from '@telltale/pipeline-incidents';
import { scorerService, scorerConfig } from '@telltale/pipeline-score';
import { measureOf, newTestMeasure, type TestMeasure } from '@telltale/pipeline-score/testing';
import { newTestTask, newTestRecord, rowsOf, runWithRestores } from '@telltale/streaming/testing';
import { verbosityService, verbosityConfig } from '@telltale/pipeline-verbosity';

// One tenant makes up a name for everything it sends, hundreds of thousands in all over simulated days, while another goes on as ever.
// The state of every service reaches a plateau, what was cut is counted, and the other tenant's state is untouched.

jest.setTimeout(120_000);
const NOON = Date.parse('2026-03-02T12:00:00Z');

interface Size {
  readonly keys: number;
  readonly bytes: number;
}

/** Runs the batches; the largest state in the first and in the second half of them. */
function peaksOf(
  batches: number,
  state: ReadonlyMap<string, Buffer>,
  run: (batch: number) => void,
): readonly [first: Size, second: Size] {
  const peaks = [
    { keys: 0, bytes: 0 },
    { keys: 0, bytes: 0 },
  ] as [{ keys: number; bytes: number }, { keys: number; bytes: number }];
  for (let batch = 0; batch < batches; batch++) {
    run(batch);
    if (batch % 5 > 0) continue;
    const peak = peaks[batch < batches / 2 ? 0 : 1];
    let bytes = 0;
    for (const [key, value] of state) bytes += key.length + value.length;
    peak.keys = Math.max(peak.keys, state.size);
    peak.bytes = Math.max(peak.bytes, bytes);
  }
  return peaks;
}

function expectPlateau([first, second]: readonly [Size, Size], maxKeys: number): void {
  expect(first.keys).toBeLessThanOrEqual(maxKeys);
  expect(second.keys).toBeLessThanOrEqual(Math.ceil(first.keys * 1.02));
  expect(second.bytes).toBeLessThanOrEqual(first.bytes * 1.1);
}

const keysOf = (state: ReadonlyMap<string, Buffer>, prefix: string, tenant: string): string[] =>
  [...state.keys()].filter((key) => key.startsWith(prefix) && key.includes(tenant)).sort();

/** Counts of all batches. */
function createTotals() {
  const totals: Record<string, number> = {};
  return {
    totals,
    add: (counts: Readonly<Record<string, number>> = {}) => {
      for (const [what, by] of Object.entries(counts)) totals[what] = (totals[what] ?? 0) + by;
    },
  };
}

const anomaly = (tenant: string, service: string, at: number, state: 'open' | 'closed' = 'open') => ({
  tenant, id: `${service}-${at}`, series_id: service, metric: 'operation.duration', dimensions: { service_name: service, kind: 'tool', name: `t-${service}` }, state, started_at: isoTime(at),
  ended_at: null, direction: 'up', value: 4, expected: 1, expected_low: 1, expected_high: 2, score: 9, windows: 1, backfill: false, summary: 'slow', kind: 'deviation', channel: 'value',
  peak_at: null, p_value: null, expected_false_per_day: null, parent_anomaly_id: '', in_maintenance: false,
}); // prettier-ignore

const cost = (tenant: string, service: string, at: number): CostRecord => ({
  tenant, hour: isoTime(at - (at % HOUR_MS)), service_name: service, provider: 'openai', model: 'm', kind: 'llm', backfill: false, calls: 1, unpriced_calls: 0, cost_nano_usd: 1_000,
  input_tokens: 1, output_tokens: 1, watermark: isoTime(at),
}); // prettier-ignore

const template = newTestMeasure(NOON, [7], NOON);
const measure = (tenant: string, service: string, name: string, now: number): TestMeasure => ({
  ...template, tenant, series_id: hashId(20, tenant, service, name), dimensions: { service_name: service, kind: 'tool', name }, window_start: isoTime(now - 10_000), watermark: isoTime(now),
}); // prettier-ignore

describe('budgets', () => {
  it('keep the spend of 200,000 services within bounds', () => {
    const sut = newTestTask(
      budgetsService.open(budgetsConfig.parse({ BUDGETS_MAX_SERVICES_PER_TENANT: 2_000, BUDGETS_MAX_CELLS_PER_TENANT: 2_000 })),
    );
    const { totals, add } = createTotals();
    let calmAfterTwoDays: unknown;
    const peaks = peaksOf(400, sut.state, (batch) => {
      const now = NOON + batch * 15 * 60_000;
      const records = Array.from({ length: 500 }, (_, i) => cost('flood', `s-${batch}-${i}`, now));
      if (batch < 8) for (let i = 0; i < 20; i++) records.push(cost('calm', `shop-${i}`, now));
      add(sut.run({ now, records: records.map((one) => newTestRecord(TOPICS.costs.name, one)) }).counts);
      // The other tenant is quiet for two days, and all of its spend is still there.
      if (batch === 190) calmAfterTwoDays = keysOf(sut.state, 'hours/', 'calm').length;
    });
    // Its services, and itself.
    expect(calmAfterTwoDays).toBe(21);
    // Histories of the services and of both tenants, and as many sums by day.
    expectPlateau(peaks, 2 * 2_000 + 2 * 20 + 1);
    expect(totals['spend_histories_over_limit']).toBe(400 * 500 + 1 - 2_000);
    // After three days nobody would compare anything with it.
    expect(totals['spend_histories_expired']).toBe(21);
    expect(keysOf(sut.state, 'hours/', 'calm')).toEqual([]);
  });
});

describe('incidents', () => {
  it('close what is open of 50,000 services whose anomalies never end, and not that of another tenant', () => {
    const sut = newTestTask(incidentsService.open(incidentsConfig.parse({ INCIDENT_MAX_OPEN_PER_TENANT: 500 })));
    const { totals, add } = createTotals();
    const peaks = peaksOf(100, sut.state, (batch) => {
      const now = NOON + batch * 60_000;
      const records = Array.from({ length: 500 }, (_, i) => anomaly('flood', `s-${batch}-${i}`, now));
      if (batch === 0) records.push(anomaly('calm', 'shop', now));
      add(sut.run({ now, records: records.map((one) => newTestRecord(TOPICS.anomalies.name, one)) }).counts);
    });
    // Open ones, those that may come back, and levels that may be returned to.
    expectPlateau(peaks, 501 + 200 + 2_001);
    expect(keysOf(sut.state, 'i/', 'calm')).toHaveLength(1);
    expect(totals).toMatchObject({ incidents_opened: 50_001, incidents_closed: 49_500, incidents_over_limit: 49_500 });
    add(sut.run({ now: NOON + 8 * 24 * HOUR_MS, records: [] }).counts);
    expect([totals['incidents_expired'], totals['incidents_closed']]).toEqual([501, 50_001]);
    // What was resolved may come back for half an hour.
    sut.run({ now: NOON + 9 * 24 * HOUR_MS, records: [] });
    expect(sut.state.size).toBe(0);
  });
});

describe('the scorer', () => {
  it('keeps 100,000 series and their services within bounds, and every measure in its rows', () => {
    const sut = newTestTask(scorerService.open(scorerConfig.parse({ SCORER_MAX_SERIES_PER_TENANT: 1_000 }), { partitions: 1 }));
    const { totals, add } = createTotals();
    let sent = 0;
    let stored = 0;
    const run = (now: number, records: readonly TestMeasure[]): void => {
      const effects = sut.run({ now, records: records.map(measureOf) });
      add(effects.counts);
      sent += records.length;
      for (const { count } of rowsOf<SeriesWindowRow>(effects, 'series_windows')) stored += count;
    };
    const peaks = peaksOf(200, sut.state, (batch) => {
      const now = NOON + batch * 10_000;
      const records = Array.from({ length: 500 }, (_, i) => measure('flood', `s-${batch}-${i % 50}`, `n-${i}`, now));
      for (let i = 0; i < 20; i++) records.push(measure('calm', 'shop', `tool-${i}`, now));
      // A clock that runs hours ahead opens no windows.
      for (let i = 0; i < 20; i++) records.push(measure('flood', 'shop', `tool-${i}`, now + 5 * HOUR_MS + i * 10_000));
      run(now, records);
      for (let tick = now + 2_000; tick < now + 10_000; tick += 2_000) if (sut.task.due(tick)) run(tick, []);
    });
    // Series, their services and parents; windows are open for a moment.
    expectPlateau(peaks, 5_000);
    run(NOON + 3_000_000, []);
    run(NOON + 3_010_000, []);
    expect(totals['early_measures']).toBe(200 * 20);
    expect(stored).toBe(sent);
    expect(totals['series_over_limit']).toBeGreaterThan(95_000);
    expect(totals['services_over_limit']).toBeGreaterThan(3_000);
    const calm = [...sut.state].filter(([key, value]) => key.startsWith('s/') && value.toString().includes('"calm"'));
    expect(calm).toHaveLength(20);
    expect(keysOf(sut.state, 'v/', 'calm')).toHaveLength(1);
    // A month later all of it is gone.
    run(NOON + 31 * 24 * HOUR_MS, []);
    expect([...sut.state.keys()]).toEqual(['watermark']);
  });
});

describe('verbosity', () => {
  it('keeps a few directives, however many names depart', () => {
    const sut = newTestTask(
      verbosityService.open(verbosityConfig.parse({}), { signer: createRecordSigner(Buffer.alloc(32, 1)) }),
    );
    const peaks = peaksOf(60, sut.state, (batch) => {
      const now = NOON + batch * 60_000;
      const records = Array.from({ length: 500 }, (_, i) => anomaly('flood', `s-${batch}-${i}`, now));
      sut.run({ now, records: records.map((one) => newTestRecord(TOPICS.anomalies.name, one)) });
    });
    expectPlateau(peaks, 1);
  });
});

describe('the enricher', () => {
  const word = (n: number): string => [...String(n)].map((digit) => 'bcdfghjklm'[Number(digit)]).join('a');

  it('keeps the series, templates and ids of 25,000 calls and log lines within bounds', () => {
    const sut = newTestEnricher({ maxIds: 5_000, maxSeriesPerTenant: 200, maxTemplates: 100 });
    const { totals, add } = createTotals();
    const call = (tenant: string, n: string, ts: number) =>
      record(native({ id: `${tenant}-${n}`, kind: 'tool', ts, name: `tool ${n}` }), { headers: { 'tt-tenant': tenant } });
    const peaks = peaksOf(100, sut.state, (batch) => {
      const now = T + batch * 2_000;
      const calm = batch === 25 ? Array.from({ length: 20 }, (_, i) => call('calm', `c${i}`, now)) : [];
      const calls = Array.from({ length: 200 }, (_, i) => call('flood', `${batch}x${i}`, now));
      const lines = Array.from({ length: 50 }, (_, i) =>
        native({ id: `l-${batch}-${i}`, kind: 'log', severity: 'error', ts: now, body: `${word(batch * 50 + i)} ${word(batch)} ${word(i)} failed` }),
      );
      add(sut.run([...calm, ...calls, record(lines, { headers: { 'tt-tenant': 'flood' } })], now).counts);
    }); // prettier-ignore
    expectPlateau(peaks, 4_000);
    expect(totals['events']).toBeGreaterThanOrEqual(25_000);
    expect(totals['event_ids_over_limit']).toBeGreaterThan(5_000);
    expect(totals['series_overflow']).toBeGreaterThan(5_000);
    expect(keysOf(sut.state, 'series/', 'calm').length).toBeGreaterThanOrEqual(20);
    // A month later nothing is known of either of them.
    sut.run([], T + 31 * 24 * HOUR_MS);
    expect([...sut.state.keys()]).toEqual(['watermark', 'released']);
  });
});

it('cuts the same keys when the task is lost and restored between any two batches', () => {
  const batches = Array.from({ length: 14 }, (_, batch) => NOON + batch * 10_000);
  const names = (batch: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `n-${(batch * 7 + i * 3) % 40}`);
  const spent = batches.map((now, batch) => ({
    now,
    records: names(batch, 12).flatMap((name, i) => [
      newTestRecord(TOPICS.costs.name, cost(i % 3 > 0 ? 'flood' : 'calm', name, now)),
      newTestRecord(TOPICS.anomalies.name, anomaly(i % 3 > 0 ? 'flood' : 'calm', name, now)),
    ]),
  }));
  const measured = batches.map((now, batch) => ({
    now,
    records: names(batch, 12).map((name, i) => measureOf(measure(i % 3 > 0 ? 'flood' : 'calm', `s-${i % 4}`, name, now))),
  }));
  const incidents = incidentsService.open(incidentsConfig.parse({ INCIDENT_MAX_OPEN_PER_TENANT: 5 }));
  const scorer = scorerService.open(scorerConfig.parse({ SCORER_MAX_SERIES_PER_TENANT: 6, SCORER_SOURCE_IDLE_MS: 60_000 }), {
    partitions: 1,
  });
  for (const [service, ranges, counted] of [
    [incidents, spent, '"incidents_over_limit"'],
    [scorer, measured, '"series_over_limit"'],
  ] as const) {
    const whole = runWithRestores(service, ranges, []);
    expect(whole.join()).toContain(counted);
    for (let cut = 1; cut < ranges.length; cut++) expect(runWithRestores(service, ranges, [cut])).toEqual(whole);
  }
});
