import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { newTestCli } from '../test-cli.fixture';
import { langfuseItems, newLangfuseReader } from './langfuse';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-langfuse-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TIME = '2026-01-31 12:00:00.000000';
const trace = { id: 't1', timestamp: TIME, name: 'support', session_id: 's1', user_id: 'mia' };
const observation = (n: number): object => ({
  id: `o${n}`,
  trace_id: 't1',
  type: 'GENERATION',
  name: 'answer',
  start_time: TIME,
  end_time: TIME,
});
const score = { id: 'c1', trace_id: 't1', name: 'helpful', value: 1, source: 'EVAL', data_type: 'NUMERIC', timestamp: TIME };
const records = [trace, observation(1), score];
const lines = (...values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

async function importOf(...contents: readonly string[]) {
  const paths = contents.map((content, i) => {
    const path = join(folder, `in-${i}`);
    writeFileSync(path, content);
    return path;
  });
  const cli = await newTestCli(({ url, body }) =>
    url.startsWith('/v1/') ? { body: { accepted: body.split('\n').length, rejected: 0, errors: [] } } : {},
  );
  const { code, out, err } = await cli.run('import', ...paths, '--format', 'langfuse', '--service', 'shop', '--json');
  await cli.close();
  const requests = cli.heard.filter(({ url }) => url.startsWith('/v1/'));
  const events = requests.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>));
  const report = (out === '' ? {} : JSON.parse(out)) as { accepted?: number; rejected?: number; rejections?: string[]; file?: string };
  return { code, err, report, events, kinds: events.map(({ kind }) => kind), urls: [...new Set(requests.map(({ url }) => url))] };
} // prettier-ignore

// Some of these files are large, and the machine may be busy.
jest.setTimeout(60_000);

describe('import of a Langfuse export', () => {
  it.each([
    ['a record a line', lines(...records)],
    ['a record a line, with CRLF and empty lines', `\n\n${lines(...records).replaceAll('\n', '\r\n\r\n')}\r\n`],
    ['an array in one line', JSON.stringify(records)],
    ['an array that is stretched over lines', JSON.stringify(records, null, 2)],
    ['pages, one a line', lines({ data: [trace], meta: {} }, { data: [observation(1), score], meta: {} })],
    ['pages without a line break between them', lines({ data: [trace] }, { data: [observation(1), score] }).replaceAll('\n', '')],
    ['pages that are stretched over lines', [{ data: [trace] }, { data: [observation(1), score] }].map((page) => JSON.stringify(page, null, 2)).join('\n')],
    ['a trace with all it holds, stretched over lines', JSON.stringify({ ...trace, observations: [observation(1)], scores: [score] }, null, 2)],
  ])('as %s', async (_, content) => {
    const { code, kinds, urls, report, events } = await importOf(content);
    expect({ code, kinds, urls }).toEqual({ code: 0, kinds: ['turn', 'llm', 'evaluator'], urls: ['/v1/events'] });
    expect(report).toMatchObject({ accepted: 3, rejected: 0, rejections: [], format: 'langfuse' });
    expect(new Set(events.map((event) => `${String(event['service_name'])} ${String(event['session_id'])}`))).toEqual(new Set(['shop s1']));
  }); // prettier-ignore

  it('in several files: what the first says of a trace holds for the second', async () => {
    const { kinds, events, report } = await importOf(
      lines(trace),
      lines(observation(1), observation(2)),
      JSON.stringify([score]),
    );
    expect(kinds).toEqual(['turn', 'llm', 'llm', 'evaluator']);
    expect(events.map(({ user_id: user }) => user)).toEqual(['mia', 'mia', 'mia', 'mia']);
    expect(report.file?.split(', ')).toHaveLength(3);
  });

  it('sends nothing when one of the files is not there', async () => {
    const cli = await newTestCli(() => ({}));
    writeFileSync(join(folder, 'there'), lines(trace));
    const { code, err } = await cli.run('import', join(folder, 'there'), join(folder, 'nowhere'), '--format', 'langfuse');
    await cli.close();
    expect({ code, sent: cli.heard.filter(({ url }) => url.startsWith('/v1/')) }).toEqual({ code: 1, sent: [] });
    expect(err).toContain('nowhere cannot be read (ENOENT)');
  });

  it.each([
    ['a line that is cut off', '{"id":"o2","trace', 'line 2: not JSON: it breaks at position'],
    ['a line that is no JSON', 'id,type,name', 'line 2: not JSON'],
    ['a record without a start', lines({ id: 'o2', type: 'SPAN', trace_id: 't1' }), 'observation o2 (line 2): startTime is missing'],
    ['a record with a time in words', lines({ ...observation(2), end_time: 'soon' }), 'observation o2 (line 2): endTime is no time'],
    ['a text', '"x"', 'line 2: must be a JSON object'],
    ['another kind of record', lines({ id: 'd1', expectedOutput: 1 }), 'record d1 (line 2): is neither a trace, an observation nor a score'],
    ['a record of 200,000 levels', `{"id":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'line 2: JSON nests deeper than 128 levels'],
    ['a record larger than a request', lines({ ...observation(2), input: 'x'.repeat(9 * 1024 * 1024) }), 'observation o2 (line 2) is longer than 8388608 bytes'],
    ['a line of 40 MB', `{"id":"${'x'.repeat(40 * 1024 * 1024)}"}`, 'the value at line 2 is longer than 33554432 bytes: export smaller pages'],
  ])('names %s by line and field, and goes on', async (_, bad, problem) => {
    const { code, kinds, report } = await importOf(`${lines(trace)}\n${bad}\n${lines(observation(1))}`);
    expect({ code, kinds }).toEqual({ code: 1, kinds: ['turn', 'llm'] });
    expect(report).toMatchObject({ accepted: 2, rejected: 1, rejections: [expect.stringContaining(problem)] });
  }); // prettier-ignore

  it('of a first line that is cut off goes on with the second', async () => {
    const { kinds, report } = await importOf(`{"id":"o0","trace_id":"t\n${lines(trace)}`);
    expect(kinds).toEqual(['turn']);
    expect(report.rejections).toEqual([expect.stringMatching(/^line 1: not JSON/)]);
  });

  it('of 50 MB keeps nothing of what it has read', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const page = `${lines({ data: Array.from({ length: 500 }, (_, n) => ({ ...observation(n), input: 'x'.repeat(2_000) })) })}\n`;
    async function* pieces(): AsyncGenerator<string> {
      for (let i = 0; i < 50; i++) yield await Promise.resolve(page);
    }
    const file = { path: 'large', bytes: 0, read: () => 0, pieces: pieces() };
    const held: number[] = [];
    let count = 0;
    for await (const item of langfuseItems(file, newLangfuseReader('shop'))) {
      if ('text' in item && item.text !== null) count++;
      if (count % 5_000 !== 0) continue;
      collectGarbage();
      held.push(process.memoryUsage().heapUsed);
    }
    expect(count).toBe(25_000);
    // What is kept grows; what others in this process leave behind comes and goes.
    expect((held.at(-1) ?? 0) - (held[0] ?? 0)).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([[''], ['[]'], ['{"data":[],"meta":{}}']])('%j holds nothing to import', async (content) => {
    const { code, err } = await importOf(content);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('holds nothing to import') as string });
  });
});
