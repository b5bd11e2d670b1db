import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { type LogRecord } from '../ports/broker';
import { type BatchEffects, type TaskProcessor } from '../processor/task-processor';
import { createStepTimer } from '../pipeline/step-timer';
import { packValues, unpackValues } from './packed-values';
import { createRemoteTasks } from './remote-tasks';
import { serveTasks } from './serve-tasks';
import { type TaskPort } from './task-messages';

/** Two ends that pass messages as threads do: cloned, with the memory handed over, and later. */
function newTestChannel(): [TaskPort, TaskPort] {
  const listeners: ((message: unknown) => void)[] = [];
  const end = (own: number, other: number): TaskPort => ({
    send(message, transfer) {
      const cloned: unknown = structuredClone(message, { transfer: [...transfer] });
      void setImmediate().then(() => listeners[other]?.(cloned));
    },
    receive: (listener) => void (listeners[own] = listener),
  });
  return [end(0, 1), end(1, 0)];
}

const record = (offset: number, value: string | null): LogRecord => ({
  topic: 'in',
  partition: 3,
  offset,
  key: value,
  value: value === null ? null : Buffer.from(value),
  headers: { at: `${offset}` },
  timestampMs: offset,
});
const batch = { source: 'test/3', partition: 3, now: 77 };
const RECORDS = [record(0, 'zero'), record(1, null), record(2, '')];

/** Everything effects can hold, made of what it was given. */
const createEchoTask = (partition: number, restored: ReadonlyMap<string, Buffer>, settings = ''): TaskProcessor => ({
  process(records, ctx): BatchEffects {
    return {
      outputs: [
        { topic: 'out', partition, key: null, value: Buffer.from(JSON.stringify([records.map(Object.entries).map((fields) => fields.sort()), ctx, settings])) },
        { topic: 'out', key: 'k', value: null, headers: { h: '1' } },
        { topic: 'out', key: 'text', value: 'text' },
      ],
      rows: new Map([['a', ['{"row":1}', Buffer.from('{"row":2}')]], ['b', []]]),
      state: new Map<string, Buffer | string | null>([...restored, ['gone', null], ['said', 'ä']]),
      rejections: [
        { record: records[2] as LogRecord, reason: 'undecodable', step: 's', error: 'e', tenant: 't' },
        { record: records[0] as LogRecord, reason: 'undecodable', step: 's', error: 'e', tenant: 't', part: { value: Buffer.from('part'), headers: { h: '2' } } },
      ],
      counts: { seen: records.length },
      gauges: { open: 1 },
    };
  },
  due: (now) => now > 100,
}); // prettier-ignore

function newTestTasks(createTask: typeof createEchoTask = createEchoTask) {
  const [here, there] = newTestChannel();
  let reads = 0;
  const pipelineOf = (service: string) => {
    if (service !== 'echo') throw new Error(`no service ${service}`);
    return { createTask };
  };
  serveTasks(there, pipelineOf, { monotonic: () => 5 * reads++ });
  return createRemoteTasks(here);
}
const STATE = new Map([['one', Buffer.from('1')], ['two', Buffer.alloc(0)]]); // prettier-ignore

describe('a task in another thread', () => {
  it('measures its steps there where they are measured here, and only then', async () => {
    const timed: boolean[] = [];
    const tasks = newTestTasks((partition, restored, settings) => ({
      ...createEchoTask(partition, restored, settings),
      process(records, { timer }) {
        timed.push(timer !== undefined);
        timer?.started();
        timer?.passed('read');
        timer?.passed('write');
        timer?.passed('write');
        return createEchoTask(partition, restored, settings).process(records, batch);
      },
    }));
    const far = tasks.createTask('echo', 3, STATE);
    const timer = createStepTimer({ monotonic: () => 0 });
    await far.process(RECORDS, batch);
    await far.process(RECORDS, { ...batch, timer });
    expect({ timed, steps: timer.take() }).toEqual({ timed: [false, true], steps: [['read', 5], ['write', 10]] }); // prettier-ignore
  });

  it('comes to the same effects, and rejects the very records it was given', async () => {
    const near = createEchoTask(3, STATE, 'own');
    const far = newTestTasks().createTask('echo', 3, STATE, 'own');
    const effects = await far.process(RECORDS, batch);
    expect(effects).toEqual(await near.process(RECORDS, batch));
    expect(effects.rejections.map((one) => RECORDS.indexOf(one.record))).toEqual([2, 0]);
    expect([await far.due(100), await far.due(101)]).toEqual([false, true]);
  });

  it('leaves records and restored state as they are: a batch that fails to commit is processed from them again', async () => {
    const far = newTestTasks().createTask('echo', 3, STATE);
    const first = await far.process(RECORDS, batch);
    expect(await far.process(RECORDS, batch)).toEqual(first);
    expect([...STATE.values()].map(String)).toEqual(['1', '']);
  });

  it('is created again under its name, as after a batch that ran under other settings', async () => {
    const tasks = newTestTasks();
    tasks.createTask('echo', 3, STATE, 'first');
    const again = tasks.createTask('echo', 3, new Map(), 'second');
    const { outputs, state } = await again.process(RECORDS, batch);
    expect([outputs[0]?.value?.toString().includes('second'), state.has('one')]).toEqual([true, false]);
  });

  it('rejects a batch with what went wrong in it, and takes the next', async () => {
    let fails = true;
    const far = newTestTasks((...given) => ({
      ...createEchoTask(...given),
      process: (...batchOf) => {
        if (fails) throw new RangeError('state is full');
        return createEchoTask(...given).process(...batchOf);
      },
    })).createTask('echo', 3, STATE);
    await expect(far.process(RECORDS, batch)).rejects.toThrow('RangeError: state is full');
    fails = false;
    expect((await far.process(RECORDS, batch)).counts).toEqual({ seen: 3 });
  });

  it.each<[string, string, string, typeof createEchoTask]>([
    ['a service that is not there', 'other', 'no service other', createEchoTask],
    ['state that cannot be read', 'echo', 'version 9', () => { throw new Error('version 9'); }],
    ['a rejected record that is none of the batch', 'echo', 'rejects a record that is not one of the batch', (...given) => ({ ...createEchoTask(...given), process: () => createEchoTask(...given).process([...RECORDS], batch) })],
    ['effects in memory that wants to be released', 'echo', 'cannot run in another thread', (...given) => ({ ...createEchoTask(...given), process: async (...of) => ({ ...(await createEchoTask(...given).process(...of)), release: () => undefined }) })],
  ])('rejects its first batch for %s', async (_, service, said, createTask) => {
    const far = newTestTasks(createTask).createTask(service, 3, STATE);
    await expect(far.process(RECORDS, batch)).rejects.toThrow(said);
  }); // prettier-ignore

  it('rejects what waits, and all that comes, once the thread is lost', async () => {
    const [here] = newTestChannel();
    const tasks = createRemoteTasks(here);
    const far = tasks.createTask('echo', 3, STATE);
    const waiting = far.process(RECORDS, batch);
    tasks.lost(new Error('the thread ended'));
    await expect(waiting).rejects.toThrow('the thread ended');
    await expect(far.due(0)).rejects.toThrow('the thread ended');
  });
});

it('values are the same unpacked', () => {
  const value = fc.oneof(fc.constant(null), fc.string(), fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes))); // prettier-ignore
  fc.assert(fc.property(fc.array(value), (values) => expect(unpackValues(packValues(values))).toEqual(values)));
});
