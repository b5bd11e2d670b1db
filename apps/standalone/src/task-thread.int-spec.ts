import { eventRecord, TOPICS } from '@telltale/contracts';
import { readConfig } from '@telltale/platform-nest-runtime';
import { type BatchEffects, type LogRecord, type TaskProcessor } from '@telltale/streaming';
import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPS } from './apps';
import { startTaskThread } from './task-thread';
import { THREADED } from './threaded-services';

const ROOT = join(__dirname, '..', '..', '..');
const START = Date.parse('2026-10-01T00:00:00Z');
const SECOND = 1_000;
const config = readConfig(APPS, { TELLTALE_HOME: '/nowhere' });

const empty = Object.fromEntries(
  Object.entries(eventRecord.shape).map(([name, field]) => [
    name,
    [undefined, '', null, [], {}, false, 0].find((value) => value !== undefined && field.safeParse(value).success),
  ]),
);
const recordOf = (topic: string, value: string, offset: number, key: string | null = null): LogRecord => ({
  topic, partition: 0, offset, key, value: Buffer.from(value), headers: {}, timestampMs: START,
}); // prettier-ignore
const events = Array.from({ length: 64 }, (_, i) =>
  JSON.stringify({
    ...empty, tenant: 'acme', id: `e${i}`, kind: 'llm', name: 'chat', ts: new Date(START + i).toISOString(), received_at: '2026-11-01T00:00:00.000Z', expires_on: '2026-12-01',
    status: 'ok', trace_id: `t${i >> 3}`, session_id: `s${i >> 4}`, service_name: 'bot', ingest_format: 'native', sampling_weight: 1, backfill: true, cost_nano_usd: i, usage_output: i,
    input: `[{"role":"user","content":"cancel order ${i} größer"}]`,
  }),
); // prettier-ignore

/** What comes of batches of these records, a second apart, and of silence after them. */
async function effectsOf(task: TaskProcessor, batches: readonly (readonly LogRecord[])[]): Promise<BatchEffects[]> {
  const all: BatchEffects[] = [];
  for (const [i, records] of [...batches, [], [], []].entries()) {
    const now = START + i * 2 * SECOND;
    if (records.length > 0 || (await task.due(now)))
      all.push(await task.process(records, { source: 'test/0', partition: 0, now }));
  }
  return all;
}

describe('the thread of tasks', () => {
  let folder: string;
  let bundle: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-thread-'));
    bundle = join(folder, 'tasks.cjs');
    await build({
      absWorkingDir: ROOT, entryPoints: ['apps/standalone/src/tasks.ts'], outfile: bundle, bundle: true, platform: 'node', format: 'cjs', tsconfig: 'tsconfig.base.json', logLevel: 'error',
    }); // prettier-ignore
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('comes to the same rows, records and state of turns, sessions, costs and scorer as tasks in this thread do', async () => {
    const thread = startTaskThread(config, 1, bundle);
    if (!thread) throw new Error('there is no thread');
    try {
      const run = async (service: string, batches: readonly (readonly LogRecord[])[]): Promise<BatchEffects[]> => {
        const near = await effectsOf((THREADED[service] as (typeof THREADED)[string])({ config, measurePartitions: 1 }).createTask(0, new Map()), batches); // prettier-ignore
        const far = await effectsOf(thread.createTask(service, 0, new Map()), batches);
        expect(far).toEqual(near);
        return far;
      };
      /** What a service wrote to a topic, as the next one reads it. */
      const writtenTo = (all: readonly BatchEffects[], { name }: { readonly name: string }): LogRecord[] =>
        all.flatMap(({ outputs }) => outputs).filter(({ topic }) => topic === name).map(({ value, key }, i) => recordOf(name, String(value), i, key)); // prettier-ignore

      const read = [...events, 'no event'].map((event, i) => recordOf(TOPICS.events.name, event, i));
      const turns = await run('turns', [read.slice(0, 30), read.slice(30)]);
      expect([writtenTo(turns, TOPICS.turns).length, turns.flatMap(({ rejections }) => rejections).length]).toEqual([8, 1]);
      expect(writtenTo(await run('sessions', [writtenTo(turns, TOPICS.turns)]), TOPICS.sessions)).toHaveLength(4);
      expect(writtenTo(await run('costs', [read]), TOPICS.costs)).not.toEqual([]);
      const measures = writtenTo(turns, TOPICS.measures);
      expect(measures).not.toEqual([]);
      const scored = await run('scorer', [measures]);
      expect(scored.some(({ state }) => state.size > 0)).toBe(true);
    } finally {
      await thread.close();
    }
  }, 60_000);

  it('that ends rejects the batch that waits for it, so that the process ends', async () => {
    const broken = join(folder, 'broken.cjs');
    writeFileSync(broken, "require('node:worker_threads').parentPort.once('message', () => process.exit(3));");
    const thread = startTaskThread(config, 1, broken);
    await expect(thread?.createTask('turns', 0, new Map()).due(START)).rejects.toThrow('the thread of tasks ended with 3');
    await thread?.close();
  });

  it('is not there where the program runs from sources: tasks then run in this thread', () => {
    expect(startTaskThread(config, 1)).toBeNull();
  });
});
