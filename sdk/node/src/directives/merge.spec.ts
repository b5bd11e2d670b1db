import fc from 'fast-check';
import { CONTENTS, SEVERITIES } from '../severity';
import { type Change, type Directive } from './directive';
import { merge, type Baseline } from './merge';

const baseline: Baseline = { minRank: 2, keep: 1, content: 'full' };
let count = 0;
const directive = (of: Directive['class'], set: Change, priority = 0): Directive => ({
  id: `d${count++}`, class: of, priority, version: 1, target: { hasUnknownField: false }, set, limits: {}, livesMs: 1,
}); // prettier-ignore
const boost = (set: Change, priority = 0): Directive => directive('boost', set, priority);
const restrict = (set: Change, priority = 0): Directive => directive('restrict', set, priority);

const values = (base: Baseline, all: readonly Directive[]) => {
  const { minRank, keep, content, level } = merge(
    base,
    all.filter((one) => one.class === 'boost'),
    all.filter((one) => one.class === 'restrict'),
  );
  return { min: SEVERITIES[minRank], keep, content, level };
};

describe('what holds for a record', () => {
  const quiet: Baseline = { minRank: 3, keep: 0.1, content: 'none' };
  it.each([
    ['what the application says', baseline, [], { min: 'info', keep: 1, content: 'full', level: 'normal' }],
    ['the most of all boosts', quiet, [boost({ min_severity: 'debug', keep: 0.2 }), boost({ min_severity: 'info', keep: 0.5, content: 'metadata' })], { min: 'debug', keep: 0.5, content: 'metadata', level: 'metadata' }],
    ['more content than the application asked for', quiet, [boost({ content: 'full' })], { min: 'warn', keep: 0.1, content: 'full', level: 'full' }],
    ['more content and severity', quiet, [boost({ content: 'full', min_severity: 'info' })], { min: 'info', keep: 0.1, content: 'full', level: 'debug' }],
    ['no less than the application, whatever a boost says', baseline, [boost({ min_severity: 'error', keep: 0.1, content: 'none' })], { min: 'info', keep: 1, content: 'full', level: 'normal' }],
    ['the least of all restricts', baseline, [restrict({ keep: 0.5, content: 'none' }), restrict({ keep: 0.2, content: 'metadata' })], { min: 'info', keep: 0.2, content: 'none', level: 'metadata' }],
    ['warnings, whatever a restrict says', baseline, [restrict({ min_severity: 'fatal' })], { min: 'warn', keep: 1, content: 'full', level: 'normal' }],
    ['a restrict over a boost of its priority', baseline, [boost({ min_severity: 'trace' }, 5), restrict({ min_severity: 'warn' }, 5)], { min: 'warn', keep: 1, content: 'full', level: 'normal' }],
    ['a boost over a restrict of lower priority', baseline, [boost({ min_severity: 'debug' }, 6), restrict({ min_severity: 'warn' }, 5)], { min: 'debug', keep: 1, content: 'full', level: 'debug' }],
    ['the boost of higher priority, where a restrict lowers one of less', baseline, [boost({ min_severity: 'debug' }, 6), boost({ min_severity: 'trace' }, 1), restrict({ min_severity: 'warn' }, 5)], { min: 'debug', keep: 1, content: 'full', level: 'debug' }],
    ['a restrict, in fields that the stronger boost says nothing of', baseline, [boost({ min_severity: 'debug' }, 6), restrict({ keep: 0.5 }, 5)], { min: 'debug', keep: 0.5, content: 'full', level: 'debug' }],
  ] as const)('is %s', (_, base, all, expected) => {
    expect(values(base, all)).toEqual(expected);
  }); // prettier-ignore

  it('names the directives that changed something', () => {
    const [a, b, c, d] = [boost({ min_severity: 'debug' }), boost({ min_severity: 'info' }), restrict({ keep: 0.5 }), restrict({ keep: 0.9 })] as const; // prettier-ignore
    expect(merge(baseline, [a, b], [c, d]).by).toEqual({ minRank: [a], keep: [c, d], content: [] });
  });

  it('names the boost of which a restrict takes back a part', () => {
    const [a, b] = [boost({ min_severity: 'trace' }), restrict({ min_severity: 'debug' })] as const;
    expect(merge(baseline, [a], [b])).toMatchObject({ minRank: 1, by: { minRank: [a], keep: [], content: [] } });
  });

  const change = fc.record({ min_severity: fc.constantFrom(...SEVERITIES), keep: fc.constantFrom(0.1, 0.5, 1), content: fc.constantFrom(...CONTENTS) }, { requiredKeys: [] }); // prettier-ignore
  const some = fc.array(fc.tuple(fc.constantFrom('boost' as const, 'restrict' as const), change, fc.integer({ min: 0, max: 3 })).map(([of, set, priority]) => directive(of, set, priority)), { maxLength: 6 }); // prettier-ignore

  it('is the same in whatever order they come, and however often', () => {
    fc.assert(
      fc.property(some, fc.integer(), (all, seed) => {
        const shuffled = [...all].sort((a, b) => ((a.id.length * 7 + seed) % 5) - ((b.id.length * 3 + seed) % 5)).reverse();
        expect(values(baseline, shuffled)).toEqual(values(baseline, all));
        expect(values(baseline, [...all, ...all])).toEqual(values(baseline, all));
      }),
    );
  });

  it('never hides a warning', () => {
    fc.assert(fc.property(some, (all) => expect(merge(baseline, [], all.filter((one) => one.class === 'restrict')).minRank).toBeLessThanOrEqual(3))); // prettier-ignore
  });
});
