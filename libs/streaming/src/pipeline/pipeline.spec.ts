import { createPipeline, type Step } from './pipeline';
import { dlq, drop, ok } from './results';

interface Ctx {
  readonly now: number;
}
const createDoubleStep = (): Step<number, number, Ctx> => {
  return function doubleStep(n) {
    return ok(n * 2);
  };
};
const createGateStep = (): Step<number, number, Ctx> => {
  return function gateStep(n) {
    if (n < 0) return drop('empty');
    if (n > 100) return dlq('invalid_field', 'n: must be at most 100');
    if (n === 7) throw new RangeError('the value was 7');
    return ok(n);
  };
};

describe('a pipeline', () => {
  const pipeline = createPipeline<number, Ctx>().then(createGateStep()).then(createDoubleStep());

  it.each([
    ['walks every step', 5, { kind: 'ok', value: 10 }],
    ['stops at a drop and says where', -1, { kind: 'drop', reason: 'empty', step: 'gateStep' }],
    [
      'stops at a refusal with the field and the fix',
      101,
      { kind: 'dlq', reason: 'invalid_field', error: 'n: must be at most 100', step: 'gateStep' },
    ],
    [
      'turns a throw into a refusal that names the class and no content',
      7,
      { kind: 'dlq', reason: 'step_failed', step: 'gateStep', error: 'RangeError' },
    ],
  ])('%s', (_, input, expected) => {
    expect(pipeline.run(input, { now: 0 })).toEqual(expected);
  });

  it('refuses a step without a name, for the name is its metric label', () => {
    expect(() => pipeline.then((n) => ok(n))).toThrow(/named function/);
  });
});
