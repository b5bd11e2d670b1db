import { createDlqLimit } from './dlq-limit';

describe('the limit of failures', () => {
  const newSut = () => createDlqLimit({ ratio: 0.5, window: 10 });
  /** Whether it trips after each batch of inputs and failures. */
  const tripped = (...batches: readonly (readonly [inputs: number, failed: number])[]): boolean[] => {
    const sut = newSut();
    return batches.map(([inputs, failed]) => sut.record(inputs, failed));
  };

  it.each<[string, [number, number][], boolean[]]>([
    ['trips when more than half of the last inputs failed', [[5, 5], [5, 1]], [false, true]],
    ['allows half of them', [[5, 5], [5, 0]], [false, false]],
    ['waits until there were enough inputs', [[9, 9]], [false]],
    ['counts each input once: what failed before does not count again', [[10, 5], [10, 4], [10, 6]], [false, false, true]],
    ['counts the inputs of each time on their own', [[90, 0], [10, 6]], [false, true]],
  ])('%s', (_, batches, expected) => expect(tripped(...batches)).toEqual(expected)); // prettier-ignore
});
