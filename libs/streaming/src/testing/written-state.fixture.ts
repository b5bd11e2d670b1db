import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Topology } from '../service/define-service';
import { newTestTask, type TestBatch, visibleEffects } from './task.fixture';

/** State as a build wrote it (base64 by key), and the effects of its next batches. */
interface WrittenState {
  readonly state: Readonly<Record<string, string>>;
  readonly effects: readonly string[];
}

const RECORD = 'RECORD_STATE';

function writtenBy(topology: Topology, before: readonly TestBatch[], after: readonly TestBatch[]): WrittenState {
  const task = newTestTask(topology);
  for (const batch of before) task.run(batch);
  const state = Object.fromEntries(
    [...task.state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, value.toString('base64')]),
  );
  return { state, effects: after.map((batch) => visibleEffects(task.run(batch), { withState: false })) };
}

/**
 * Tests that this build continues from state that earlier builds wrote. `folder` has one file per version of the state format, `1.json`,
 * `2.json` …; the last is the current format. When the format changes, this fails: raise the version of the codec, keep the decoder of the
 * one before, and record the next file with `RECORD_STATE=2 npx jest <spec>`.
 */
export function describeWrittenState(
  folder: string,
  topology: Topology,
  { before, after }: { readonly before: readonly TestBatch[]; readonly after: readonly TestBatch[] },
): void {
  const record = process.env[RECORD];
  if (record) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${record}.json`), `${JSON.stringify(writtenBy(topology, before, after), null, 1)}\n`);
  }
  const files = existsSync(folder) ? readdirSync(folder).sort((a, b) => parseInt(a) - parseInt(b)) : [];
  const read = (file: string): WrittenState => JSON.parse(readFileSync(join(folder, file), 'utf8')) as WrittenState;

  describe('state that an earlier build wrote', () => {
    it.each(files)('%s: a task continues from it as that build did', (file) => {
      const { state, effects } = read(file);
      const task = newTestTask(
        topology,
        new Map(Object.entries(state).map(([key, value]) => [key, Buffer.from(value, 'base64')])),
      );
      expect(after.map((batch) => visibleEffects(task.run(batch), { withState: false }))).toEqual(effects);
    });

    it(`has the current format as its last file (else record the next one: ${RECORD}=${files.length + 1})`, () => {
      expect(read(files.at(-1) ?? '').state).toEqual(writtenBy(topology, before, after).state);
    });
  });
}
