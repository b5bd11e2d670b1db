import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { freePort } from '@telltale/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { COLLECTOR, describeWithCollector } from '../harness/collector';
import { eventually } from '../harness/service-process';
import { readQuickStarts } from './page';

jest.setTimeout(120_000);

interface Pipeline {
  readonly receivers: readonly string[];
  readonly exporters: readonly string[];
}
interface Config {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly exporters: { readonly otlphttp: { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> } };
  readonly service: { readonly pipelines: Readonly<Record<string, Pipeline>> };
}

const code = readQuickStarts().find(({ title }) => title === 'OpenTelemetry Collector')?.code ?? '';
let home: string;
let running: Standalone;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'telltale-quick-collector-'));
  running = await startStandalone({ home: join(home, 'telltale'), port: 0, grpcPort: null, quiet: true });
});
afterAll(async () => {
  await running.stop();
  rmSync(home, { recursive: true, force: true });
});

/** A turn with a call of a model and one of a tool, as OTLP writes it in JSON. */
function tracesOf(service: string): string {
  const traceId = Buffer.from(service.padEnd(16).slice(0, 16)).toString('hex');
  const attributesOf = (values: Readonly<Record<string, string>>) => Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } })); // prettier-ignore
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const endTimeUnixNano = String(BigInt(Date.now() + 5) * 1_000_000n);
  const span = (id: string, parentSpanId: string, name: string, values: Readonly<Record<string, string>>) => ({ traceId, spanId: id.repeat(16), parentSpanId, name, startTimeUnixNano, endTimeUnixNano, attributes: attributesOf(values) }); // prettier-ignore
  const spans = [
    span('1', '', 'answer', { 'session.id': 's-1' }),
    span('2', '1'.repeat(16), 'chat', { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' }),
    span('3', '1'.repeat(16), 'weather', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather' }),
  ];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: attributesOf({ 'service.name': service }) }, scopeSpans: [{ scope: { name: 'test' }, spans }] }] }); // prettier-ignore
}
const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

async function expectStored(service: string): Promise<void> {
  const rows = await eventually(`the spans of ${service}`, async () => {
    const seen = await running.rows.query<{ kind: string }>(`SELECT kind FROM telltale.events WHERE service_name = '${service}' ORDER BY kind`);
    return { done: seen.length >= 3, seen };
  }, 60_000); // prettier-ignore
  expect(rows.map(({ kind }) => kind)).toEqual(['llm', 'tool', 'turn']);
}

describe('the configuration of a Collector in docs/INTEGRATIONS.md', () => {
  it('names in its pipelines what it has, and sends to the gateway with a key that it takes', async () => {
    const variables: Readonly<Record<string, string>> = { TELLTALE_URL: running.url, TELLTALE_API_KEY: running.apiKey };
    const resolved = code.replace(/\$\{env:(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise = '') => variables[name] ?? String(otherwise));
    const { receivers, exporters, service } = parse(resolved) as Config;
    expect(Object.keys(service.pipelines)).toEqual(['traces', 'logs']);
    const named = Object.values(service.pipelines).flatMap((pipeline) => [...pipeline.receivers, ...pipeline.exporters]);
    expect(named.filter((name) => !(name in receivers) && !(name in exporters))).toEqual([]);
    const { endpoint, headers } = exporters.otlphttp;
    // The exporter adds the path of each signal.
    expect((await post(`${endpoint}/v1/traces`, tracesOf('quick-shape'), headers)).status).toBe(200);
    await expectStored('quick-shape');
  }); // prettier-ignore
});

describeWithCollector('an OpenTelemetry Collector that is configured as docs/INTEGRATIONS.md says', () => {
  let collector: ChildProcess;
  let address: string;
  let said = '';
  beforeAll(async () => {
    address = `127.0.0.1:${await freePort()}`;
    const file = join(home, 'telltale.yaml');
    writeFileSync(file, code);
    // Its own metrics would take a port that another Collector may have.
    collector = spawn(COLLECTOR, ['--config', file, '--set', 'service.telemetry.metrics.level=none'], {
      env: { TELLTALE_URL: running.url, TELLTALE_API_KEY: running.apiKey, COLLECTOR_ADDRESS: address },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    collector.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  });
  afterAll(async () => {
    collector.kill('SIGTERM');
    await new Promise((resolve) => (collector.exitCode === null ? collector.once('exit', resolve) : resolve(null)));
  });

  it('sends the spans of a program to the gateway', async () => {
    await eventually('the Collector takes them', async () => {
      const done = await post(`http://${address}/v1/traces`, tracesOf('quick-collector')).then(({ ok }) => ok, () => false);
      return { done, seen: said };
    }, 30_000); // prettier-ignore
    await expectStored('quick-collector');
  });
});
