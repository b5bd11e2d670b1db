import { decodeTraces } from '@telltale/adapter-otlp';
import { newTestReceiver } from '@telltale/adapter-otel/testing';
import { eventually } from '@telltale/testkit';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceProcess, startService } from './harness/service-process';

jest.setTimeout(120_000);

/** The whole standalone as a process of its own, and a receiver of traces beside it. */
describe('own traces', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-own-traces-'));
  let receiver: Awaited<ReturnType<typeof newTestReceiver>>;
  let standalone: ServiceProcess;
  beforeAll(async () => {
    receiver = await newTestReceiver();
    standalone = await startService('standalone', {
      TELLTALE_HOME: home,
      TELLTALE_TRACES: 'otlp',
      TELLTALE_TRACES_RATIO: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
  });
  afterAll(async () => {
    await standalone.kill('SIGKILL');
    await receiver.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });
  const spans = () => receiver.received.flatMap(({ body }) => decodeTraces(body).groups.flatMap(({ items }) => items.map(({ item }) => item))); // prettier-ignore

  it('of a request, of the batches that follow from it with their phases and steps, and of a question arrive, without content', async () => {
    const key = readFileSync(join(home, 'api-key'), 'utf8').trim();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const event = { kind: 'llm', ts: Date.now(), service_name: 'bot', trace_id: 't1', span_id: 's1', session_id: 'hunter2-session', input: 'hunter2', output: 'hunter2', provider: 'openai', request_model: 'gpt-4o' }; // prettier-ignore
    const sent = await fetch(`${standalone.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify([event]) });
    const asked = await fetch(`${standalone.url}/api/sessions/hunter2-session`, { headers });
    expect([sent.status, asked.status]).toEqual([200, 404]);
    const found = await eventually(
      'traces of the gateway, the enricher, turns and insights',
      () => {
        // Settings make batches of the enricher, too: the one that wrote rows is meant.
        const isSettings = ({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }): boolean =>
          attributes['telltale.service'] === 'enricher' && attributes['telltale.batch.rows'] === 0;
        const roots = spans().filter((span) => span.parentSpanId === '' && !isSettings(span));
        const services = new Set(roots.map(({ attributes }) => String(attributes['telltale.service'])));
        const isWhole = ['gateway', 'enricher', 'turns', 'insights'].every((service) => services.has(service));
        return Promise.resolve({ done: isWhole, seen: [...services] });
      },
      60_000,
      100,
    ).then(() => spans());
    const rootOf = (service: string, name: string) =>
      found.find((span) => span.parentSpanId === '' && span.name === name && span.attributes['telltale.service'] === service && span.attributes['telltale.batch.rows'] !== 0); // prettier-ignore
    expect(rootOf('gateway', 'POST /v1/events')?.attributes).toMatchObject({ 'http.response.status_code': 200 });
    expect(rootOf('insights', 'GET /api/sessions/:id')?.attributes).toMatchObject({ 'http.response.status_code': 404 });
    const batch = rootOf('enricher', 'batch');
    expect(batch?.attributes).toMatchObject({ 'telltale.batch.events': 1, 'telltale.batch.outcome': 'committed', 'messaging.consumer.group.name': 'telltale.enricher' }); // prettier-ignore
    const under = (parent: string | undefined) => found.filter(({ parentSpanId }) => parentSpanId === parent);
    const phases = under(batch?.spanId);
    expect(phases.map(({ name }) => name)).toEqual(expect.arrayContaining(['process', 'insert', 'transact']));
    expect(under(phases.find(({ name }) => name === 'process')?.spanId).map(({ name }) => name)).toEqual(expect.arrayContaining(['decrypt', 'decode', 'redact', 'price', 'dedupe'])); // prettier-ignore
    expect(under(phases.find(({ name }) => name === 'insert')?.spanId).map(({ name }) => name)).toContain('insert events');
    expect(receiver.received.filter(({ body }) => body.includes('hunter2'))).toEqual([]);
  });

  it('are counted', async () => {
    const metrics = await (await fetch(`${standalone.url}/metrics`)).text();
    expect(metrics).toMatch(/^telltale_trace_spans_total\{outcome="exported"\} [1-9]\d*$/m);
    expect(metrics).not.toMatch(/^telltale_trace_spans_total\{outcome="(?!exported)/m);
  });
});
