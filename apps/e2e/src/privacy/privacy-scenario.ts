import { QUERYABLE_TABLES } from '@telltale/contracts';
import { searchFiles } from '@telltale/testkit';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startService, type ServiceProcess } from '../harness/service-process';
import { sendByEveryReceiver } from './receivers';
import { CANARY, needles, PLANTED } from './planted';

const needlesInText = (text: string): string[] => [...needles, CANARY].filter((needle) => text.includes(needle));

/** Where the system runs, and which folders hold what it wrote. */
export interface PrivateSystem {
  readonly env: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  cleanup(): Promise<void>;
}

/** Fifty secrets by every receiver, then looked for as bytes in every place. */
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
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
      return text;
    };
    const query = (sql: string): Promise<string> => api('/api/query', { method: 'POST', body: JSON.stringify({ sql }) });
    const numberOf = async (sql: string): Promise<number> =>
      Number(Object.values(JSON.parse((await query(sql)) || '{"n":0}') as Record<string, string>)[0]);

    beforeAll(async () => {
      system = await setup();
      standalone = await startService('standalone', { TELLTALE_HOME: home, LOG_LEVEL: 'debug', ...system.env });
      key = readFileSync(join(home, 'api-key'), 'utf8').trim();
      const expected = await sendByEveryReceiver({ url: standalone.url, grpcPort: standalone.grpcPort, key });
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
      const withCanary: string[] = [];
      for (const table of QUERYABLE_TABLES) {
        const found = needlesInText(await query(`SELECT * FROM telltale.${table} LIMIT 100000`));
        if (found.includes(CANARY)) withCanary.push(table);
        expect([table, found.filter((needle) => needle !== CANARY)]).toEqual([table, []]);
      }
      expect(withCanary).toEqual(expect.arrayContaining(['events', 'otel_traces', 'otel_logs']));
    });
    it('not in /metrics, the DLQ listing or any log line', async () => {
      const metrics = await api('/metrics');
      const dlq = await api('/api/dlq?limit=500');
      const lines = standalone.lines.join('\n');
      expect(metrics).toContain('telltale_');
      expect(dlq).toContain('bad_timestamp');
      expect(lines).toContain('"msg":"started"');
      expect([metrics, dlq, lines].flatMap(needlesInText)).toEqual([]);
    });
    it('not in any file: topics, state, tables, keys', () => {
      const found = searchFiles([home, ...system.folders], [...needles, CANARY]);
      expect(found.filter(({ needle }) => needle !== CANARY)).toEqual([]);
      // The search finds what is readable, in columns and in topics.
      const canaries = found.map(({ file }) => file);
      expect(canaries.filter((file) => file.endsWith('.bin'))).not.toEqual([]);
      expect(canaries.filter((file) => !file.endsWith('.bin'))).not.toEqual([]);
    });
  });
}
