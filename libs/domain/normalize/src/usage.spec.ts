import fc from 'fast-check';
import { disjointUsage } from './usage';

const count = fc.option(fc.nat(1_000_000));

describe('usage buckets', () => {
  it('share no token and add up to what was said, when the parts fit into the whole', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        (uncached, cacheRead, cacheWrite, text, reasoning) => {
          const b = disjointUsage({
            input: uncached + cacheRead + cacheWrite,
            cacheRead,
            cacheWrite,
            output: text + reasoning,
            reasoning,
          });
          expect(b).toEqual({
            usage_input_uncached: uncached,
            usage_cache_read: cacheRead,
            usage_cache_write: cacheWrite,
            usage_output: text,
            usage_reasoning: reasoning,
          });
        },
      ),
    );
  });
  it('are never negative, and null where nothing was said', () => {
    fc.assert(
      fc.property(count, count, count, count, count, (input, cacheRead, cacheWrite, output, reasoning) => {
        const b = disjointUsage({ input, cacheRead, cacheWrite, output, reasoning });
        for (const value of Object.values(b)) expect(value === null || value >= 0).toBe(true);
        expect(b.usage_input_uncached === null).toBe(input === null);
        expect(b.usage_output === null).toBe(output === null);
      }),
    );
  });
});
