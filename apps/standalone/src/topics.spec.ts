import { ALL_TOPICS, TOPICS } from '@telltale/contracts';
import { type Encryptor } from '@telltale/streaming';
import { type CommonConfig, loadConfig } from '@telltale/platform-config';
import { configOf, type ServiceContext, type ServiceDefinition, TOPICS_OF_START } from '@telltale/platform-nest-runtime';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODULES } from './module-table';

/** Who is none of our processes; nothing here can tell what they do. */
const OUTSIDE = ['collector', 'people', 'producers'];

interface Use {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

describe('the catalog of topics', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-topics-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** By its definition. Each is held to it: a stage by the runner, what else a service does by the log that it is given. */
  async function useOf(service: ServiceDefinition): Promise<Use> {
    if (service.topics) return service.topics;
    const config = loadConfig(configOf([service]), { TELLTALE_HOME: home }) as CommonConfig & Record<string, unknown>;
    const { stages = [], release } = await service.init({ config, encryptor: {} as Encryptor, broker: {} } as ServiceContext);
    await release?.();
    return {
      reads: stages.flatMap(({ inputs, stateTopic }) => [...inputs, stateTopic]),
      writes: stages.flatMap(({ outputs, stateTopic }) => [...outputs, stateTopic, TOPICS.dlq.name]),
    };
  }

  it('names as readers and writers exactly those that services are defined with', async () => {
    const uses: [string, Use][] = [['every service', TOPICS_OF_START]];
    for (const service of MODULES) uses.push([service.name, await useOf(service)]);
    const derived = ALL_TOPICS.map(({ name }) => ({
      name,
      producers: uses.filter(([, { writes }]) => writes.includes(name)).map(([who]) => who).sort(),
      consumers: uses.filter(([, { reads }]) => reads.includes(name)).map(([who]) => who).sort(),
    })); // prettier-ignore
    const ours = (names: readonly string[]): string[] => names.filter((who) => !OUTSIDE.includes(who)).sort();
    const reported = ALL_TOPICS.map(({ name, producers, consumers }) => ({
      name,
      producers: ours(producers),
      consumers: ours(consumers),
    }));
    expect(reported).toEqual(derived);
    expect(uses.flatMap(([, { reads, writes }]) => [...reads, ...writes]).filter((name) => !ALL_TOPICS.some((topic) => topic.name === name))).toEqual([]); // prettier-ignore
  });
});
