import fc from 'fast-check';
import { MAX_AHEAD_MS, nextBatchTime } from './batch-time';

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe('batch time', () => {
  it('is later than the last one, unless the clock is so far behind that it is set back', () => {
    fc.assert(
      fc.property(time, fc.oneof(time, fc.integer({ min: -90_000, max: 90_000 })), (wall, other) => {
        const last = other < 100_000 ? wall + other : other;
        const { now, takenBackMs } = nextBatchTime(wall, last);
        expect(now - wall).toBeLessThanOrEqual(MAX_AHEAD_MS);
        expect(takenBackMs === 0 ? now > last : now === wall && last - takenBackMs === wall).toBe(true);
      }),
    );
  });
});
