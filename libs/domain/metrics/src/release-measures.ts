import { type Measure, type MeasuresRecord } from '@telltale/contracts';
import { partitionOf } from '@telltale/kernel';
import { type Measures } from './measures';
import { type PackedBatch } from './partial-aggregates';

/** How often measures go out. Ends of windows are among these times, so that no window waits for what its batches brought. */
export const FLUSH_EVERY_MS = 2_000;
/** More series and windows than this don't wait: a bound of memory. */
const MOST_PENDING = 20_000;
/** Most bytes of measures in one record, well below what topics take. */
const MOST_RECORD_BYTES = 500_000;

/** Where batches are kept until their measures go out. */
export interface Holding {
  /** Whether they are to go out with this batch. */
  isDue(): boolean;
  hold(batch: PackedBatch): void;
  release(): void;
}

export interface ReleaseOptions extends Omit<MeasuresRecord, 'measures'> {
  /** Of the topic of measures. */
  readonly partitions: number;
}

/** A record of the topic of measures. */
export interface PartitionRecord {
  readonly partition: number;
  readonly value: string;
}

/** Ends a batch: answers what goes out with it, for each partition a record; else what it brought is held. */
export function releaseMeasures(
  measures: Pick<Measures, 'endBatch' | 'pending' | 'flush'>,
  holding: Holding,
  options: ReleaseOptions,
): PartitionRecord[] {
  const batch = measures.endBatch();
  if (measures.pending === 0) return [];
  if (!holding.isDue() && measures.pending < MOST_PENDING) {
    if (batch) holding.hold(batch);
    return [];
  }
  holding.release();
  return recordsOf(measures.flush(), options);
}

/** All series of a service meet in one task of the scorer, where a parent series and its children are seen together. */
const keyOf = ({ tenant, dimensions }: Measure): string => `${tenant}/${dimensions['service_name'] ?? ''}`;

/** Measures by partition, in the order in which they come; more than a record takes are several records. */
export function recordsOf(measures: readonly Measure[], { partitions, source, watermark }: ReleaseOptions): PartitionRecord[] {
  const head = `{"source":${JSON.stringify(source)},"watermark":${JSON.stringify(watermark)},"measures":[`;
  const records: { partition: number; parts: string[] }[] = [];
  const open = new Map<number, { parts: string[]; bytes: number }>();
  for (const measure of measures) {
    const partition = partitionOf(keyOf(measure), partitions);
    const json = JSON.stringify(measure);
    const bytes = Buffer.byteLength(json);
    let record = open.get(partition);
    if (!record || record.bytes + bytes > MOST_RECORD_BYTES) {
      record = { parts: [], bytes: 0 };
      open.set(partition, record);
      records.push({ partition, parts: record.parts });
    }
    record.parts.push(json);
    record.bytes += bytes;
  }
  return records.map(({ partition, parts }) => ({ partition, value: `${head}${parts.join(',')}]}` }));
}
