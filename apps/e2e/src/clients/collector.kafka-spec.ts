import { encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpAttributes, type OtlpSpan } from '@telltale/contracts';
import { freePort, requireKafka, startClickHouse, type TestClickHouse, type TestKafka } from '@telltale/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterEnv } from '../harness/cluster-env';
import { COLLECTOR, describeWithCollector } from '../harness/collector';
import { ask } from '../harness/ask';
import { eventually, type ServiceProcess, startService } from '../harness/service-process';

jest.setTimeout(240_000);

const configOf = (port: number, brokers: readonly string[]): string =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { kafka: { brokers, traces: { topic: 'otlp_spans', encoding: 'otlp_proto' }, partition_traces_by_id: true } },
    service: {
      pipelines: { traces: { receivers: ['otlp'], exporters: ['kafka'] } },
      telemetry: { metrics: { level: 'none' } },
    },
  });

const START = Date.now() - 1_000;
const span = (n: number, parent: number, attributes: OtlpAttributes): OtlpSpan => ({
  traceId: 'c0'.repeat(16), spanId: `${n}`.padStart(16, '0'), parentSpanId: parent ? `${parent}`.padStart(16, '0') : '', traceState: '', name: `span ${n}`, kind: 1, startMs: START + n,
  endMs: START + n + 5, attributes, events: [], links: [], status: { code: 0, message: '' },
}); // prettier-ignore
const body = (...spans: OtlpSpan[]): Buffer =>
  encodeTraces({
    groups: [{ resource: { 'service.name': 'behind-collector' }, scope: { name: 's', version: '', attributes: {} }, items: spans.map((item, index) => ({ index, item })) }],
  }); // prettier-ignore
const ROOT = span(1, 0, { 'session.id': 'collected' });
const LLM = span(2, 1, {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"find"}]}]',
});
const TOOL = span(3, 1, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'find', 'gen_ai.tool.call.id': 'c1' }); // prettier-ignore

describeWithCollector('an OpenTelemetry Collector that writes to Kafka', () => {
  let kafka: TestKafka;
  let clickhouse: TestClickHouse;
  let telltale: ServiceProcess;
  let collector: ChildProcess;
  let port: number;
  const home = mkdtempSync(join(tmpdir(), 'telltale-collector-'));

  beforeAll(async () => {
    kafka = await requireKafka();
    clickhouse = await startClickHouse();
    telltale = await startService('standalone', {
      TELLTALE_HOME: home,
      ...clusterEnv(kafka.brokers, clickhouse),
      TURNS_QUIET_MS: '1000',
    });
    port = await freePort();
    writeFileSync(join(home, 'collector.json'), configOf(port, kafka.brokers));
    collector = spawn(COLLECTOR, ['--config', join(home, 'collector.json')], { stdio: 'ignore' });
  });
  afterAll(async () => {
    collector.kill('SIGKILL');
    await telltale.kill('SIGTERM');
    await kafka.stop();
    await clickhouse.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const query = (sql: string) => ask(telltale.url, home, sql);
  const send = async (spans: Buffer): Promise<boolean> => {
    const request = { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body: new Uint8Array(spans) };
    return fetch(`http://127.0.0.1:${port}/v1/traces`, request).then(
      ({ ok }) => ok,
      () => false,
    );
  };

  it('gives whole turns, though their spans come in several bodies', async () => {
    for (const piece of [body(LLM, TOOL), body(ROOT)])
      await eventually('the collector takes it', async () => {
        const done = await send(piece);
        return { done, seen: done };
      }, 30_000); // prettier-ignore
    const rows = await eventually('its spans are events', async () => {
      const seen = await query("SELECT kind, tool_name FROM telltale.events WHERE service_name = 'behind-collector' ORDER BY span_id");
      return { done: seen.length >= 3, seen };
    }, 60_000); // prettier-ignore
    expect(rows.map(({ kind }) => kind)).toEqual(['turn', 'llm', 'tool']);
    expect(rows[2]).toMatchObject({ tool_name: 'find' });
    expect(await query(`SELECT requested_by_span_id FROM telltale.tool_calls WHERE span_id = '${TOOL.spanId}'`)).toEqual([{ requested_by_span_id: LLM.spanId }]);
    await eventually('its turn is whole', async () => {
      const seen = await query("SELECT session_id, has_root, revision FROM telltale.turns FINAL WHERE service_name = 'behind-collector'");
      return { done: seen.length === 1 && seen[0]?.['session_id'] === 'collected' && seen[0]['has_root'] === true && Number(seen[0]['revision']) === 3, seen };
    }, 60_000);
  }); // prettier-ignore
});
