import { UsageError } from '@telltale/cli';
import { TOPICS } from '@telltale/contracts';

/**
 * What the Collector promises of a span that it has read, by when its offset is committed. nop: decoded and thrown away. at_most_once: before
 * the span has left its queue in memory. disk_queue: once it is in a file, which a crash of the process leaves alone. disk_queue_fsync: once
 * the disk has it, so that it survives the machine as well.
 */
export const COLLECTOR_MODES = ['nop', 'at_most_once', 'disk_queue', 'disk_queue_fsync'] as const;
export type CollectorMode = (typeof COLLECTOR_MODES)[number];

/** The modes of a list with commas, in the order of `COLLECTOR_MODES`. */
export function modesOf(list: string): readonly CollectorMode[] {
  const names = list.split(',');
  const unknown = names.find((name) => !COLLECTOR_MODES.some((mode) => mode === name));
  if (unknown !== undefined)
    throw new UsageError(`there is no mode ${unknown} of the Collector`, `there are ${COLLECTOR_MODES.join(', ')}`);
  return COLLECTOR_MODES.filter((mode) => names.includes(mode));
}

/** What a Collector must be built of, by section of what its command `components` prints. */
export const COLLECTOR_PARTS = { receivers: ['kafka'], exporters: ['clickhouse', 'nop'], extensions: ['file_storage'] } as const;

/** The table of the exporter in its database. */
export const COLLECTOR_TABLE = 'otel_traces';

export interface CollectorRoute {
  readonly brokers: readonly string[];
  readonly groupId: string;
  /** `http://host:port`. */
  readonly clickhouseUrl: string;
  /** Created by the exporter. */
  readonly database: string;
  /** An existing folder for the queue. */
  readonly queueFolder: string;
}

/** Like that of our own client. */
const INSERT_TIMEOUT = '60s';
/** How often offsets are committed; also how late the end of `nop` is seen. */
const COMMIT_EVERY = '100ms';

const hasDiskQueue = (mode: CollectorMode): boolean => mode.startsWith('disk_queue');

/** The ClickHouse exporter with the batches that its documentation recommends, and what our own inserts have: no compression, no asynchronous insert. */
const clickhouseExporter = (mode: CollectorMode, { clickhouseUrl, database }: CollectorRoute): object => ({
  endpoint: clickhouseUrl,
  database,
  async_insert: false,
  compress: 'none',
  timeout: INSERT_TIMEOUT,
  sending_queue: {
    // A full queue makes the receiver wait; else it would lose spans.
    block_on_overflow: true,
    batch: { flush_timeout: '1s' },
    ...(hasDiskQueue(mode) && { storage: 'file_storage' }),
  },
});

/** The configuration of the Collector; as JSON it is the YAML that it reads. */
export function collectorConfig(mode: CollectorMode, route: CollectorRoute): object {
  const exporters = mode === 'nop' ? { nop: {} } : { clickhouse: clickhouseExporter(mode, route) };
  return {
    receivers: {
      kafka: {
        brokers: route.brokers,
        group_id: route.groupId,
        initial_offset: 'earliest',
        autocommit: { enable: true, interval: COMMIT_EVERY },
        message_marking: { after: mode !== 'at_most_once' },
        traces: { topics: [TOPICS.otlpSpans.name], encoding: 'otlp_proto' },
      },
    },
    exporters,
    ...(hasDiskQueue(mode) && {
      extensions: { file_storage: { directory: route.queueFolder, fsync: mode === 'disk_queue_fsync' } },
    }),
    service: {
      ...(hasDiskQueue(mode) && { extensions: ['file_storage'] }),
      pipelines: { traces: { receivers: ['kafka'], exporters: Object.keys(exporters) } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
    },
  };
}
