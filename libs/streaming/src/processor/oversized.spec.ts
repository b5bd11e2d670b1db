import { TransientError } from '@telltale/kernel';
import { type OutputRecord, RecordsTooLarge } from '../ports/broker';
import { newTestBroker, newTestRunner, newTestTopology, newTestStore, record, STATE } from './task-runner.fixture';

const EVENTS = 'telltale.events.v1';
const DLQ = 'telltale.dlq.v1';
const event = (text: string): OutputRecord => ({ topic: EVENTS, key: 'trace', value: JSON.stringify({ tenant: 'acme', text }) });

describe('an output that is too large for its topic', () => {
  const newTest = (outputs: OutputRecord[]) => {
    const log = newTestBroker([record(0)]);
    const counts: [string, number][] = [];
    const metrics = {
      count: (name: string, labels: Readonly<Record<string, string>>, by = 1) =>
        void counts.push([`${name}/${labels['reason']}`, by]),
      observe: () => undefined,
      set: () => undefined,
    };
    const run = () => newTestRunner(log, newTestStore(), { topology: newTestTopology({ outputs }), metrics });
    const written = (topic: string) => log.transactions.at(-1)?.outputs.filter((output) => output.topic === topic) ?? [];
    return { log, run, written, counts };
  };

  it('goes to the DLQ in the same transaction, with topic, size and limit, and does not block the others', async () => {
    const { log, run, written, counts } = newTest([event('small'), event('x'.repeat(200)), event('small, too')]);
    log.takeAtMost(EVENTS, 100);
    log.failNext(new TransientError('unavailable', 'down'));
    await run();
    expect(written(EVENTS).map(({ value }) => (JSON.parse(String(value)) as { text: string }).text)).toEqual([
      'small',
      'small, too',
    ]);
    const [letter] = written(DLQ);
    expect(letter?.headers).toMatchObject({
      'tt-tenant': 'acme',
      'x-dlq-reason': 'too_large',
      'x-dlq-topic': EVENTS,
      'x-dlq-error': expect.stringMatching(
        /telltale\.events\.v1 has 227 bytes, .* at most 100: shorten it, or raise max\.message\.bytes/,
      ) as string,
    });
    expect(letter?.value).toContain('xxx');
    expect(log.offset()?.offset).toBe(1);
    expect(counts).toContainEqual(['telltale_dead_letter_records_total/too_large', 1]);
  });

  it('loses its body when it is too large for the DLQ too', async () => {
    const { log, run, written } = newTest([event('x'.repeat(200))]);
    log.takeAtMost(EVENTS, 100);
    log.takeAtMost(DLQ, 100);
    await run();
    expect(written(DLQ)).toMatchObject([{ value: null, headers: { 'x-dlq-reason': 'too_large' } }]);
    expect(log.offset()?.offset).toBe(1);
  });

  it('ends the task when it is state, which cannot be dropped', async () => {
    const { log, run } = newTest([]);
    log.takeAtMost(STATE, 0);
    await expect(run()).rejects.toBeInstanceOf(RecordsTooLarge);
    expect(log.offset()?.offset).toBe(0);
  });
});
