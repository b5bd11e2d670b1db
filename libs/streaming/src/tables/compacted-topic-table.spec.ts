import { PermanentError, TransientError } from '@telltale/kernel';
import { type Broker, type LogRecord } from '../ports/broker';
import { record, TOPIC } from '../processor/task-runner.fixture';
import { followCompactedTopic } from './compacted-topic-table';

const at = (partition: number, offset: number): LogRecord => ({ ...record(offset), partition });

/** A topic with these records now, and `later` ones that its tail brings too; `failures`: of the first reads. */
function newTestTable(now: LogRecord[], later: LogRecord[] = [], { partition = undefined as number | undefined, failures = [] as Error[] } = {}) {
  const stop = new AbortController();
  const happened: string[] = [];
  const of = (records: LogRecord[], only?: number) => records.filter((one) => only === undefined || one.partition === only);
  const broker: Pick<Broker, 'describe' | 'newest' | 'tail'> = {
    describe: (topics) =>
      Promise.resolve(topics.map((name) => ({ name, partitions: [0, 1].map((id) => ({ partition: id, start: 5, end: 5 + of(now, id).length })) }))),
    newest(_topic, limit, only) {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      happened.push(`reads ${limit}`);
      return Promise.resolve(of(now, only));
    },
    tail({ topics, from, partition: only, signal, onRecords }) {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      happened.push(`tails ${topics.join()} from ${from}`);
      expect(signal).toBe(stop.signal);
      return Promise.resolve(onRecords(of([...now, ...later], only)));
    },
  }; // prettier-ignore
  const log = (event: string) => void happened.push(event);
  const run = () =>
    followCompactedTopic({
      broker: broker as Broker,
      topic: TOPIC,
      ...(partition === undefined ? {} : { partition }),
      signal: stop.signal,
      clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve(void happened.push('waits')) },
      logger: { debug: log, info: log, warn: log, error: log },
      onRecord: ({ partition: of, offset }) => void happened.push(`${of}:${offset}`),
      onLoaded: () => void happened.push('loaded'),
    });
  return { run, happened, stop };
} // prettier-ignore

describe('a compacted topic in memory', () => {
  it('is loaded in order of offset; then come changes, and nothing a second time', async () => {
    const { run, happened } = newTestTable([at(0, 6), at(1, 5), at(0, 5)], [at(1, 6), at(0, 7)]);
    await run();
    expect(happened).toEqual(['reads 3', '1:5', '0:5', '0:6', 'loaded', `tails ${TOPIC} from start`, '1:6', '0:7']);
  });

  it('may be one partition only', async () => {
    const { run, happened } = newTestTable([at(0, 5), at(1, 5)], [at(0, 6), at(1, 6)], { partition: 1 });
    await run();
    expect(happened).toEqual(['reads 1', '1:5', 'loaded', `tails ${TOPIC} from start`, '1:6']);
  });

  it('is loaded at once when it is empty', async () => {
    const { run, happened } = newTestTable([], [at(0, 0)]);
    await run();
    expect(happened).toEqual(['loaded', `tails ${TOPIC} from start`, '0:0']);
  });

  it('is read again after a pause while the broker is away, and is loaded once', async () => {
    const away = new TransientError('unavailable', 'away');
    const { run, happened } = newTestTable([at(0, 5)], [], { failures: [away, away] });
    await run();
    const retry = ['compacted_topic_retries', 'waits'];
    expect(happened).toEqual([...retry, ...retry, 'reads 1', '0:5', 'loaded', `tails ${TOPIC} from start`]);
  });

  it('fails, and says so, when the broker refuses', async () => {
    const { run, happened } = newTestTable([at(0, 5)], [], { failures: [new PermanentError('rejected', 'no rights')] });
    await expect(run()).rejects.toThrow('no rights');
    expect(happened).toEqual(['compacted_topic_failed']);
  });

  it.each([
    ['refuses', new PermanentError('rejected', 'closed')],
    ['is away', new TransientError('unavailable', 'closed')],
  ])('ends quietly when it was stopped and the broker %s', async (_, failure) => {
    const { run, happened, stop } = newTestTable([at(0, 5)], [], { failures: [failure] });
    stop.abort();
    await run();
    expect(happened).toEqual([]);
  });
});
