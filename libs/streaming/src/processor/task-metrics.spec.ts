import { type Clock, TransientError } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Metrics } from '../ports/metrics';
import { newTestBroker, newTestRunner, newTestTopology, newTestStore, record, TOPIC } from './task-runner.fixture';
import { latenciesOf } from './task-metrics';

/** Metrics that record their values by name and labels. */
function newTestMetrics() {
  const observed = new Map<string, number[]>();
  const gauges: [string, Readonly<Record<string, string>>, number][] = [];
  const metrics: Metrics = {
    count: () => undefined,
    set: (...gauge) => void gauges.push(gauge),
    observe: (name, labels, value) => {
      const key = [name, ...Object.values(labels)].join(' ');
      observed.set(key, [...(observed.get(key) ?? []), value]);
    },
  };
  return { metrics, observed, gauges };
}
/** Every read of the monotonic clock is one second later. */
const newTestClock = (): Clock => {
  let seconds = 0;
  return { now: () => 60_000, monotonic: () => 1_000 * seconds++, sleep: () => Promise.resolve() };
};
const at = (offset: number, timestampMs: number, headers: LogRecord['headers'] = {}): LogRecord => ({
  ...record(offset),
  timestampMs,
  headers,
});

describe('latencies of a batch', () => {
  it('are those of the first and the last record of each topic', () => {
    const other = { ...at(3, 59_000), topic: 'other' };
    expect(latenciesOf([at(0, 10_000), at(1, 20_000), at(2, 30_000), other], 60_000)).toEqual([
      { topic: TOPIC, seconds: 50 },
      { topic: TOPIC, seconds: 30 },
      { topic: 'other', seconds: 1 },
      { topic: 'other', seconds: 1 },
    ]);
  });

  it.each([
    ['from the arrival at the gateway', { 'tt-received-at': '1970-01-01T00:00:05.000Z' }, 55],
    ['from the timestamp where the header is no time', { 'tt-received-at': 'yesterday' }, 50],
    ['as nothing where another clock is ahead', { 'tt-received-at': '1970-01-01T00:02:00.000Z' }, 0],
  ])('count %s', (_what, headers, seconds) => {
    expect(latenciesOf([at(0, 10_000, headers)], 60_000)[0]).toEqual({ topic: TOPIC, seconds });
  });
});

describe('a task', () => {
  it('reports restore, insert and commit durations and end-to-end latency once per batch', async () => {
    const { metrics, observed } = newTestMetrics();
    const log = newTestBroker([at(0, 10_000), at(1, 20_000), at(2, 30_000)]);
    await newTestRunner(log, newTestStore(), { metrics, clock: newTestClock() });
    expect([...observed.keys()].sort()).toEqual([
      'telltale_commit_duration_seconds scorer',
      `telltale_end_to_end_latency_seconds scorer ${TOPIC}`,
      'telltale_insert_duration_seconds alerts',
      'telltale_state_restore_seconds scorer',
    ]);
    expect(observed.get(`telltale_end_to_end_latency_seconds scorer ${TOPIC}`)).toEqual([50, 30]);
    expect(observed.get('telltale_insert_duration_seconds alerts')).toEqual([1]);
    expect(observed.get('telltale_commit_duration_seconds scorer')).toHaveLength(1);
  });

  it('measures the successful insert without the attempts before it', async () => {
    const { metrics, observed } = newTestMetrics();
    const sink = newTestStore();
    sink.failNext(new TransientError('unavailable', 'down'), new TransientError('unavailable', 'down'));
    await newTestRunner(newTestBroker([at(0, 0)]), sink, { metrics, clock: newTestClock() });
    expect(observed.get('telltale_insert_duration_seconds alerts')).toEqual([1]);
  });

  it('reports no latency for a batch that writes no rows', async () => {
    const { metrics, observed } = newTestMetrics();
    await newTestRunner(newTestBroker([at(0, 0)]), newTestStore(), { metrics, topology: newTestTopology({ rows: new Map() }) });
    expect([...observed.keys()].filter((key) => key.includes('latency'))).toEqual([]);
    expect(observed.get('telltale_commit_duration_seconds scorer')).toHaveLength(1);
  });

  describe('with a gauge', () => {
    const labels = { service: 'scorer', partition: '0' };
    const topology = newTestTopology({ gauges: { telltale_open_turns: 3 } });

    it('sets it when a batch is committed, and to nothing when it ends', async () => {
      const { metrics, gauges } = newTestMetrics();
      await newTestRunner(newTestBroker([at(0, 0)]), newTestStore(), { metrics, topology });
      expect(gauges).toEqual([['telltale_open_turns', labels, 3], ['telltale_open_turns', labels, 0]]); // prettier-ignore
    });

    it('sets it not before the batch is committed', async () => {
      const { metrics, gauges } = newTestMetrics();
      const log = newTestBroker([at(0, 0)]);
      const crash = (at: string): void => {
        if (at === 'before_commit') throw new Error('killed');
      };
      await expect(newTestRunner(log, newTestStore(), { metrics, topology, failpoint: crash })).rejects.toThrow('killed');
      expect(gauges).toEqual([]);
    });
  });
});
