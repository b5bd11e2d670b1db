import { systemClock as clock } from '@telltale/platform-telemetry';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedBroker } from './embedded-broker';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'telltale-files-'));
  path = join(home, 'log');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
const open = () => createEmbeddedBroker({ path, clock });
async function made(): Promise<string> {
  await open().close();
  return join(path, 'data.mdb');
}

describe('the folder of the log', () => {
  it.each<[string, string, () => Promise<void>]>([
    ['a text file in place of the log', 'is no log', async () => writeFileSync(await made(), 'hello\n')],
    ['other bytes in place of the log', 'is no log', async () => writeFileSync(await made(), Buffer.alloc(200_000, 7))],
    ['a log without its second page', 'is cut off', async () => truncateSync(await made(), 4_096)],
    ['a log that is cut off', 'is cut off', async () => truncateSync(await made(), 8_192)],
    ['a file in place of the folder', 'there is a file where the folder should be', async () => { writeFileSync(path, ''); }],
  ])('%s: one sentence with the folder and the fix, and the process goes on', async (_, said, damage) => {
    await damage();
    expect(open).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(said) as string }) as Error);
    expect(open).toThrow(path);
  }); // prettier-ignore

  it('is made accessible to its owner only, even when it was not before', async () => {
    mkdirSync(path);
    chmodSync(path, 0o755);
    await made();
    expect([statSync(path).mode & 0o777, statSync(join(path, 'data.mdb')).mode & 0o777]).toEqual([0o700, 0o600]);
  });
});
