import { z } from 'zod';
import { pipelineUnder } from './pipeline-settings';

describe('a pipeline under settings', () => {
  const own = { most: 3, unit: 'ms' };
  const schema = z.object({ most: z.number(), unit: z.string().default('s') });
  /** The settings that a task gets whose intent has these. */
  const underIntent = (...intent: string[]): unknown => {
    let got: unknown;
    const nothing = { process: () => { throw new Error('not part of this test'); }, due: () => false }; // prettier-ignore
    const { createTask } = pipelineUnder(schema, own, (settings, restored, partition) => {
      got = { settings, restored, partition };
      return nothing;
    });
    expect(createTask(2, new Map(), ...intent)).toBe(nothing);
    return got;
  };

  it.each([
    ['its own without an intent', [], own],
    ['its own where the intent has the same', [JSON.stringify(own)], own],
    ['those of the intent, with defaults for what is new', ['{"most":1}'], { most: 1, unit: 's' }],
  ])('creates a task under %s', (_, intent, settings) => {
    expect(pipelineUnder(schema, own, () => { throw new Error('none'); }).settings).toBe(JSON.stringify(own));
    expect(underIntent(...intent)).toEqual({ settings, restored: new Map(), partition: 2 });
  }); // prettier-ignore
});
