import { type AnomalyRecord, type DetectorSettingRecord, TOPICS } from '@telltale/contracts';
import { scorerConfig, scorerService } from '@telltale/pipeline-score';
import { newTestMeasure, measureOf } from '@telltale/pipeline-score/testing';
import { createDice, isoTime } from '@telltale/kernel';
import { newTestTask, outputsOf, rowsOf } from '@telltale/streaming/testing';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';

const W = 10_000;
const DAY = 8_640;
const START = Date.parse('2026-03-02T00:00:00Z');
const WINDOWS = Math.round(0.8 * DAY);
const NOW = START + WINDOWS * W;
/** Anomalies are counted from here on; until then the detector learns. */
const SINCE = isoTime(START + (DAY / 2) * W);
const SLOW_AT = Math.round(0.6 * DAY);
const BLIP_AT = Math.round(0.7 * DAY);

type Rows = Record<string, unknown>[];
interface Answer {
  readonly settings: { readonly false_per_day: number; readonly rate_multiplier: number; readonly is_present: boolean; readonly anomalies: number; readonly kept: number; readonly real_lost: number; readonly lost: { readonly id: string }[] }[];
  readonly raised: { readonly anomalies: number; readonly by_label: Record<string, number>; readonly by_channel: Record<string, number> };
  readonly [field: string]: unknown;
} // prettier-ignore

/** Two tools of a service, one call in each window, so that stored windows hold all of them: one becomes slow for long, the other a little, for ten minutes. */
function history(tenant: string, seed: number) {
  const dice = createDice(seed);
  const sut = newTestTask(scorerService.open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 60_000 }), { partitions: 1 }));
  const anomalies = new Map<string, AnomalyRecord>();
  const windows: Rows = [];
  for (let i = 0; i < WINDOWS; i += 3) {
    const start = START + i * W;
    const tool = (name: string, factor: number) =>
      newTestMeasure(start, [400 * factor * Math.exp(0.25 * dice.normal())], start + W, {
        tenant,
        metric: 'operation.duration',
        dimensions: { service_name: 'shop', kind: 'tool', name },
      });
    const slow = i >= SLOW_AT && i < SLOW_AT + 360 ? 8 : 1;
    const blip = i >= BLIP_AT && i < BLIP_AT + 60 ? 1.5 : 1;
    const measures = [tool('search', slow), tool('refund', blip)];
    const effects = sut.run({ now: start + W, records: measures.map(measureOf) });
    for (const one of outputsOf<AnomalyRecord>(effects, TOPICS.anomalies.name)) anomalies.set(one.id, one);
    windows.push(
      ...rowsOf<Record<string, unknown>>(effects, 'series_windows').map((row) => ({ ...row, expires_on: '2099-01-01' })),
    );
  }
  return { anomalies: [...anomalies.values()], windows };
}

const labelOf = (anomaly: AnomalyRecord, label: string) => ({
  tenant: anomaly.tenant, id: `mark-${anomaly.id}`, type: 'label_anomaly', state: 'active', series_id: anomaly.series_id, anomaly_id: anomaly.id, label, metric: '', service_name: '', false_positives_per_day: null,
  rate_multiplier: null, from_at: isoTime(NOW - 1_000), until_at: isoTime(NOW + 86_400_000), reason: '', issued_by: 'test', recorded_at: isoTime(NOW - 1_000), name: '', dates: [], utc_offset: '',
}); // prettier-ignore

describe('a backtest of sensitivities', () => {
  let tables: Awaited<ReturnType<typeof newTestTables>>;
  let raised: AnomalyRecord[];
  beforeAll(async () => {
    tables = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    const [own, other] = [history('a', 1), history('other', 2)];
    raised = own.anomalies.filter(({ kind, started_at: at }) => kind !== 'novelty' && at >= SINCE);
    for (const { anomalies, windows } of [own, other]) {
      await tables.fill('series_windows', windows);
      await tables.fill('anomalies', anomalies);
    }
    await tables.fill(
      'detector_overrides',
      raised.map((one) => labelOf(one, 'real')),
    );
    await tables.fill(
      'detector_overrides',
      other.anomalies.map((one) => labelOf(one, 'false_positive')),
    );
  }, 300_000);
  afterAll(() => tables.close());

  const ask = async (query: string, tenant = 'a') => {
    const { status, body } = await tables.get(`/api/detector/backtest?since=${SINCE}${query}`, tenant);
    return { status, body: body as unknown as Answer, error: body['error'] as Record<string, unknown> | undefined };
  };

  it('reports at the present setting what the service raised, anomaly by anomaly', async () => {
    const { status, body } = await ask('&false_per_day=5');
    expect(status).toBe(200);
    expect(raised.length).toBeGreaterThan(0);
    expect(body).toMatchObject({
      since: SINCE, until: isoTime(NOW), series: 2, series_left_out: 0, share_of_tenant: 1, present: { false_per_day: 5, is_set: false, rate_multipliers: 0 }, raised: { anomalies: raised.length, by_label: { real: raised.length } },
    }); // prettier-ignore
    expect(body.settings).toEqual([
      expect.objectContaining({ false_per_day: 5, rate_multiplier: 1, is_present: true, anomalies: raised.length, kept: raised.length, real_lost: 0, lost: [], by_channel: body.raised.by_channel }),
    ]); // prettier-ignore
  });

  it('reports fewer the less is accepted, and names the real ones that are lost', async () => {
    const { body } = await ask('&rate_multiplier=100,0.01,1');
    const [least, present, most] = body.settings;
    expect(body.settings.map(({ rate_multiplier: rate }) => rate)).toEqual([0.01, 1, 100]);
    expect(present).toMatchObject({ is_present: true, real_lost: 0 });
    expect(least?.anomalies ?? NaN).toBeLessThan(most?.anomalies ?? NaN);
    expect(least?.real_lost).toBeGreaterThan(0);
    expect(least?.kept ?? NaN).toBe(raised.length - (least?.real_lost ?? NaN));
    expect(least?.lost.every(({ id }) => raised.some((one) => one.id === id))).toBe(true);
  });

  it('takes a set budget for the present one, and tries others around it', async () => {
    const set: DetectorSettingRecord = {
      type: 'set_sensitivity',
      tenant: 'other',
      id: 's',
      false_positives_per_day: 2,
      issued_by: 'test',
    };
    await tables.fill('detector_overrides', [
      {
        ...labelOf({ ...(raised[0] as AnomalyRecord), tenant: 'other' }, ''),
        ...set,
        state: 'active',
        anomaly_id: '',
        series_id: '',
        until_at: null,
      },
    ]);
    const { body } = await ask('', 'other');
    expect(body).toMatchObject({ present: { false_per_day: 2, is_set: true } });
    expect(body.settings.map(({ false_per_day: budget, is_present: is }) => [budget, is])).toEqual([[0.2, false], [0.6, false], [2, true], [6, false], [20, false]]); // prettier-ignore
  });

  it('replays one series beside its like, with their share of the budget, and counts its anomalies alone', async () => {
    const slow = raised.find(({ dimensions }) => dimensions['name'] === 'search') as AnomalyRecord;
    const { body } = await ask(`&series=${slow.series_id}&false_per_day=5`);
    const own = raised.filter(({ series_id: id }) => id === slow.series_id);
    expect(body).toMatchObject({
      series: 2,
      share_of_tenant: 1,
      raised: { anomalies: own.length },
      settings: [{ kept: own.length, anomalies: own.length }],
    });
  });

  it('shows nothing of another tenant, whatever it is asked for', async () => {
    const slow = raised[0] as AnomalyRecord;
    expect(await ask(`&series=${slow.series_id}`, 'other')).toMatchObject({ status: 404, error: { code: 'not_found' } });
    const { body } = await ask('&false_per_day=5', 'nobody');
    expect(body).toMatchObject({ series: 0, windows: 0, raised: { anomalies: 0 }, settings: [{ anomalies: 0 }] });
    expect((await ask('&false_per_day=5', 'other')).body.raised.by_label).not.toHaveProperty('real');
  });

  it.each([
    ['&false_per_day=few', 'false_per_day'],
    ['&false_per_day=1,2,3,4,5,6,7,8,9', 'false_per_day'],
    ['&false_per_day=0', 'false_per_day'],
    ['&rate_multiplier=1000', 'rate_multiplier'],
    ['&rate_multiplier=1&false_per_day=1', 'rate_multiplier'],
    [`&until=${isoTime(START)}`, 'since'],
    ["&series=x') OR 1=1 --", undefined],
  ])('refuses %s, and says what to give instead', async (query, parameter) => {
    const { status, error } = await ask(encodeURI(query));
    expect([status, typeof error?.['fix']]).toEqual([parameter === undefined ? 404 : 400, 'string']);
    expect(error?.['parameter']).toBe(parameter ?? 'series');
  });

  it('says what range was expected of a series, and how many of its runs lay in it', async () => {
    const slow = raised.find(({ dimensions }) => dimensions['name'] === 'search') as AnomalyRecord;
    const { status, body } = await tables.get(`/api/series/${slow.series_id}/expected?since=${SINCE}`);
    const shown = body['shown'] as number[][];
    expect(status).toBe(200);
    expect(body).toMatchObject({
      series_id: slow.series_id,
      metric: 'operation.duration',
      runs: shown.length,
      is_thinned: false,
    });
    const within = shown.filter(([, value = NaN, , low = NaN, high = NaN]) => value >= low && value <= high).length;
    expect(body['within']).toBe(within);
    expect(within).toBeLessThan(shown.length);
    expect(within).toBeGreaterThan(0.9 * shown.length);
    for (const id of [slow.series_id, "'; DROP TABLE x"]) {
      const other = await tables.get(`/api/series/${encodeURIComponent(id)}/expected?since=${SINCE}`, 'other');
      expect([other.status, JSON.stringify(other.body).includes('operation.duration')]).toEqual([404, false]);
    }
  });
});
