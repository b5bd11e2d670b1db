import { startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(60_000);
const FOLDER = join(__dirname, '..', 'scenarios');

/** The engine gives 64-bit numbers as text. */
const plain = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ]),
  );

// Each folder: input.ndjson goes in by the receiver, expect.sql must answer expected.json.
describe('scenario', () => {
  it.each(readdirSync(FOLDER))('%s', async (name) => {
    const read = (file: string): string => readFileSync(join(FOLDER, name, file), 'utf8');
    const home = mkdtempSync(join(tmpdir(), 'telltale-scenario-'));
    const running = await startStandalone({ home, port: 0, grpcPort: null, quiet: true, env: {} });
    try {
      const response = await fetch(`${running.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/x-ndjson' },
        body: read('input.ndjson'),
      });
      expect(await response.json()).toMatchObject({ rejected: 0 });
      await running.caughtUp();
      expect((await running.rows.query(read('expect.sql'))).map(plain)).toEqual(JSON.parse(read('expected.json')));
    } finally {
      await running.stop();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
