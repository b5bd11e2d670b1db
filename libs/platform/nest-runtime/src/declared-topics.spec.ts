import { type TopicSpec } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { onlyDeclared } from './declared-topics';

describe('the broker that a service gets', () => {
  const calls: string[] = [];
  const log = {
    produce: (records: { topic: string }[]) =>
      Promise.resolve(void calls.push(...records.map(({ topic }) => `produce ${topic}`))),
    newest: (topic: string, limit: number, partition?: number) =>
      Promise.resolve(void calls.push(`newest ${topic} ${limit} ${partition}`)),
    tail: ({ topics }: { topics: string[] }) => Promise.resolve(void calls.push(`tail ${topics.join()}`)),
  } as unknown as Broker;
  const topic = (name: string) => ({ name }) as TopicSpec;
  const sut = onlyDeclared(log, { name: 'shop', reads: [topic('in')], outputs: [topic('out'), topic('back')] });
  const record = (topic: string) => ({ topic, key: null, value: '' });
  const tailOf = (...topics: string[]) => ({
    topics,
    from: 'end' as const,
    signal: new AbortController().signal,
    onRecords: () => undefined,
  });

  it('reads and writes what the definition names', async () => {
    await sut.produce([record('out'), record('back')]);
    await sut.newest('in', 1, 2);
    await sut.tail(tailOf('in'));
    expect(calls).toEqual(['produce out', 'produce back', 'newest in 1 2', 'tail in']);
  });

  it.each([
    ['a record to another topic', () => sut.produce([record('out'), record('in')]), 'shop writes to in,'],
    ['the newest of another topic', () => sut.newest('out', 1), 'shop reads out,'],
    ['a tail of another topic', () => sut.tail(tailOf('in', 'back')), 'shop reads back,'],
    [
      'a group of its own',
      () => sut.join({ groupId: 'g', topics: ['in'], onAssigned: () => Promise.resolve() }),
      'outside its pipeline',
    ],
  ])('rejects %s', async (_, work, message) => {
    calls.length = 0;
    await expect(work()).rejects.toThrow(message);
    expect(calls).toEqual([]);
  });
});
