import { READABLE } from '@telltale/contracts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startService, type ServiceProcess } from '../harness/service-process';
import { sendByEveryDoor } from './doors';
import { needles, PLANTED } from './planted';
import { needlesIn, needlesInText } from './search-bytes';

/** Where the system runs, and which folders hold what it wrote. */
export interface PrivateSystem {
  readonly env: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  cleanup(): Promise<void>;
}

/** Fifty secrets by every door, then looked for as bytes in every place. */
export function describePrivacy(name: string, setup: () => Promise<PrivateSystem>): void {
  describe(`nothing raw rests readable: ${name}`, () => {
    let system: PrivateSystem;
    const home = mkdtempSync(join(tmpdir(), 'telltale-privacy-'));
    let standalone: ServiceProcess;
    let key: string;
    const api = async (path: string, init: RequestInit = {}): Promise<string> => {
      const response = await fetch(`${standalone.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/x-ndjson' },
      });
      return response.text();
    };
    const query = (sql: string): Promise<string> => api('/api/query', { method: 'POST', body: JSON.stringify({ sql }) });
    const numberOf = async (sql: string): Promise<number> =>
      Number(Object.values(JSON.parse((await query(sql)) || '{"n":0}') as Record<string, string>)[0]);

    beforeAll(async () => {
      system = await setup();
      standalone = await startService('standalone', { TELLTALE_HOME: home, LOG_LEVEL: 'debug', ...system.env });
      key = readFileSync(join(home, 'api-key'), 'utf8').trim();
      const expected = await sendByEveryDoor({ url: standalone.url, grpcPort: standalone.grpcPort, key });
      await eventually('all events are stored', async () => {
      const seen = await numberOf('SELECT count() AS n FROM telltale.events');
      return { done: seen >= expected, seen: { seen, expected } };
    }, 60_000); // prettier-ignore
      await eventually('the DLQ has what was refused', async () => {
      const seen = (await api('/api/dlq?limit=500')).match(/bad_timestamp/g)?.length ?? 0;
      return { done: seen >= PLANTED.length, seen };
    }, 30_000); // prettier-ignore
    });
    afterAll(async () => {
      await standalone.kill('SIGTERM');
      await system.cleanup();
      rmSync(home, { recursive: true, force: true });
    });

    it('says that it masked', async () => {
      expect(await numberOf('SELECT sum(redactions) AS n FROM telltale.events')).toBeGreaterThan(PLANTED.length * 10);
    });
    it('not in any table', async () => {
      for (const table of READABLE)
        expect({ table, found: needlesInText(await query(`SELECT * FROM telltale.${table} LIMIT 100000`), needles) }).toEqual({
          table,
          found: [],
        });
    });
    it('not in /metrics, the DLQ listing or any log line', async () => {
      expect(needlesInText(await api('/metrics'), needles)).toEqual([]);
      expect(needlesInText(await api('/api/dlq?limit=500'), needles)).toEqual([]);
      expect(needlesInText(standalone.lines.join('\n'), needles)).toEqual([]);
    });
    it('not as bytes in any file: topics, state, tables, keys', () => {
      expect([home, ...system.folders].flatMap((folder) => needlesIn(folder, needles))).toEqual([]);
    });
  });
}
