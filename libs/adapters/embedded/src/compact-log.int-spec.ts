import { type OutputRecord } from '@telltale/streaming';
import { systemClock as clock } from '@telltale/platform-telemetry';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compactEmbeddedLog } from './compact-log';
import { createEmbeddedBroker } from './embedded-broker';
import { openStorage } from './storage';

const sha256 = (value: Buffer | null) =>
  createHash('sha256')
    .update(value ?? '')
    .digest('hex');
const MB = 1024 * 1024;
const spec = (name: string, cleanupPolicy: 'delete' | 'compact') => ({ name, cleanupPolicy, retentionMs: 1, key: '', about: '', format: 'json' as const, partitions: 1, externalProducers: [], externalConsumers: [] }); // prettier-ignore

let path: string;
beforeEach(() => (path = mkdtempSync(join(tmpdir(), 'telltale-compact-'))));
afterEach(() => rmSync(path, { recursive: true, force: true }));
const file = () => join(path, 'data.mdb');
const copies = () => join(path, 'compacting');

/** All state that a restart reads from a broker. */
async function contents() {
  const storage = openStorage(path, clock);
  const partition = await storage.fence('g', 0, ['in']);
  const all = {
    state: [...storage.latestOf('state', 0)].map(([key, value]) => `${key} ${value.toString()}`),
    in: storage
      .read('in', 0, 0, { maxRecords: 1e6, maxBytes: Infinity })
      .map(({ offset, value }) => `${offset} ${sha256(value)}`),
    ends: ['in', 'state'].map((name) => [storage.startOf(name, 0), storage.endOf(name, 0)]),
    committed: storage.committed('g', 'in', 0),
  };
  await storage.close();
  return { all, epoch: partition.epoch };
}

/** A log of 48 MB, 16 MB of it in use. */
async function filled() {
  const storage = openStorage(path, clock);
  await storage.ensureTopics([spec('in', 'delete'), spec('state', 'compact')], 1);
  const partition = await storage.fence('g', 0, ['in']);
  const records = Array.from({ length: 100 }, (): OutputRecord => ({ topic: 'in', key: null, value: Buffer.alloc(40_000, 'x') }));
  for (let i = 0; i < 12; i++) {
    const state = Array.from({ length: 300 }, (_, key): OutputRecord => ({
      topic: 'state',
      key: `key-${key}`,
      value: `${i}-${key}`,
    }));
    await storage.produce([...records, ...state]);
  }
  await storage.transact(partition, [], new Map([['in', { offset: 800, metadata: 'range' }]]), () => undefined);
  const prune = async () => {
    const deadline = clock.monotonic() + 10_000;
    while (storage.startOf('in', 0) < 800 && clock.monotonic() < deadline) await storage.prune();
  };
  await prune();
  expect(storage.startOf('in', 0)).toBe(800);
  await storage.close();
  return contents();
}

describe('compaction of the log at startup', () => {
  it('returns free space to the disk and preserves all content', async () => {
    const before = await filled();
    const bytesBefore = statSync(file()).size;
    const done = await compactEmbeddedLog(path, { leastFreeBytes: MB });
    expect(done).toEqual({ bytesBefore, bytesAfter: statSync(file()).size });
    expect(statSync(file()).size).toBeLessThan(bytesBefore / 2);
    expect([statSync(file()).mode & 0o777, existsSync(copies())]).toEqual([0o600, false]);
    const after = await contents();
    expect(after).toEqual({ all: before.all, epoch: before.epoch + 1 });
    expect(await compactEmbeddedLog(path, { leastFreeBytes: MB })).toBeNull();
  });

  it('skips a log with little free space, or one that is open', async () => {
    expect(await compactEmbeddedLog(path)).toBeNull();
    await filled();
    const bytes = statSync(file()).size;
    expect(await compactEmbeddedLog(path)).toBeNull();
    const open = createEmbeddedBroker({ path, clock });
    expect(await compactEmbeddedLog(path, { leastFreeBytes: MB })).toBeNull();
    await open.close();
    expect([statSync(file()).size, existsSync(copies())]).toEqual([bytes, false]);
  });

  it('a kill during the copy leaves the log as it was, and the next start compacts it', async () => {
    const before = await filled();
    const script = join(path, 'compact.cjs');
    await build({
      stdin: {
        contents: `import { compactEmbeddedLog } from './compact-log'; void compactEmbeddedLog(process.argv[2], { leastFreeBytes: 1 });`,
        resolveDir: __dirname,
      },
      bundle: true,
      platform: 'node',
      packages: 'external',
      alias: Object.fromEntries(['kernel', 'engine', 'contracts'].map((name) => [`@telltale/${name}`, resolve(__dirname, `../../../${name}/src/index.ts`)])),
      outfile: script,
    }); // prettier-ignore
    const env = { ...process.env, NODE_PATH: resolve(__dirname, '../../../../node_modules') };
    const child = spawn(process.execPath, [script, path], { stdio: 'inherit', env });
    const ended = once(child, 'exit');
    const deadline = clock.monotonic() + 30_000;
    while (!existsSync(copies()) && clock.monotonic() < deadline);
    child.kill('SIGKILL');
    await ended;
    expect([child.signalCode, existsSync(copies())]).toEqual(['SIGKILL', true]);
    expect(await contents()).toEqual({ all: before.all, epoch: before.epoch + 1 });

    expect(await compactEmbeddedLog(path, { leastFreeBytes: MB })).not.toBeNull();
    expect(existsSync(copies())).toBe(false);
    expect(await contents()).toEqual({ all: before.all, epoch: before.epoch + 2 });
  }, 60_000);

  it.each([
    ['a half copy', () => { copyFileSync(file(), join(copies(), 'data.mdb')); truncateSync(join(copies(), 'data.mdb'), MB); }],
    ['the folder of a copy that was put in place', () => undefined],
  ])('%s that a killed process left is removed, and the log is used', async (_, leave) => {
    const before = await filled();
    mkdirSync(copies());
    leave();
    const bytes = readFileSync(file());
    expect(await compactEmbeddedLog(path)).toBeNull();
    expect(existsSync(copies())).toBe(false);
    expect(readFileSync(file()).equals(bytes)).toBe(true);
    expect((await contents()).all).toEqual(before.all);
  }); // prettier-ignore
});
