import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, jsClients, pythonWithClients, runClient } from '../clients/client-tools';
import { ANSWER, startFakeModel } from '../clients/fake-model';
import { TOKENS } from '../clients/model-answers';
import { makeNodeApp } from '../harness/node-app';
import { ROOT } from '../harness/python-sdk';
import { eventually } from '../harness/service-process';
import { type QuickStart, readQuickStarts } from './page';

jest.setTimeout(240_000);

type Row = Readonly<Record<string, unknown>>;
/** What is stored of a quick start: its operations by kind, and the output of its turn. */
interface Stored {
  readonly service: string;
  readonly kinds: readonly string[];
  readonly output: string;
}
const MODEL_AND_TOOL = ['llm', 'tool', 'turn'];
/** The framework lets the model ask for the tool, and asks it once more. */
const LOOP = ['llm', 'llm', 'tool', 'turn'];
const LOGGING: Stored = { service: 'quick-logging', kinds: ['turn'], output: 'It is in Lisbon.' };
const PYTHON: Readonly<Record<string, Stored>> = {
  'Python logging': LOGGING,
  'OpenAI in Python': { service: 'quick-openai', kinds: MODEL_AND_TOOL, output: ANSWER },
  'Anthropic in Python': { service: 'quick-anthropic', kinds: MODEL_AND_TOOL, output: ANSWER },
  LangGraph: { service: 'quick-langgraph', kinds: LOOP, output: ANSWER },
  'Pydantic AI': { service: 'quick-pydantic-ai', kinds: LOOP, output: ANSWER },
  'OpenAI Agents': { service: 'quick-agents', kinds: ['agent', ...LOOP], output: ANSWER },
  // The root span has no output of its own: the last call of a model has.
  'OpenTelemetry alone': { service: 'quick-otel', kinds: MODEL_AND_TOOL, output: ANSWER },
};
const NODE: Readonly<Record<string, Stored>> = {
  'OpenAI in Node': { service: 'quick-node', kinds: MODEL_AND_TOOL, output: ANSWER },
  'Vercel AI SDK': { service: 'quick-vercel', kinds: LOOP, output: ANSWER },
};
/** Of collector.e2e-spec.ts. */
const COLLECTOR = 'OpenTelemetry Collector';

const quickStarts = readQuickStarts();
const quickStart = (title: string): QuickStart => {
  const found = quickStarts.find((one) => one.title === title);
  if (!found) throw new Error(`docs/INTEGRATIONS.md has no quick start ${title}`);
  return found;
};

let home: string;
let running: Standalone;
let model: Awaited<ReturnType<typeof startFakeModel>>;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'telltale-quickstarts-'));
  running = await startStandalone({ home: join(home, 'telltale'), port: 0, grpcPort: null, quiet: true, env: { TURNS_QUIET_MS: '1000' } });
  model = await startFakeModel();
}); // prettier-ignore
afterAll(async () => {
  await model.stop();
  await running.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a quick start as the page says, with the variables that its clients read. */
function run({ title, exports, language, code }: QuickStart, program: string, folder: string): Promise<string> {
  const file = join(folder, `quick_start_${title.replaceAll(' ', '_')}.${language === 'js' ? 'mjs' : 'py'}`);
  writeFileSync(file, code);
  return runClient('sh', ['-euc', `${exports}\nexec "$0" "$1"`, program, file], {
    HOME: home,
    TELLTALE_URL: running.url,
    TELLTALE_API_KEY: running.apiKey,
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `${model.url}/v1`,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: model.url,
    PYTHONPATH: join(ROOT, 'sdk', 'python', 'src'),
    PYTHONPYCACHEPREFIX: join(home, 'pycache'),
  });
}

const rowsOf = (sql: string): Promise<Row[]> => running.rows.query<Row>(sql);

/** Operations of a service and its turn, once that is whole. Clients log besides. */
async function storedOf({ service, kinds }: Stored): Promise<{ readonly turns: Row[]; readonly operations: Row[] }> {
  return eventually(`the turn of ${service}`, async () => {
    await running.caughtUp();
    const turns = await rowsOf(`SELECT session_id, status, output_preview FROM telltale.turns FINAL WHERE service_name = '${service}' AND session_id != ''`);
    const operations = await rowsOf(`SELECT * FROM telltale.events WHERE service_name = '${service}' AND kind != 'log' ORDER BY ts, kind`);
    return { done: turns.length > 0 && operations.length >= kinds.length, seen: { turns, operations } };
  }, 30_000);
} // prettier-ignore
const of = (rows: readonly Row[], kind: string): Row[] => rows.filter((row) => row['kind'] === kind);

async function expectStored(expected: Stored): Promise<void> {
  const { turns, operations } = await storedOf(expected);
  expect(operations.map(({ kind }) => kind).sort()).toEqual(expected.kinds);
  const llm = of(operations, 'llm');
  const tools = of(operations, 'tool');
  expect(turns).toEqual([
    expect.objectContaining({ session_id: 's-1', output_preview: expect.stringContaining(expected.output) as string }),
  ]);
  for (const call of llm) {
    expect(call['usage_estimated']).toBe(false);
    expect(Number(call['usage_input_uncached']) + Number(call['usage_cache_read'])).toBe(TOKENS.input);
    expect(Number(call['cost_nano_usd'])).toBeGreaterThan(0);
  }
  expect(tools.map(({ tool_name: name }) => name)).toEqual(expected.kinds.filter((kind) => kind === 'tool').map(() => 'weather'));
  expect([...turns, ...operations].filter(({ status }) => status === 'error')).toEqual([]);
} // prettier-ignore

it('all quick starts of the page have a test', () => {
  expect(quickStarts.map(({ title }) => title).sort()).toEqual([...Object.keys(PYTHON), ...Object.keys(NODE), COLLECTOR].sort());
});

it.each(quickStarts.map(({ title, packages }) => [title, packages] as const))('%s: installs what is there', (_, packages) => {
  const clients = join(ROOT, 'apps', 'e2e', 'src', 'clients');
  const pinned = readFileSync(join(clients, 'requirements.txt'), 'utf8').split('\n').map((line) => line.split(/[=[]/, 1)[0]); // prettier-ignore
  const { dependencies } = JSON.parse(readFileSync(join(clients, 'javascript', 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  const { version } = JSON.parse(readFileSync(join(ROOT, 'sdk', 'node', 'package.json'), 'utf8')) as { version: string };
  const known = new Set([...pinned, ...Object.keys(dependencies), `./sdk/node/telltale-sdk-${version}.tgz`]);
  expect(packages.filter((name) => !known.has(name) && !(name === './sdk/python' && existsSync(join(ROOT, name))))).toEqual([]);
});

describeWith(pythonWithClients(), 'quick starts in Python', (python) => {
  it.each(Object.entries(PYTHON))('%s: what the page says is stored', async (title, expected) => {
    const said = await run(quickStart(title), python, home);
    expect(said).not.toContain('Traceback');
    await expectStored(expected);
  });

  it('the debug line of Python logging stays in the program; the other has its turn, session and fields', async () => {
    const { operations } = await storedOf(LOGGING);
    const lines = await eventually('its log lines', async () => {
      const seen = await rowsOf("SELECT * FROM telltale.events WHERE service_name = 'quick-logging' AND kind = 'log' AND name != 'telltale'");
      return { done: seen.length > 0, seen };
    }, 30_000);
    expect(lines).toEqual([
      expect.objectContaining({ body: 'order found', severity: 'info', session_id: 's-1', trace_id: operations[0]?.['trace_id'], attributes: expect.objectContaining({ order: 'A-17' }) as unknown }),
    ]);
  }); // prettier-ignore
});

describeWith(jsClients(), 'quick starts in Node', (modules) => {
  const app = (): string => join(home, 'app');
  beforeAll(() => {
    mkdirSync(app());
    makeNodeApp(app(), modules);
  });

  it.each(Object.entries(NODE))('%s: what the page says is stored', async (title, expected) => {
    await run(quickStart(title), process.execPath, app());
    await expectStored(expected);
  });
});
