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

describe('the admin connection', () => {
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
