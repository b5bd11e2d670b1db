import { systemClock as clock } from '@telltale/platform-telemetry';
import { type OutputRecord } from '@telltale/streaming';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedBroker } from './embedded-broker';

const MOUNT_BYTES = 8 * 1024 * 1024;
const disk = mkdtempSync(join(tmpdir(), 'telltale-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_BYTES}`, 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});
const topic = (name: string) => ({ name, cleanupPolicy: 'delete' as const, retentionMs: 1e12, key: '', about: '', format: 'json' as const, partitions: 1, externalProducers: [], externalConsumers: [] }); // prettier-ignore
const record = (value: Buffer): OutputRecord => ({ topic: 'in', key: null, value });

(isMounted ? describe : describe.skip)(
  `a full disk${isMounted ? '' : ' (skipped: this user may not mount a small disk)'}`,
  () => {
    it('rejects transiently with the path, keeps stored records, and continues when space is free', async () => {
      const path = join(disk, 'log');
      mkdirSync(path);
      const broker = createEmbeddedBroker({ path, clock });
      await broker.ensureTopics([topic('in')]);
      await broker.produce([record(Buffer.from('first'))]);
      const lease = await new Promise<Parameters<Parameters<typeof broker.join>[0]['onAssigned']>[0]>((resolve) => {
        void broker.join({ groupId: 'g', topics: ['in'], onAssigned: (one) => (resolve(one), Promise.resolve()) });
      });

      const filler = join(disk, 'filler');
      expect(() => writeFileSync(filler, Buffer.alloc(2 * MOUNT_BYTES))).toThrow('ENOSPC');
      const full = { code: 'disk_full', message: expect.stringContaining(`the disk that holds ${path} is full (0.0 MB free)`) as string }; // prettier-ignore
      await expect(broker.produce([record(Buffer.from('refused'))])).rejects.toMatchObject(full);
      // Tasks may use the reserve, so their write is the one that fails in LMDB; several run concurrently, as tasks do.
      const big = [record(Buffer.alloc(500_000))];
      const offsets = new Map([['in', { offset: 1, metadata: '' }]]);
      const failed = await Promise.allSettled([1, 2, 3].map(() => lease.transact(big, offsets)));
      for (const one of failed) expect(one).toMatchObject({ status: 'rejected', reason: full });
      expect((await lease.committed()).get('in')).toEqual({ offset: 0, metadata: '' });

      rmSync(filler);
      await lease.transact([record(Buffer.from('second'))], offsets);
      await broker.produce([record(Buffer.from('third'))]);
      expect((await broker.newest('in', 10)).map(({ value }) => value?.toString())).toEqual(['first', 'second', 'third']);
      await broker.close();
    });
  },
);
