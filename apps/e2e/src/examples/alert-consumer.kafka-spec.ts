import { createKafkaBroker } from '@telltale/adapter-kafka';
import { type AlertRecord, TOPICS } from '@telltale/contracts';
import { createLog, systemClock } from '@telltale/platform-telemetry';
import { type Broker } from '@telltale/streaming';
import { eventually, requireKafka, type TestKafka } from '@telltale/testkit';
import { execFileSync, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';

jest.setTimeout(180_000);
const ROOT = join(__dirname, '..', '..', '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'alert-consumer');
const TOPIC = TOPICS.alerts.name;

const alert = (id: string, status: AlertRecord['status'] = 'firing'): AlertRecord => ({
  tenant: 'acme', id, incident_id: `inc-${id}`, status, at: '2026-11-23T03:00:00.000Z', title: `errors of ${id}`, summary: 'tool calls fail',
}); // prettier-ignore

/** The example as people run it. */
function startExample(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: EXAMPLE,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return {
    output: () => output,
    alertLines: () => output.split('\n').filter((line) => /^(FIRING|RESOLVED) /.test(line)),
    async end(signal: NodeJS.Signals) {
      child.kill(signal);
      return ended;
    },
  };
}
type Example = ReturnType<typeof startExample>;

describe('the example alert consumer', () => {
  let kafka: TestKafka;
  let broker: Broker;
  let server: Server;
  let running: Example | null = null;
  let isAway = false;
  const posted: { key: string; body: AlertRecord }[] = [];
  const tries: string[] = [];
  const env: Record<string, string> = {};

  const start = (): Example => (running = startExample(env));
  const produce = (...values: (AlertRecord | string)[]) =>
    broker.produce(
      values.map((value) => ({ topic: TOPIC, key: 'acme', value: typeof value === 'string' ? value : JSON.stringify(value) })),
    );
  const until = (what: string, isDone: () => boolean) =>
    eventually(
      what,
      async () => ({ done: isDone(), seen: { posted: posted.map(({ key }) => key), output: running?.output().slice(-2_000) } }),
      60_000,
    );
  const isPosted = (...keys: string[]) => keys.every((key) => posted.some((one) => one.key === key));

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'], {
      cwd: EXAMPLE,
    });
    kafka = await requireKafka();
    broker = createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'alerts-test',
      partitions: 2,
      replicationFactor: 1,
      clock: systemClock,
      logger: createLog('alerts-test', 'silent'),
    });
    await broker.ensureTopics([TOPICS.alerts]);
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        const key = String(request.headers['idempotency-key']);
        tries.push(key);
        if (!isAway) posted.push({ key, body: JSON.parse(text) as AlertRecord });
        response.writeHead(isAway ? 503 : key.startsWith('refused') ? 422 : 204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    Object.assign(env, {
      KAFKA_BROKERS: kafka.brokers.join(','),
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
      ALERT_WEBHOOK_TIMEOUT_MS: '2000',
    });
  });
  afterEach(async () => {
    isAway = false;
    await running?.end('SIGTERM');
  });
  afterAll(async () => {
    await broker.close();
    await new Promise((resolve) => server.close(resolve));
    await kafka.stop();
  });

  it('prints and sends each alert, skips records that are none, and drops repeats', async () => {
    await produce(alert('a'), 'not json', '{"tenant":5}', '[]', alert('a'), alert('refused'), alert('a', 'resolved'));
    const example = start();
    await until('the last alert', () => isPosted('a/resolved'));
    expect(example.alertLines()).toEqual([
      'FIRING [acme] errors of a: tool calls fail (inc-a)',
      'FIRING [acme] errors of refused: tool calls fail (inc-refused)',
      'RESOLVED [acme] errors of a: tool calls fail (inc-a)',
    ]);
    expect(posted.map(({ key }) => key)).toEqual(['a/firing', 'refused/firing', 'a/resolved']);
    expect(posted[0]?.body).toEqual(alert('a'));
    expect(example.output()).toContain('is not a JSON object; 1 skipped since the start');
    expect(example.output()).toContain('tenant is not a string; 2 skipped since the start');
    expect(example.output()).toContain('is not an object; 3 skipped since the start');
    expect(await example.end('SIGTERM')).toBe('SIGTERM');
  });

  it('loses no alert when it is killed while the receiver is away', async () => {
    isAway = true;
    const killed = start();
    await produce(alert('b'), alert('c'));
    await until('a try', () => tries.includes('b/firing'));
    await killed.end('SIGKILL');
    await produce(alert('d'));
    isAway = false;
    start();
    await until('every alert', () => isPosted('b/firing', 'c/firing', 'd/firing'));
    expect(isPosted('b/firing', 'c/firing', 'd/firing')).toBe(true);
  });

  it('waits for a receiver that is away, ends at once when asked to, and goes on there', async () => {
    isAway = true;
    const stopped = start();
    await produce(alert('e'), alert('f'));
    await until('a second try', () => tries.filter((key) => key === 'e/firing').length > 1);
    await stopped.end('SIGTERM');
    expect(isPosted('e/firing')).toBe(false);
    isAway = false;
    const sentBefore = posted.length;
    start();
    await until('every alert', () => isPosted('e/firing', 'f/firing'));
    // What was committed before does not come again.
    expect(posted.slice(sentBefore).map(({ key }) => key)).toEqual(['e/firing', 'f/firing']);
  });
});
