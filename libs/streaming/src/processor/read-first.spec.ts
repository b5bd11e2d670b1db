import { type LogRecord } from '../ports/broker';
import { crashAt, newTestBroker, newTestRunner, newTestStore, newTestTopology, record, TOPIC } from './task-runner.fixture';

const SETTINGS = 'telltale.settings.v1';
const setting = (offset: number): LogRecord => ({ ...record(offset, `s${offset}`), topic: SETTINGS });
const topology = { ...newTestTopology(), inputs: [SETTINGS, TOPIC], readFirst: [SETTINGS] };
const valuesIn = (sink: ReturnType<typeof newTestStore>): string =>
  sink.rows().map((row) => (JSON.parse(row) as { value: string }).value).join(' '); // prettier-ignore

describe('a topic that is read first', () => {
  const backlog = Array.from({ length: 10 }, (_, i) => record(i));
  const many = Array.from({ length: 9 }, (_, i) => setting(i));

  it('is read to its end before any other record, also where the others come first from the broker', async () => {
    const sink = newTestStore();
    await newTestRunner(newTestBroker([...backlog, ...many], [SETTINGS, TOPIC]), sink, { topology });
    expect(valuesIn(sink)).toBe('s0 s1 s2 s3 s4 s5 s6 s7 s8 v0 v1 v2 v3 v4 v5 v6 v7 v8 v9');
  });

  it('comes after a batch that was announced before, which runs as it would have', async () => {
    const log = newTestBroker([...backlog], [SETTINGS, TOPIC]);
    const sink = newTestStore();
    await expect(newTestRunner(log, sink, { topology, failpoint: crashAt('after_intent') })).rejects.toThrow('crashed');
    const later = newTestBroker([...backlog, ...many], [SETTINGS, TOPIC]);
    log.state.forEach((value, key) => later.state.set(key, value));
    await newTestRunner(later, sink, { topology });
    expect(valuesIn(sink)).toBe('v0 v1 v2 v3 s0 s1 s2 s3 s4 s5 s6 s7 s8 v4 v5 v6 v7 v8 v9');
  });

  it('is an input like the others afterwards', async () => {
    const records = [setting(0), ...backlog.slice(0, 2)];
    const log = newTestBroker(records, [SETTINGS, TOPIC]);
    const sink = newTestStore();
    let isAdded = false;
    const onPending = (): void => {
      if (!isAdded && sink.rows().length >= 3) records.push(setting(1), record(2));
      isAdded ||= sink.rows().length >= 3;
    };
    await newTestRunner(log, sink, { topology, onPending, idleRounds: 2 });
    expect(valuesIn(sink)).toBe('s0 v0 v1 s1 v2');
    expect(sink.tokens.size).toBe(3);
  });

  it('is read once: the next owner of the task goes on behind it', async () => {
    const log = newTestBroker([setting(0), setting(1), record(0)], [SETTINGS, TOPIC]);
    const sink = newTestStore();
    for (let owner = 0; owner < 2; owner++) await newTestRunner(log, sink, { topology });
    expect(valuesIn(sink)).toBe('s0 s1 v0');
  });

  it('that has no partition for the task stops the service, which says what is wrong', async () => {
    const run = newTestRunner(newTestBroker([...backlog], [TOPIC]), newTestStore(), { topology });
    await expect(run).rejects.toThrow('telltale.settings.v1 has no partition 0, which scorer needs');
  });
});
