import { COLLECTOR_MODES, collectorConfig, type CollectorMode, modesOf } from './collector-config';

const ROUTE = {
  brokers: ['127.0.0.1:9092'],
  groupId: 'bench-1',
  clickhouseUrl: 'http://127.0.0.1:8123',
  database: 'collector_1',
  queueFolder: '/queue',
};

/** As the Collector reads it. */
const read = (mode: CollectorMode): Record<string, never> => JSON.parse(JSON.stringify(collectorConfig(mode, ROUTE)));

describe('configuration of the Collector', () => {
  it.each([
    ['nop', ['nop'], true, undefined, undefined],
    ['at_most_once', ['clickhouse'], false, undefined, undefined],
    ['disk_queue', ['clickhouse'], true, 'file_storage', false],
    ['disk_queue_fsync', ['clickhouse'], true, 'file_storage', true],
  ] as const)('%s', (mode, exporters, marksAfter, storage, fsync) => {
    const { receivers, exporters: all, extensions, service } = read(mode) as unknown as Record<string, Record<string, Record<string, unknown>>>; // prettier-ignore
    expect(receivers?.['kafka']).toMatchObject({
      brokers: ROUTE.brokers,
      group_id: 'bench-1',
      initial_offset: 'earliest',
      message_marking: { after: marksAfter },
      traces: { topics: ['otlp_spans'], encoding: 'otlp_proto' },
    });
    expect(Object.keys(all ?? {})).toEqual(exporters);
    expect(service?.['pipelines']).toEqual({ traces: { receivers: ['kafka'], exporters } });
    expect((all?.['clickhouse']?.['sending_queue'] as Record<string, unknown> | undefined)?.['storage']).toBe(storage);
    expect(extensions?.['file_storage']?.['fsync']).toBe(fsync);
    expect(service?.['extensions']).toEqual(storage && [storage]);
  });

  it.each(['at_most_once', 'disk_queue', 'disk_queue_fsync'] as const)('%s loses nothing while its queue is full', (mode) => {
    expect(read(mode)).toMatchObject({ exporters: { clickhouse: { sending_queue: { block_on_overflow: true } } } });
  });

  it.each(['disk_queue', 'disk_queue_fsync'] as const)('%s keeps its queue in the folder of the run', (mode) => {
    expect(read(mode)).toMatchObject({ extensions: { file_storage: { directory: '/queue' } } });
  });
});

describe('modes of a list', () => {
  it('are in one order, each once', () => {
    expect(modesOf('disk_queue,nop,disk_queue')).toEqual(['nop', 'disk_queue']);
    expect(modesOf(COLLECTOR_MODES.join(','))).toEqual(COLLECTOR_MODES);
  });

  it.each(['', 'fast', 'nop,', 'nop, disk_queue'])('%p is wrong usage', (list) => {
    expect(() => modesOf(list)).toThrow(/there is no mode/);
  });
});
