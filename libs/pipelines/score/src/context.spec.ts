import { type AnomalyRecord, TOPICS, type DetectorSettingRecord, type DetectorOverrideRow } from '@telltale/contracts';
import { scorerService, scorerConfig } from './index';
import { newTestTask, newTestRecord, outputsOf, rowsOf, type TestTask } from '@telltale/streaming/testing';
import { measureOf, newTestMeasure } from './measures.fixture';

const W = 10_000;
const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T00:00:00Z');

/** Ranges as far apart as it suits the test. */
const SCORER = scorerService.open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 3 * HOUR, SCORER_BACKFILL_AFTER_MS: 48 * HOUR }), {
  partitions: 1,
});

interface Said {
  readonly metric?: string;
  readonly dimensions?: Record<string, string>;
  readonly median: number;
  readonly errors?: number;
}

const tool = (name: string, median = 500, service = 'shop'): Said => ({
  dimensions: { service_name: service, kind: 'tool', name },
  median,
});
const turns = (median = 4_000): Said => ({ metric: 'turn.duration', dimensions: { service_name: 'shop' }, median });

const values = (median: number, i: number): number[] =>
  Array.from({ length: 10 }, (_, j) => median * Math.exp(0.3 * Math.sin(i * 7.3 + j * 2.1)));

/** One window of each series in each step, a range a step. */
function feed(task: TestTask, from: number, windows: number, said: readonly Said[]): AnomalyRecord[] {
  const found: AnomalyRecord[] = [];
  for (let i = 0; i < windows; i++) {
    const start = from + i * W;
    const records = said.map(({ metric, dimensions, median, errors = 0 }) =>
      measureOf(newTestMeasure(start, values(median, i), start + W, { ...(metric ? { metric } : {}), ...(dimensions ? { dimensions } : {}) }, errors)),
    ); // prettier-ignore
    found.push(...outputsOf<AnomalyRecord>(task.run({ now: start + W, records }), TOPICS.anomalies.name));
  }
  return found;
}

const opened = (found: readonly AnomalyRecord[]): AnomalyRecord[] => found.filter(({ state }) => state === 'open');
const WINDOWS = 2_500; // about seven hours

describe('new series', () => {
  it('are a word of their own in a service that is well known, and only there', () => {
    const sut = newTestTask(SCORER);
    expect(feed(sut, START, WINDOWS, [tool('search')])).toEqual([]);
    const found = feed(sut, START + WINDOWS * W, 3, [tool('search'), tool('refund'), tool('search', 500, 'other')]);
    expect(found).toMatchObject([
      { kind: 'novelty', state: 'closed', dimensions: { name: 'refund' }, summary: 'shop uses tool refund for the first time' },
    ]);
  });

  it.each([
    ['service.version', { service_version: '2.0' }, 'shop runs version 2.0 for the first time'],
    ['log.template', { log_template_id: 'ab12' }, 'a new kind of error log in shop (ab12)'],
  ])('of %s tell what is new, and are not judged', (metric, about, summary) => {
    const sut = newTestTask(SCORER);
    const old = tool('search');
    feed(sut, START, WINDOWS, [old]);
    const fresh = { ...old, metric, dimensions: { service_name: 'shop', ...about }, median: 1 };
    expect(feed(sut, START + WINDOWS * W, 3, [old, fresh])).toMatchObject([{ kind: 'novelty', metric, summary }]);
  });
  it('are reported ten times a day at most', () => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, [tool('search')]);
    const many = Array.from({ length: 30 }, (_, i) => tool(`new-${i}`));
    expect(feed(sut, START + WINDOWS * W, 2, many).filter(({ kind }) => kind === 'novelty')).toHaveLength(10);
  });
});

describe('no_data', () => {
  const quietFor = (sut: TestTask, from: number, said: readonly Said[], windows: number): AnomalyRecord[] => {
    const found = feed(sut, from, windows, said);
    const end = from + windows * W;
    for (let now = end + 1_000; now < end + 10 * 60_000; now += 1_000)
      if (sut.task.due(now + 3 * HOUR)) {
        found.push(...outputsOf<AnomalyRecord>(sut.run({ now: now + 3 * HOUR, records: [] }), TOPICS.anomalies.name));
        break;
      }
    return found;
  };

  it('of a service is one anomaly, and ends when it speaks again', () => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, [turns(), tool('search')]);
    const [missed, ...more] = quietFor(sut, START + WINDOWS * W, [], 0);
    expect(more).toEqual([]);
    expect(missed).toMatchObject({ kind: 'no_data', state: 'open', metric: 'turn.duration', direction: 'down' });
    expect(missed?.summary).toMatch(/^no turns of shop for .* usually every 10 s$/);
    expect(missed?.started_at).toBe(new Date(START + WINDOWS * W).toISOString());
    const back = feed(sut, START + WINDOWS * W + 4 * HOUR, 4, [turns()]);
    expect(back.filter(({ kind }) => kind === 'no_data')).toMatchObject([{ id: missed?.id, state: 'closed' }]);
  });

  it('of one tool of a service that goes on is reported as its own, once', () => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, [turns(), tool('search')]);
    const found = opened(feed(sut, START + WINDOWS * W, 60, [turns()])).filter(({ kind }) => kind === 'no_data');
    expect(found).toMatchObject([{ dimensions: { name: 'search' } }]);
  });
});

describe('what belongs together', () => {
  const four = (median: number) => ['a', 'b', 'c', 'd'].map((name) => tool(name, median));

  it('is reported as departing together, the parts explained by the whole', () => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, four(500));
    const found = opened(feed(sut, START + WINDOWS * W, 6, four(2_500)));
    const whole = found.find(({ dimensions }) => dimensions['name'] === undefined);
    expect(whole).toMatchObject({ dimensions: { service_name: 'shop', kind: 'tool' }, parent_anomaly_id: '' });
    const parts = found.filter(({ dimensions, channel }) => dimensions['name'] !== undefined && channel === 'value');
    expect(parts).toHaveLength(4);
    expect(parts.every(({ parent_anomaly_id: by }) => by === whole?.id)).toBe(true);
  });

  it('leaves it to the one part that departs alone', () => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, four(500));
    const found = opened(feed(sut, START + WINDOWS * W, 6, [tool('a', 5_000), ...four(500).slice(1)]));
    expect(found.map(({ dimensions }) => dimensions['name'])).toEqual(['a']);
    expect(found[0]?.parent_anomaly_id).toBe('');
  });
});

describe('a version of a service', () => {
  const version = (name: string, median = 4_000): Said => ({
    metric: 'version.duration',
    dimensions: { service_name: 'shop', service_version: name },
    median,
  });
  const RELEASE = START + WINDOWS * W;
  const known = (): TestTask => {
    const sut = newTestTask(SCORER);
    expect(feed(sut, START, WINDOWS, [turns(), version('1')])).toEqual([]);
    return sut;
  };

  it('that is slower than the service was is reported at once, and not those beside it', () => {
    const sut = known();
    const found = opened(feed(sut, RELEASE, 6, [turns(), version('1'), version('2', 20_000)]));
    expect(found.map(({ channel, dimensions }) => [channel, dimensions['service_version']])).toEqual([['value', '2']]);
    expect(found[0]?.summary).toMatch(/^turns of shop in version 2 took 20\.\d s, normally 3\.\d–4\.\d s, 5\.\d times the usual 3\.\d s \(last 10 turns\)$/);
    expect(found[0]?.parent_anomaly_id).toBe('');
  }); // prettier-ignore
  it('that is as the service was, or goes, is nothing to tell', () => {
    const sut = known();
    expect(feed(sut, RELEASE, 60, [turns(), version('1'), version('2')])).toEqual([]);
    expect(feed(sut, RELEASE + 60 * W, 400, [turns(), version('2')])).toEqual([]);
  });
  it('departs with the whole when it is all there is', () => {
    const sut = known();
    const found = opened(feed(sut, RELEASE, 6, [turns(20_000), version('1', 20_000)]));
    expect(found.map(({ metric }) => metric)).toEqual(['turn.duration']);
  });
  it('is explained by the whole when that departs with it', () => {
    const sut = known();
    feed(sut, RELEASE, 30, [turns(), version('1'), version('2')]);
    const found = opened(feed(sut, RELEASE + 30 * W, 3, [turns(20_000), version('1', 20_000), version('2', 20_000)]));
    const whole = found.find(({ metric }) => metric === 'turn.duration');
    expect(whole).toMatchObject({ parent_anomaly_id: '' });
    expect(found.filter(({ metric }) => metric === 'version.duration').map(({ parent_anomaly_id: by }) => by)).toEqual([whole?.id, whole?.id]);
  }); // prettier-ignore
  it('says the same after a restart', () => {
    const sut = known();
    const rest = (task: TestTask) => feed(task, RELEASE + 2 * W, 4, [turns(), version('1'), version('2', 20_000)]);
    feed(sut, RELEASE, 2, [turns(), version('1'), version('2', 4_200)]);
    const again = newTestTask(SCORER, new Map(sut.state));
    expect(rest(again)).toEqual(rest(sut));
    expect(again.state).toEqual(sut.state);
  });
});

describe('what people say', () => {
  const tell = (sut: TestTask, now: number, record: DetectorSettingRecord): DetectorOverrideRow[] =>
    rowsOf<DetectorOverrideRow>(
      sut.run({ now, records: [newTestRecord(TOPICS.detectorSettings.name, record)] }),
      'detector_overrides',
    );
  const iso = (at: number): string => new Date(at).toISOString();
  const FAULT = START + WINDOWS * W;
  const known = (): TestTask => {
    const sut = newTestTask(SCORER);
    feed(sut, START, WINDOWS, [tool('search')]);
    return sut;
  };

  it('a maintenance window marks what departs in it', () => {
    const sut = known();
    const window = { type: 'set_maintenance', tenant: 'acme', id: 'm1', service_name: 'shop', from: iso(FAULT - HOUR), until: iso(FAULT + HOUR), reason: 'release', issued_by: 'me' } as const; // prettier-ignore
    expect(tell(sut, FAULT, window)).toMatchObject([{ id: 'm1', state: 'active', type: 'set_maintenance' }]);
    expect(opened(feed(sut, FAULT, 4, [tool('search', 5_000)]))).toMatchObject([{ in_maintenance: true }]);
  });

  it('a window that was ended, or is for another service, marks nothing', () => {
    const sut = known();
    const window = { type: 'set_maintenance', tenant: 'acme', id: 'm1', from: iso(FAULT - HOUR), until: iso(FAULT + HOUR), reason: '', issued_by: 'me' } as const; // prettier-ignore
    tell(sut, FAULT, window);
    tell(sut, FAULT, { ...window, id: 'm2', service_name: 'other' });
    expect(tell(sut, FAULT, { type: 'end_maintenance', tenant: 'acme', id: 'm1', at: iso(FAULT), issued_by: 'me' })).toMatchObject([{ id: 'm1', state: 'ended' }]); // prettier-ignore
    expect(opened(feed(sut, FAULT, 4, [tool('search', 5_000)]))).toMatchObject([{ in_maintenance: false }]);
  });

  /** Errors of ten calls at which the series first speaks. */
  function readiness(...records: ((seriesId: string) => DetectorSettingRecord)[]): number {
    for (let errors = 1; errors <= 10; errors++) {
      const sut = known();
      const seriesId = newTestMeasure(START, [1], START, tool('search')).series_id;
      for (const record of records) tell(sut, FAULT, record(seriesId));
      const bad = feed(sut, FAULT, 1, [{ ...tool('search'), errors }]);
      if (opened([...bad, ...feed(sut, FAULT + W, 1, [tool('search')])]).length > 0) return errors;
    }
    return Infinity;
  }

  it('a series that was marked as false a few times speaks less readily, one with a lower rate_multiplier, too', () => {
    const mark = (id: string, expires: number) => (series_id: string): DetectorSettingRecord => ({ type: 'label_anomaly', tenant: 'acme', id, anomaly_id: id, series_id, label: 'false_positive', at: iso(FAULT), expires_at: iso(expires), issued_by: 'me' }); // prettier-ignore
    const ids = ['a', 'b', 'c'];
    const usual = readiness();
    const marked = readiness(...ids.map((id) => mark(id, FAULT + 24 * HOUR)));
    const over = readiness(...ids.map((id) => mark(id, FAULT - 1)));
    const strict = readiness(() => ({ type: 'set_sensitivity', tenant: 'acme', id: 's', metric: 'operation.duration', rate_multiplier: 0.01, issued_by: 'me' })); // prettier-ignore
    expect(marked).toBeGreaterThan(usual);
    expect(strict).toBeGreaterThan(usual);
    expect(over).toBe(usual);
  });

  it('is kept through a restart, and refused with the field where it is wrong', () => {
    const sut = known();
    tell(sut, FAULT, { type: 'set_maintenance', tenant: 'acme', id: 'm1', from: iso(FAULT - HOUR), until: iso(FAULT + HOUR), reason: '', issued_by: 'me' }); // prettier-ignore
    const again = newTestTask(SCORER, sut.state);
    expect(opened(feed(again, FAULT, 4, [tool('search', 5_000)]))).toMatchObject([{ in_maintenance: true }]);
    const { rejections } = again.run({ now: FAULT + HOUR, records: [newTestRecord(TOPICS.detectorSettings.name, { type: 'set_sensitivity', tenant: 'acme', id: 's', rate_multiplier: 5_000, issued_by: 'me' })] }); // prettier-ignore
    expect(rejections).toMatchObject([
      { step: 'read_detector_settings', error: expect.stringContaining('rate_multiplier') as string },
    ]);
  });
});

describe('a series that says nothing for a month', () => {
  it('is forgotten', () => {
    const sut = newTestTask(scorerService.open(scorerConfig.parse({ SERIES_TTL_DAYS: 1 }), { partitions: 1 }));
    feed(sut, START, 5, [tool('search'), turns()]);
    expect([...sut.state.keys()].filter((key) => key.startsWith('s/'))).toHaveLength(2);
    for (const days of [2, 3]) {
      const now = START + days * 24 * HOUR;
      sut.run({ now, records: [measureOf(newTestMeasure(now - W, [1], now, turns()))] });
      sut.run({ now: now + 30_000, records: [] });
    }
    expect([...sut.state.keys()].filter((key) => key.startsWith('s/'))).toHaveLength(1);
  });
});
