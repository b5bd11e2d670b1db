import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ServiceProcess, startService } from '../harness/service-process';

jest.setTimeout(120_000);

const MIB = 1024 * 1024;
const KEYS = { hostile: 'tt_hostile_of_sixteen', other: 'tt_other_of_sixteen_too' };
const EVENT = JSON.stringify({ kind: 'llm', ts: new Date().toISOString(), service_name: 'bot' });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The gateway as a process of its own, with two tenants: one attacks it, the other only wants to be served. */
describe('a gateway under hostile bodies', () => {
  let home: string;
  let gateway: ServiceProcess;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-bombs-'));
    const settings = join(home, 'settings.yaml');
    const keys = Object.entries(KEYS).map(([tenant, key]) => ({ name: tenant, tenant, sha256: sha256(key) }));
    writeFileSync(settings, JSON.stringify({ api_keys: keys }));
    gateway = await startService('gateway', { TELLTALE_HOME: home, TELLTALE_SETTINGS_FILE: settings });
  });
  afterAll(async () => {
    sockets.forEach((socket) => socket.destroy());
    await gateway.kill('SIGTERM');
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const post = async (key: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<number> => {
    const response = await fetch(`${gateway.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const bomb = (zipped: Buffer): Promise<number> => post(KEYS.hostile, zipped, { 'content-encoding': 'gzip' });
  const peakBytes = (): number =>
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) * 1024;

  /** What `attack` ends with, how long it took, and the longest that another tenant waited for an answer meanwhile. */
  async function during<T>(
    attack: () => Promise<T>,
  ): Promise<{ result: T; tookMs: number; longestMs: number; statuses: Set<number> }> {
    let over = false;
    const started = performance.now();
    const attacked = attack().finally(() => (over = true));
    const statuses = new Set<number>();
    let longestMs = 0;
    do {
      const asked = performance.now();
      statuses.add(await post(KEYS.other, EVENT));
      longestMs = Math.max(longestMs, performance.now() - asked);
    } while (!over);
    const result = await attacked;
    return { result, tookMs: performance.now() - started, longestMs, statuses };
  }

  it.each<[string, string]>([
    ['of 2.7 million empty objects', `[${'{},'.repeat(2_700_000)}{}]`],
    ['of 2.7 million lines', '{}\n'.repeat(2_700_000)],
    ['of one event with 2.7 million parts', `[{"kind":"llm","ts":1,"service_name":"b","input":[${'{},'.repeat(2_600_000)}{}]}]`],
  ])(
    'a few kilobytes that inflate to 8 MB %s are refused at once, for little memory, while others are served',
    async (_what, body) => {
      const { result, tookMs, longestMs, statuses } = await during(() => bomb(gzipSync(body)));
      expect(result).toBe(413);
      expect([...statuses]).toEqual([200]);
      expect(tookMs).toBeLessThan(30_000);
      expect(longestMs).toBeLessThan(15_000);
      expect(peakBytes()).toBeLessThan(500 * MIB);
    },
  );

  it('two hundred bombs of white space are refused while others are served', async () => {
    const zipped = gzipSync(' '.repeat(8 * MIB - 1));
    const { result, tookMs, longestMs, statuses } = await during(() =>
      Promise.all(Array.from({ length: 200 }, () => bomb(zipped))),
    );
    for (const status of result) expect([413, 429]).toContain(status);
    expect([...statuses]).toEqual([200]);
    expect(tookMs).toBeLessThan(60_000);
    expect(longestMs).toBeLessThan(15_000);
    expect(peakBytes()).toBeLessThan(500 * MIB);
  });

  it('sixteen sockets that announce 8 MB and send a byte take nothing from others, and are ended', async () => {
    const { port } = new URL(gateway.url);
    const ended = Array.from({ length: 16 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.write(
        `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEYS.hostile}\r\ncontent-type: application/json\r\ncontent-length: ${8 * MIB}\r\n\r\n[`,
      );
      return new Promise<string>((resolve) => socket.once('close', () => resolve(answer)));
    });
    const { result, tookMs, statuses } = await during(() => Promise.all(ended));
    for (const answer of result) expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect([...statuses]).toEqual([200]);
    expect(tookMs).toBeLessThan(80_000);
  });
});
