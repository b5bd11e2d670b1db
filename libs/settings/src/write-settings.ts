import { type SettingAddress, settingKey, settingRecord, type SettingRecord, TOPICS } from '@telltale/contracts';
import { groupBy, isoTime, TransientError } from '@telltale/kernel';
import { type Broker, type LogRecord } from '@telltale/streaming';
import { FIRST_PARTITION } from './follow-settings';
import { readSetting } from './setting-store';

const MAX_READ_TOGETHER = 50_000;

export interface SettingChange extends SettingAddress {
  /** null deletes it. */
  readonly value: object | null;
  /** Digest of the entry of the settings file it comes from. */
  readonly seed?: string;
}

export interface ChangedBy {
  readonly by: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** What a change makes of a setting. It keeps which entry of the settings file was taken last. */
export function changedSetting(
  current: SettingRecord | undefined,
  { type, tenant, name, value, seed = current?.seed }: SettingChange,
  { by, now }: ChangedBy,
): SettingRecord {
  const version = (current?.version ?? 0) + 1;
  const record = { type, tenant, name, version, changed_at: isoTime(now), changed_by: by, value };
  return settingRecord.parse(seed === undefined ? record : { ...record, seed });
}

type Log = Pick<Broker, 'describe' | 'produce' | 'newest'>;

async function partitionsOf(broker: Log): Promise<readonly { partition: number; start: number; end: number }[]> {
  const topic = TOPICS.settings.name;
  const [info] = await broker.describe([topic]);
  if (!info || info.partitions.length === 0) throw new TransientError('unavailable', `${topic} does not exist yet`);
  return info.partitions;
}

const recordIn = (partition: number) => (setting: SettingRecord) => ({
  topic: TOPICS.settings.name,
  partition,
  key: settingKey(setting),
  value: JSON.stringify(setting),
});

/**
 * Writes settings to every partition, to the first one before the others: what it has counts, and `spreadSettings` brings the others there
 * when this is cut off in between. TransientError when the log cannot be reached.
 */
export async function writeSettings(broker: Log, settings: readonly SettingRecord[]): Promise<void> {
  if (settings.length === 0) return;
  const partitions = await partitionsOf(broker);
  const others = partitions.filter(({ partition }) => partition !== FIRST_PARTITION);
  await broker.produce(settings.map(recordIn(FIRST_PARTITION)));
  if (others.length > 0) await broker.produce(others.flatMap(({ partition }) => settings.map(recordIn(partition))));
}

type Span = Awaited<ReturnType<typeof partitionsOf>>[number];
const recordsOf = (spans: readonly Span[]): number => spans.reduce((sum, { start, end }) => sum + end - start, 0);

/** The newest text of each key. */
function textsOf(records: readonly LogRecord[]): Map<string, string> {
  const inOrder = [...records].sort((a, b) => a.offset - b.offset);
  return new Map(inOrder.flatMap(({ key, value }) => (key !== null && value ? [[key, value.toString()] as const] : [])));
}

async function recordsIn(broker: Log, span: Span): Promise<Map<string, string>> {
  const records = recordsOf([span]);
  return textsOf(records > 0 ? await broker.newest(TOPICS.settings.name, records, span.partition) : []);
}

/** What each partition holds. Few records are read in one pass, many a partition at a time, which holds less in memory. */
async function readerOf(broker: Log, spans: readonly Span[]): Promise<(span: Span) => Promise<Map<string, string>>> {
  const records = recordsOf(spans);
  if (records > MAX_READ_TOGETHER) return (span) => recordsIn(broker, span);
  const all = groupBy(records > 0 ? await broker.newest(TOPICS.settings.name, records) : [], ({ partition }) => partition);
  return ({ partition }) => Promise.resolve(textsOf(all.get(partition) ?? []));
}

/** The newest settings of the topic, by key. */
export async function readSettings(broker: Log): Promise<Map<string, SettingRecord>> {
  const first = (await partitionsOf(broker)).find(({ partition }) => partition === FIRST_PARTITION);
  const texts = first ? await recordsIn(broker, first) : [];
  return new Map(
    [...texts].flatMap(([key, text]) => {
      const setting = readSetting(Buffer.from(text));
      return setting ? [[key, setting] as const] : [];
    }),
  );
}

/** Brings every partition to what the first one has. Answers how many records that took. */
export async function spreadSettings(broker: Log): Promise<number> {
  const partitions = await partitionsOf(broker);
  const first = partitions.find(({ partition }) => partition === FIRST_PARTITION);
  if (!first) return 0;
  const read = await readerOf(broker, partitions);
  const right = await read(first);
  let written = 0;
  for (const other of partitions) {
    if (other.partition === FIRST_PARTITION) continue;
    const there = await read(other);
    const missing = [...right].filter(([key, text]) => there.get(key) !== text);
    if (missing.length === 0) continue;
    written += missing.length;
    await broker.produce(
      missing.map(([key, value]) => ({ topic: TOPICS.settings.name, partition: other.partition, key, value })),
    );
  }
  return written;
}
