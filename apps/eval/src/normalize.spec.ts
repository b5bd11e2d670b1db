import { testData } from '@telltale/testkit';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integrationsTable } from './integrations-table.fixture';
import { evaluateNormalize } from './normalize';

const observation = (of: object) => ({
  id: 'a1b2c3d4e5f60718',
  traceId: 'f'.repeat(32),
  parentObservationId: null,
  startTime: '2026-01-31T12:00:00.000Z',
  endTime: '2026-01-31T12:00:01.000Z',
  name: 'chat',
  level: 'DEFAULT',
  statusMessage: null,
  metadata: {},
  ...of,
});
const call = {
  type: 'GENERATION',
  model: 'm',
  usageDetails: { input: 3, output: 2, total: 5 },
  input: [{ role: 'user', content: 'hi' }],
  output: { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'find', arguments: '{}' } }] },
};

describe('the evaluation of normalizing', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'telltale-eval-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

  it('counts what was understood of each framework', async () => {
    const tool = { type: 'TOOL', name: 'find', metadata: { attributes: { 'gen_ai.tool.call.id': 'c1', 'gen_ai.tool.name': 'find' }, scope: { name: 'x' } } };
    put('mine-2026-01-31.trace.json', { trace: {}, observations: [observation(call), observation({ ...tool, id: 'b'.repeat(16), level: 'ERROR' })] });
    put('mine-2026-01-31.chatml.json', '{"not": "read"}');
    expect(await evaluateNormalize(folder)).toEqual({
      traces: 1,
      recognized: 1,
      per_framework: {
        mine: {
          traces: 1, recognized: 1, spans: 2, events: 2, kinds: { llm: 1, tool: 1 }, kind: { found: 2, of: 2 }, model: { found: 1, of: 1 }, usage: { found: 1, of: 1 },
          messages: { found: 1, of: 1 }, tools: { found: 1, of: 1 }, tied: { found: 1, of: 1 }, errors: 1, differs: [],
        },
      },
    });
  }); // prettier-ignore
  it('tells where ours differs from the file, and does not count what it did not understand', async () => {
    const reported = { type: 'GENERATION', model: 'n', usageDetails: { input: 9 } };
    const metadata = { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 8 }, scope: { name: 'x' } };
    put('mine-2026-01-31.trace.json', { trace: {}, observations: [observation({ ...reported, metadata })] });
    put('other-2026-01-31.trace.json', { trace: {}, observations: [observation({ type: 'SPAN', metadata: { attributes: { a: 1 } } })] });
    const result = await evaluateNormalize(folder);
    expect([result.traces, result.recognized]).toEqual([2, 1]);
    expect(result.per_framework['mine']!.differs).toEqual(['chat: model m, file n', 'chat: input tokens 8, file 9']);
  }); // prettier-ignore
  it('reads what a file exporter wrote', async () => {
    mkdirSync(join(folder, 'spans'));
    const attributes = [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }];
    const spans = ['1', '2'].map((n) => ({ traceId: n.repeat(32), spanId: n.repeat(16), name: 'chat', startTimeUnixNano: '1', attributes }));
    put('spans/exported.json', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(await evaluateNormalize(join(folder, 'spans'))).toMatchObject({ traces: 2, recognized: 2, per_framework: { 'spans: exported': { kinds: { llm: 2 } } } });
  }); // prettier-ignore
  it('says what is wrong with a folder', async () => {
    await expect(evaluateNormalize(folder)).rejects.toThrow('holds no spans');
    put('x.json', '{');
    await expect(evaluateNormalize(folder)).rejects.toThrow('is not JSON');
  });
});

const { path: data, describeData, leftOut } = testData('spans');
describeData(`stored traces${leftOut}`, () => {
  it('are all recognized, as docs/INTEGRATIONS.md says', async () => {
    const result = await evaluateNormalize(data);
    expect(result.traces).toBeGreaterThan(0);
    expect(result.recognized).toBe(result.traces);
    const fewer = Object.entries(result.per_framework).filter(([, { spans, events }]) => events < spans);
    expect(fewer).toEqual([]);
    expect(readFileSync(join(__dirname, '../../../docs/INTEGRATIONS.md'), 'utf8')).toContain(integrationsTable(result));
  });
});
