import { TOPICS } from '@telltale/contracts';
import { systemClock as clock } from '@telltale/platform-telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedBroker } from './embedded-broker';

const SIZES = [0, 1, 3_000, 70_000, 3_000_000];
const ROUNDS = 5;

it('what was read keeps its bytes while others are read and written, and pages of the file are used again', async () => {
  const path = mkdtempSync(join(tmpdir(), 'telltale-bytes-'));
  const broker = createEmbeddedBroker({ path, clock });
  try {
    await broker.ensureTopics([TOPICS.settings]);
    const kept: { readonly value: Buffer | null; readonly round: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // A record of a compacted topic replaces the one before, whose pages are free then.
      const records = SIZES.map((size) => ({ topic: TOPICS.settings.name, key: `k${size}`, value: Buffer.alloc(size, round) }));
      await broker.produce(records);
      for (const { value } of await broker.newest(TOPICS.settings.name, SIZES.length)) kept.push({ value, round });
    }
    expect(kept).toHaveLength(SIZES.length * ROUNDS);
    for (const [i, { value, round }] of kept.entries()) {
      const size = SIZES[i % SIZES.length] ?? 0;
      expect(value?.equals(Buffer.alloc(size, round))).toBe(true);
    }
  } finally {
    await broker.close();
    rmSync(path, { recursive: true, force: true });
  }
});
