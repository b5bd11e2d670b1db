import { ALL_TOPICS, type TopicSpec } from './topics';

const compacted = ALL_TOPICS.filter(({ cleanupPolicy }) => cleanupPolicy === 'compact');

describe('topics that keep the newest record of each key', () => {
  it.each(compacted)('$name is compacted early, in small files', ({ compaction }: TopicSpec) => {
    expect(compaction?.segmentBytes).toBe(64 * 1024 * 1024);
    expect(compaction?.minDirtyRatio).toBeLessThanOrEqual(0.2);
    expect(compaction?.maxLagMs).toBeGreaterThan(compaction?.minLagMs ?? Infinity);
  });

  it('keep every record for a day where tasks read them as input, so that a repeated batch finds what it had', () => {
    const inputs = compacted.filter(({ format }) => format !== 'internal');
    expect(inputs.map(({ name, compaction }) => [name, compaction?.minLagMs])).toEqual([
      ['telltale.control.v1', 86_400_000],
      ['telltale.settings.v1', 86_400_000],
    ]);
  });
});
