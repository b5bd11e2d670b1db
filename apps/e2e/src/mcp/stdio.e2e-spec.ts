import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLI = join(__dirname, '..', '..', '..', '..', 'dist', 'apps', 'cli', 'main.cjs');
const OPERATIONS = 1_000;

describe('telltale mcp, on stdin and stdout of a client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-mcp-stdio-'));
  const env = { PATH: process.env['PATH'] ?? '', TELLTALE_HOME: join(folder, 'home') };
  const clients: Client[] = [];
  beforeAll(() => {
    const start = Date.now() - 60_000;
    const base = { service_name: 'shop', session_id: 's', trace_id: 'T', status: 'ok' };
    const events = [
      { ...base, kind: 'turn', name: 'turn', span_id: 'root', ts: start, duration_ms: 9_000, input: 'where is my order' },
      ...Array.from({ length: OPERATIONS - 1 }, (_, i) => ({ ...base, kind: 'tool', name: 'search', span_id: `s${i}`, parent_span_id: 'root', ts: start + i, duration_ms: 5, tool: { name: 'search', result: 'found' } })),
    ]; // prettier-ignore
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, events.map((event) => JSON.stringify(event)).join('\n'));
    execFileSync(process.execPath, [CLI, 'import', file, '--format', 'ndjson'], { env, stdio: 'ignore' });
  }, 120_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  async function connect(more: Record<string, string> = {}): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [CLI, 'mcp'], env: { ...env, ...more } }));
    clients.push(client);
    return client;
  }
  const textOf = async (client: Client, name: string, args: Record<string, unknown>): Promise<string> => {
    const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
    return content[0]?.text ?? '';
  };

  it('answers over a home that nothing runs for, two clients at once', async () => {
    const [one, two] = await Promise.all([connect(), connect()]);
    expect(one.getInstructions()).toContain('Telltale');
    const [{ tools }, text] = await Promise.all([two.listTools(), textOf(one, 'get_turn', { id: 'T' })]);
    expect(tools.map(({ name }) => name)).toContain('read_field');
    expect(text).toMatch(/×999 kind=tool name=search status=ok/);
    const [, id = ''] = /first_id=(\S+)/.exec(text) ?? [];
    expect(await textOf(two, 'read_field', { id, field: 'tool_result' })).toContain('found');
  }, 120_000);

  it('tells a client what is wrong where nobody answers, and where there is no home', async () => {
    await expect(connect({ TELLTALE_URL: 'http://127.0.0.1:9', TELLTALE_KEY: 'tt_x' })).rejects.toThrow(/fetch failed|does not answer/);
    await expect(connect({ TELLTALE_HOME: join(folder, 'nowhere') })).rejects.toThrow(/there is no Telltale data in/);
  }, 60_000);
}); // prettier-ignore
