import { type Kafka } from 'kafkajs';
import { type KafkaContext } from './kafka-options';
import { joinGroup } from './membership';
import { type StateReader } from './state-reader';
import { type TopicAdmin } from './topic-admin';

/** A member of a group whose assignments come from the test; `producers` counts those that were made to own a task. */
async function newTestMember() {
  const listeners = new Map<string, (event: { payload: unknown }) => void>();
  const asked: (() => void)[] = [];
  const consumer = {
    events: { GROUP_JOIN: 'join', HEARTBEAT: 'heartbeat', CRASH: 'crash' },
    on: (event: string, listener: (event: { payload: unknown }) => void) => listeners.set(event, listener),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: () => Promise.resolve(),
    pause: () => undefined,
    disconnect: () => Promise.resolve(),
  };
  let producers = 0;
  const producer = () => {
    producers++;
    return {
      // Answers when the test lets it.
      connect: () => new Promise<void>((_, reject) => asked.push(() => reject(new Error('no broker')))),
      disconnect: () => Promise.resolve(),
    };
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => (signal?.aborted ? resolve() : signal?.addEventListener('abort', () => resolve())));
  const context = {
    kafka: { consumer: () => consumer, producer } as unknown as Kafka,
    options: { clock: { now: () => 0, sleep }, logger: silent },
  } as unknown as KafkaContext;
  const sut = await joinGroup(context, {} as TopicAdmin, {} as StateReader, {
    groupId: 'group',
    topics: ['in'],
    onAssigned: () => Promise.resolve(),
  });
  return {
    sut,
    producers: () => producers,
    join: (...partitions: number[]) => listeners.get('join')?.({ payload: { memberAssignment: { in: partitions } } }),
    failConnections: () => {
      for (const fail of asked.splice(0)) fail();
    },
  };
}

describe('a member that leaves its group', () => {
  it('takes no task that it is assigned while its tasks end', async () => {
    const { sut, producers, join, failConnections } = await newTestMember();
    join(0);
    expect(producers()).toBe(1);
    const left = sut.leave();
    join(0, 1);
    failConnections();
    await left;
    expect(producers()).toBe(1);
  });
});
