import { settingKey, type SettingRecord, TOPICS } from '@telltale/contracts';
import { TransientError } from '@telltale/kernel';
import { type Broker, type LogRecord, type OutputRecord } from '@telltale/streaming';
import { changedSetting, createSettings, createSettingStore, readSettings, seedChanges, spreadSettings, writeSettings } from '.';
import { newTestSecrets, newTestSetting } from './setting.fixture';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const TENANT = { type: 'tenant', tenant: 'acme', name: 'default' } as const;

/** A settings topic of so many partitions. */
function newTestTopic(partitions = 3) {
  const logs: LogRecord[][] = Array.from({ length: partitions }, () => []);
  let failsAfter = Infinity;
  const broker: Pick<Broker, 'describe' | 'produce' | 'newest'> = {
    describe: ([name = '']) =>
      Promise.resolve([{ name, partitions: logs.map((log, partition) => ({ partition, start: 0, end: log.length })) }]),
    newest: (_topic, limit, partition) =>
      Promise.resolve((partition === undefined ? logs.flat() : (logs[partition] ?? [])).slice(-limit)),
    produce(records: readonly OutputRecord[]) {
      if (failsAfter-- <= 0) return Promise.reject(new TransientError('unavailable', 'no broker'));
      for (const { topic, partition = 0, key, value } of records)
        logs[partition]?.push({ topic, partition, offset: logs[partition].length, key, value: Buffer.from(String(value)), headers: {}, timestampMs: 0 }); // prettier-ignore
      return Promise.resolve();
    },
  };
  const held = (): unknown[][] =>
    logs.map((log) => [...new Map(log.map(({ key, value }) => [key, JSON.parse(String(value)) as SettingRecord])).values()].map(({ value }) => value)); // prettier-ignore
  return { broker, logs, held, failAfter: (requests: number) => void (failsAfter = requests) };
}

describe('a change', () => {
  it('raises the version, says who and when, and keeps what was taken from the settings file last', () => {
    const first = changedSetting(
      undefined,
      { ...TENANT, value: { privacy: 'mask' }, seed: 'abc' },
      { by: 'settings file', now: NOW },
    );
    const second = changedSetting(first, { ...TENANT, value: null }, { by: 'key ops', now: NOW + 1 });
    expect(second).toEqual({
      ...TENANT,
      version: 2,
      changed_at: '2026-11-28T12:00:00.001Z',
      changed_by: 'key ops',
      seed: 'abc',
      value: null,
    });
  });

  it('goes to every partition under its key', async () => {
    const { broker, logs } = newTestTopic(3);
    await writeSettings(broker, [newTestSetting('tenant', 'acme', { privacy: 'mask' })]);
    expect(logs.flat().map(({ topic, partition, key }) => [topic, partition, key])).toEqual([0, 1, 2].map((partition) => [TOPICS.settings.name, partition, 'tenant/acme/default'])); // prettier-ignore
    await writeSettings(broker, []);
    expect(logs.flat()).toHaveLength(3);
  });

  it('that was cut off after the first partition counts, and is spread to the others', async () => {
    const { broker, held, failAfter } = newTestTopic(3);
    await writeSettings(broker, [newTestSetting('tenant', 'acme', { privacy: 'mask' })]);
    failAfter(1);
    const change = newTestSetting('tenant', 'acme', { privacy: 'drop_content' }, 'default', 2);
    await expect(writeSettings(broker, [change])).rejects.toThrow('no broker');
    failAfter(Infinity);
    expect((await readSettings(broker)).get(settingKey(TENANT))).toEqual(change);
    expect(await spreadSettings(broker)).toBe(2);
    expect(held()).toEqual([[{ privacy: 'drop_content' }], [{ privacy: 'drop_content' }], [{ privacy: 'drop_content' }]]);
    expect(await spreadSettings(broker)).toBe(0);
  });
});

describe('many settings', () => {
  it('are spread a partition at a time', async () => {
    const { broker, held, failAfter } = newTestTopic(3);
    const views = (version: number) => Array.from({ length: 20_000 }, (_, i) => newTestSetting('view', 'acme', { title: `${version}`, page: 'p' }, `v${i}`, version)); // prettier-ignore
    await writeSettings(broker, views(1));
    failAfter(1);
    await expect(writeSettings(broker, views(2).slice(0, 5))).rejects.toThrow('no broker');
    failAfter(Infinity);
    expect(await spreadSettings(broker)).toBe(10);
    const [first, ...others] = held().map((values) => JSON.stringify(values));
    expect(new Set(others)).toEqual(new Set([first]));
  });
});

describe('changes of one process', () => {
  it('come one after the other, each from what the one before left, and are there when they are done', async () => {
    const { broker } = newTestTopic();
    const settings = createSettings(
      createSettingStore(),
      broker,
      {
        now: () => NOW,
        monotonic: () => 0,
        sleep: () => Promise.resolve(),
      },
      newTestSecrets(),
    );
    const made = await Promise.all(['mask', 'drop_content', 'metadata_only'].map((privacy) => settings.change({ ...TENANT, value: { privacy } }, 'key ops'))); // prettier-ignore
    expect(made.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(settings.get(TENANT)?.value).toEqual({ privacy: 'metadata_only' });
    expect(settings.list({ tenant: 'acme' })).toHaveLength(1);
    await settings.change({ ...TENANT, value: null }, 'key ops');
    expect([settings.get(TENANT)?.value, settings.list()]).toEqual([null, []]);
  });
});

describe('the settings file', () => {
  const entry = { ...TENANT, value: { privacy: 'mask' } };
  const seeded = (changes: ReturnType<typeof seedChanges>, current?: SettingRecord) =>
    new Map(changes.map((change) => [settingKey(change), changedSetting(current, change, { by: 'settings file', now: NOW })]));

  it('is taken once, and again where an entry of it has changed', () => {
    const current = seeded(seedChanges([entry], new Map()));
    expect(current.size).toBe(1);
    expect(seedChanges([entry], current)).toEqual([]);
    expect(seedChanges([{ ...entry, value: { privacy: 'drop_content' } }], current)).toMatchObject([
      { value: { privacy: 'drop_content' } },
    ]);
  });

  it.each([
    ['changed', { privacy: 'metadata_only' }],
    ['deleted', null],
  ])('leaves what people have %s since as it is, until its entry changes', (_what, value) => {
    const [first] = [...seeded(seedChanges([entry], new Map())).values()];
    const byHand = changedSetting(first, { ...TENANT, value }, { by: 'key ops', now: NOW + 1 });
    const current = new Map([[settingKey(TENANT), byHand]]);
    expect(seedChanges([entry], current)).toEqual([]);
    const next = seedChanges([{ ...entry, value: { privacy: 'drop_content' } }], current);
    expect(seeded(next, byHand).get(settingKey(TENANT))).toMatchObject({ version: 3, value: { privacy: 'drop_content' } });
  });
});
