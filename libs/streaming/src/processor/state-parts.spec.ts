import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { applyState } from './task-processor';
import { newTestBroker, newTestRunner, newTestTopology, newTestStore, record, STATE } from './task-runner.fixture';
import { createStateParts, type StateChanges } from './state-parts';

const RECORD_BYTES = 500_000;
/** A short digest of each value: comparing large buffers is slow. */
const hexOf = (state: ReadonlyMap<string, Buffer>): Record<string, string> =>
  Object.fromEntries(
    [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, createHash('sha1').update(value).digest('hex')]),
  );

describe('state values of any size', () => {
  const value = fc.option(
    fc
      .tuple(fc.constantFrom(0, 3, 499_999, 500_000, 500_001, 1_700_000), fc.boolean())
      .map(([bytes, isText]) => (isText ? 'é'.repeat(bytes / 2) : Buffer.alloc(bytes, bytes % 251))),
  );
  const changes = fc.array(fc.dictionary(fc.constantFrom('a', 'b/1', '__position__'), value, { noNullPrototype: true }), {
    maxLength: 6,
  });

  it('are read back as written, also when overwritten, from records that fit the topic', () => {
    fc.assert(
      fc.property(changes, (written) => {
        const [records, expected] = [new Map<string, Buffer>(), new Map<string, Buffer>()];
        let parts = createStateParts();
        for (const [i, each] of written.entries()) {
          const change: StateChanges = new Map(Object.entries(each));
          applyState(expected, change);
          applyState(records, parts.split(change));
          for (const bytes of records.values()) expect(bytes.length).toBeLessThanOrEqual(RECORD_BYTES);
          // Another owner takes over.
          if (i % 2) parts = createStateParts();
          expect(hexOf(parts.join(records))).toEqual(hexOf(expected));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('do not end a task, however much state one batch writes', async () => {
    const log = newTestBroker([record(0)]);
    log.takeAtMost(STATE, RECORD_BYTES);
    const ids = Buffer.alloc(3_000_000, 'id');
    await newTestRunner(log, newTestStore(), { topology: newTestTopology({ state: new Map([['ids', ids]]) }) });
    let restored: ReadonlyMap<string, Buffer> = new Map();
    const topology = newTestTopology();
    await newTestRunner(log, newTestStore(), {
      topology: { ...topology, createTask: (task, state) => ((restored = state), topology.createTask(task, state)) },
    });
    expect(restored.get('ids')?.equals(ids)).toBe(true);
    expect([...restored.keys()]).toEqual(['ids']);
  });
});
