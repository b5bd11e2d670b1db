import { type Topology } from '../service/define-service';
import { crashAt, newTestBroker, newTestRunner, newTestTopology, newTestStore, record } from './task-runner.fixture';
import { type FailpointName } from './failpoint';

describe('settings of a batch', () => {
  /** Rows record the settings they were made under, and the count before. */
  const newServiceUnder = (settings: string): Topology => {
    const counting = newTestTopology();
    return {
      ...counting,
      settings,
      createTask(task, restored, intentSettings = settings) {
        const inner = counting.createTask(task, restored);
        const under = (row: string): string => JSON.stringify({ ...(JSON.parse(row) as object), under: intentSettings });
        return {
          ...inner,
          async process(records, ctx) {
            const effects = await inner.process(records, ctx);
            return {
              ...effects,
              rows: new Map([...effects.rows].map(([table, rows]) => [table, rows.map((row) => under(String(row)))])),
            };
          },
        };
      },
    };
  };
  const settingsOf = (sink: ReturnType<typeof newTestStore>): string =>
    sink.rows().map((row) => JSON.parse(row) as { seen: number; under: string }).map(({ seen, under }) => `${seen}${under}`).join(' '); // prettier-ignore
  const eight = Array.from({ length: 8 }, (_, i) => record(i));

  it.each(['after_intent', 'after_insert', 'before_commit'] as const)(
    '%s: the repeated batch uses the settings of its intent, later batches use the current ones',
    async (point) => {
      const log = newTestBroker(eight);
      const sink = newTestStore();
      await expect(newTestRunner(log, sink, { topology: newServiceUnder('a'), failpoint: crashAt(point) })).rejects.toThrow(
        'crashed',
      );
      await newTestRunner(log, sink, { topology: newServiceUnder('b'), at: 9_000_000 });
      expect(settingsOf(sink)).toBe('1a 2a 3a 4a 5b 6b 7b 8b');
      expect(log.state.get('__settings__')?.toString()).toBe('b');
    },
  );
  it('also apply to a batch whose intent was written with the commit before', async () => {
    const log = newTestBroker(Array.from({ length: 12 }, (_, i) => record(i)));
    const sink = newTestStore();
    let met = 0;
    const failpoint = (at: FailpointName): void => {
      if (at === 'after_insert' && ++met === 2) throw new Error('crashed');
    };
    await expect(newTestRunner(log, sink, { topology: newServiceUnder('a'), failpoint })).rejects.toThrow('crashed');
    await newTestRunner(log, sink, { topology: newServiceUnder('b') });
    expect(settingsOf(sink)).toBe('1a 2a 3a 4a 5a 6a 7a 8a 9b 10b 11b 12b');
  });
  it('apply at once without a pending intent, and are written once', async () => {
    const log = newTestBroker(eight.slice(0, 4));
    const sink = newTestStore();
    await newTestRunner(log, sink, { topology: newServiceUnder('a') });
    const more = newTestBroker(eight);
    log.state.forEach((value, key) => more.state.set(key, value));
    await newTestRunner(more, sink, { topology: newServiceUnder('b') });
    expect(settingsOf(sink)).toBe('1a 2a 3a 4a 5b 6b 7b 8b');
    const written = [...log.transactions, ...more.transactions].flatMap(({ outputs }) =>
      outputs.filter(({ key }) => key === '__settings__').map(({ value }) => value),
    );
    expect(written).toEqual(['a', 'b']);
  });
  it('are not guessed for an intent that was written before settings were stored', async () => {
    const log = newTestBroker(eight);
    const sink = newTestStore();
    await expect(newTestRunner(log, sink, { failpoint: crashAt('after_intent') })).rejects.toThrow('crashed');
    await newTestRunner(log, sink, { topology: newServiceUnder('b') });
    expect(settingsOf(sink)).toBe('1b 2b 3b 4b 5b 6b 7b 8b');
  });
});
