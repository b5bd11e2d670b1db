import { type Clock, isTransient } from '@telltale/kernel';
import { type KafkaContext } from './kafka-options';
import { createTopicAdmin } from './topic-admin';

/** An admin over connections that answer only when the test lets them. */
function newTestAdmin() {
  const connections: { isOpen: boolean; answer: (topics: string[]) => void; fail: (error: Error) => void }[] = [];
  const admin = () => {
    const connection = { isOpen: false, answer: (): void => undefined, fail: (): void => undefined };
    connections.push(connection);
    return {
      connect: () => Promise.resolve(void (connection.isOpen = true)),
      disconnect: () => Promise.resolve(void (connection.isOpen = false)),
      listTopics: () => new Promise<string[]>((resolve, reject) => Object.assign(connection, { answer: resolve, fail: reject })),
    };
  };
  const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
  const context = { kafka: { admin }, options: { clock } } as unknown as KafkaContext;
  return { admin: createTopicAdmin(context), connections };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An admin whose connections leave a topic out in its first `times` questions about offsets. */
function newForgetfulAdmin(times: number) {
  let connections = 0;
  let questions = 0;
  const admin = () => {
    connections++;
    return {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      fetchTopicMetadata: () => Promise.resolve({ topics: [{ partitions: [{}] }] }),
      fetchTopicOffsets: () =>
        ++questions <= times
          ? Promise.reject(new TypeError("Cannot destructure property 'partitions' of 'high.pop(...)' as it is undefined."))
          : Promise.resolve([{ partition: 0, low: '3', high: '7' }]),
    };
  };
  const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
  const context = { kafka: { admin }, options: { clock } } as unknown as KafkaContext;
  return { admin: createTopicAdmin(context), connections: () => connections, questions: () => questions };
}

describe('the admin connection', () => {
  it('is asked again, and kept, where it left a topic out', async () => {
    const { admin, connections } = newForgetfulAdmin(2);
    expect(await admin.offsetsOf('a')).toEqual([{ partition: 0, start: 3, end: 7 }]);
    expect(connections()).toBe(1);
  });
  it('is replaced where it goes on leaving it out', async () => {
    const { admin, connections, questions } = newForgetfulAdmin(50);
    expect(isTransient(await admin.offsetsOf('a').catch((error: unknown) => error))).toBe(true);
    expect(questions()).toBe(50);
    expect(await admin.offsetsOf('a')).toEqual([{ partition: 0, start: 3, end: 7 }]);
    expect(connections()).toBe(2);
  });

  it('answers what was asked before it was closed, and is then gone', async () => {
    const { admin, connections } = newTestAdmin();
    const asked = admin.existing();
    await settled();
    await admin.close();
    expect(connections.map(({ isOpen }) => isOpen)).toEqual([true]);
    connections[0]?.answer(['a']);
    expect(await asked).toEqual(new Set(['a']));
    expect(connections.map(({ isOpen }) => isOpen)).toEqual([false]);
  });

  it('is not opened again once it was closed, neither by a question nor by asking again', async () => {
    const { admin, connections } = newTestAdmin();
    const asked = admin.existing().catch((error: unknown) => error);
    await settled();
    await admin.close();
    connections[0]?.fail(Object.assign(new Error('moved'), { type: 'LEADER_NOT_AVAILABLE' }));
    expect(isTransient(await asked)).toBe(true);
    expect(isTransient(await admin.existing().catch((error: unknown) => error))).toBe(true);
    expect(connections.map(({ isOpen }) => isOpen)).toEqual([false]);
  });
});
