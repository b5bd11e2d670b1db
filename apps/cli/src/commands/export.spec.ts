import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTestCli } from '../test-cli.fixture';

const ROWS = '{"id":"a"}\n{"id":"b"}\n';

describe('telltale export', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'telltale-export-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('asks for what the options say, and writes the file whole', async () => {
    const out = join(folder, 'turns.ndjson');
    const cli = await newTestCli(() => ({ text: ROWS, headers: { 'x-telltale-truncated': 'true' } }));
    const { code, out: said, err } = await cli.run('export', 'turns', '--service', 'shop', '--since', '7d', '--outcome', 'error', '--out', out); // prettier-ignore
    await cli.close();
    expect(cli.heard.map(({ url }) => url.split('?')[0])).toEqual(['/api/export']);
    expect(new URLSearchParams(cli.heard[0]?.url.split('?')[1]).toString().split('&').sort()).toEqual(['format=ndjson', 'outcome=error', 'service=shop', 'since=7d', 'what=turns']); // prettier-ignore
    expect([code, readFileSync(out, 'utf8'), said]).toEqual([0, ROWS, `turns written to ${out}, 22 bytes\n`]);
    expect(err).toContain('there are more turns than these');
  });

  it('writes lines to stdout where no file is named', async () => {
    const cli = await newTestCli(() => ({ text: ROWS }));
    expect((await cli.run('export', 'events')).out).toBe(ROWS);
    await cli.close();
  });

  it('leaves no file behind where it is refused', async () => {
    const out = join(folder, 'x');
    const cli = await newTestCli(() => ({ status: 400, body: { error: { code: 'invalid', message: 'kind: is no filter of turns' } } })); // prettier-ignore
    const { code, err } = await cli.run('export', 'turns', '--kind', 'llm', '--out', out);
    await cli.close();
    expect([code, err, existsSync(out), existsSync(`${out}.part`)]).toEqual([1, expect.stringContaining('kind: is no filter of turns'), false, false]); // prettier-ignore
  });

  it.each([
    [['export', 'logs'], /Allowed choices are events, turns, sessions/],
    [['export', 'turns', '--format', 'parquet'], /--out is missing/],
    [['export', 'turns', '--limit', '0'], /--limit/],
    [['tail', '--incidents', '--alerts'], /are two tails/],
    [['tail', '--alerts', '--service', 'shop'], /--service is no filter of alerts/],
    [['tail', '--incidents', '--kind', 'llm'], /--kind is no filter of incidents/],
  ])('%j is wrong usage', async (args, expected) => {
    const cli = await newTestCli(() => ({}));
    const { code, err } = await cli.run(...args);
    await cli.close();
    expect([code, err]).toEqual([2, expect.stringMatching(expected)]);
  });
});

describe('telltale tail', () => {
  it.each([
    ['--incidents', '/api/tail/incidents?service=shop', { id: 'in1', state: 'open', title: 'search is slow', updated_at: '2026-11-23T12:00:00.000Z' }, /2026-11-23T12:00:00 +open +in1 +search is slow/],
    ['--alerts', '/api/tail/alerts', { incident_id: 'in1', status: 'firing', title: 'slow', summary: 'p95 ×4', at: '2026-11-23T12:00:00.000Z' }, /2026-11-23T12:00:00 +firing +in1 +slow: p95 ×4/],
  ])('%s follows %s, a line each', async (flag, url, record, line) => {
    const cli = await newTestCli(({ url: asked }) => (asked.startsWith('/api/tail') ? { text: `event: event\ndata: ${JSON.stringify(record)}\n\n` } : {}));
    const { out } = await cli.run('tail', flag, ...(flag === '--incidents' ? ['--service', 'shop'] : []));
    await cli.close();
    expect([cli.heard.at(-1)?.url, out]).toEqual([url, expect.stringMatching(line)]);
  }); // prettier-ignore
});
