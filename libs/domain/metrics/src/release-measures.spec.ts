import { type Measure, measuresRecord } from '@telltale/contracts';
import { partitionOf } from '@telltale/kernel';
import { recordsOf } from './release-measures';

const measure = (service_name: string, name = 'search'): Measure => ({
  tenant: 'acme', series_id: 's', metric: 'operation.duration', dimensions: { service_name, kind: 'tool', name }, window_start: '2026-01-31T12:00:00.000Z',
  count: 1, sum: 5, min: 5, max: 5, errors: 0, sketch: '',
}); // prettier-ignore
const from = { source: 'telltale.enricher/0', watermark: '2026-01-31T12:00:03.000Z', partitions: 6 };

describe('records of measures', () => {
  it('are one for each partition, each of a service in the partition of its tenant and name', () => {
    const measures = Array.from({ length: 300 }, (_, i) => measure(`bot-${i % 40}`, `tool-${i}`));
    const records = recordsOf(measures, from);
    expect(records).toHaveLength(6);
    for (const { partition, value } of records) {
      const said = measuresRecord.parse(JSON.parse(value));
      expect([said.source, said.watermark]).toEqual([from.source, from.watermark]);
      for (const { dimensions } of said.measures) expect(partitionOf(`acme/${dimensions['service_name']}`, 6)).toBe(partition);
    }
    const total = records.reduce((sum, { value }) => sum + measuresRecord.parse(JSON.parse(value)).measures.length, 0);
    expect(total).toBe(300);
  });

  it('are several where a topic would not take them as one', () => {
    const records = recordsOf(
      Array.from({ length: 5_000 }, (_, i) => measure('bot', `tool ${i} ${'é'.repeat(100)}`)),
      from,
    );
    expect(records.length).toBeGreaterThan(1);
    for (const { value } of records) expect(Buffer.byteLength(value)).toBeLessThan(600_000);
  });
});
