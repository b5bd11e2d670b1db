import { createEffects } from '../pipeline/effects';
import { allOf, type BatchState } from './batch-state';

describe('parts of a state together', () => {
  const happened: string[] = [];
  const part = (name: string, dueAt: number): BatchState => ({
    startBatch: (now) => void happened.push(`${name} starts at ${now}`),
    flush: (effects) => effects.state(name, 'flushed'),
    due: (now) => now >= dueAt,
  });
  const sut = allOf(part('a', 20), part('b', 10));

  it('start and end a batch in their order', () => {
    const effects = createEffects();
    sut.startBatch(5);
    sut.flush(effects);
    expect(happened).toEqual(['a starts at 5', 'b starts at 5']);
    expect([...effects.done().state]).toEqual([['a', 'flushed'], ['b', 'flushed']]); // prettier-ignore
  });

  it('are due when one of them is', () => expect([9, 10, 20].map(sut.due)).toEqual([false, true, true]));
});
