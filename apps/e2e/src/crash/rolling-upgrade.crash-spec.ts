import { migrationsFolder, readMigrations } from '@telltale/adapter-clickhouse';
import { requireKafka, type TestKafka } from '@telltale/testkit';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEvent } from '../harness/event-load';
import { type FormerBuild, makeFormerBuild } from '../harness/former-build';
import { eventually, pass, type ServiceProcess, startService } from '../harness/service-process';
import { startTestCluster } from './test-cluster';

// The former build of every service is replaced by this one, a process at a time and under load, as an orchestrator does it.

jest.setTimeout(900_000);
const KEY = 'a-key-of-at-least-16-characters';
const SERVICES = ['enricher', 'turns', 'scorer', 'costs', 'incidents', 'verbosity'];
const STEP = 100;

describe('a rolling upgrade', () => {
  let kafka: TestKafka;
  let cluster: Awaited<ReturnType<typeof startTestCluster>>;
  let former: FormerBuild;
  const running = new Set<ServiceProcess>();
  beforeAll(async () => {
    former = makeFormerBuild();
    kafka = await requireKafka();
    cluster = await startTestCluster({ brokers: kafka.brokers, replicas: 1 });
    const settings = `api_keys:\n  - { name: load, tenant: default, key: ${KEY}, scopes: [ingest] }\n`;
    writeFileSync(join(cluster.home, 'settings.yaml'), settings);
  }, 300_000);
  afterAll(async () => {
    await Promise.all([...running].map((one) => one.kill('SIGKILL')));
    await cluster.stop();
    await kafka.stop();
    former.remove();
  });

  async function start(name: string, root?: string): Promise<ServiceProcess> {
    const env = { ...cluster.env(), BATCH_MAX_RECORDS: '500', TELLTALE_SETTINGS_FILE: join(cluster.home, 'settings.yaml') };
    const one = await startService(name, env, [], root);
    running.add(one);
    return one;
  }
  async function end(one: ServiceProcess): Promise<void> {
    await one.kill('SIGTERM');
    running.delete(one);
    expect(await one.ended).toBe(0);
  }

  it('loses no event and doubles none, and fourteen processes that start at once apply each migration once', async () => {
    const names = ['gateway', ...SERVICES];
    const started = await Promise.all(names.flatMap((name) => [start(name, former.root), start(name, former.root)]));
    expect(started).toHaveLength(14);
    const applied = await cluster.rows.query<{ name: string }>('SELECT name FROM telltale.migrations ORDER BY name');
    const files = readMigrations(migrationsFolder(former.root), { kind: 'single' }).map(({ name }) => name);
    expect(applied.map(({ name }) => name)).toEqual(files);

    let gateways = started.filter(({ name }) => name === 'gateway');
    let sent = 0;
    /** As a client does it: to whichever gateway answers, again until one has taken it. */
    async function send(): Promise<void> {
      const events = Array.from({ length: STEP }, (_, i) => loadEvent(sent + i, cluster.start));
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
      await eventually('a gateway takes events', async () => {
        const answers: unknown[] = [];
        for (const { url } of gateways) {
          const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) }).then(async (response) => `${response.status} ${await response.text()}`, String);
          if (answer.startsWith(`200 {"accepted":${STEP}`)) return { done: true, seen: answers };
          answers.push(answer);
        }
        return { done: false, seen: answers };
      }, 60_000); // prettier-ignore
      sent += STEP;
    }
    await send();
    for (const old of started) {
      let isReplaced = false;
      const load = (async () => {
        // A steady load, which two cores can take beside fourteen processes: what waits at the end is no backlog.
        do await Promise.all([send(), pass(300)]);
        while (!isReplaced);
      })();
      // One after the other, without more than before.
      gateways = gateways.filter((one) => one !== old);
      await end(old);
      const next = await start(old.name);
      if (next.name === 'gateway') gateways = [...gateways, next];
      isReplaced = true;
      await load;
    }
    expect(running.size).toBe(14);
    await send();
    await cluster.expectExactly(sent).catch(async (error: unknown) => {
      const tasks = await Promise.all([...running].map(async ({ name, url, lines }) => ({ name, ready: await (await fetch(`${url}/readyz`)).text(), last: lines.slice(-3) }))); // prettier-ignore
      throw new Error(JSON.stringify(tasks, null, 1), { cause: error });
    });
    process.stderr.write(`${sent} events, from ${former.release ?? 'the same build, as there is no release'} to this build\n`);
    for (const one of running) expect(one.lines.filter((line) => line.includes('task_crashed'))).toEqual([]);
    await Promise.all([...running].map(end));
  });
});
