import { type DetectorSettingRecord, TOPICS } from '@telltale/contracts';
import { createDice, isoTime } from '@telltale/kernel';
import { describeWrittenState, newTestRecord, type TestBatch } from '@telltale/streaming/testing';
import { scorerConfig } from './config';
import { measureOf, newTestMeasure } from './measures.fixture';
import { scorerService } from './service';
import { join } from 'node:path';

const START = Date.parse('2026-03-02T00:00:00Z');
const WINDOW_MS = 10_000;

/** A minute and more of two tools and a version, of which one becomes slow; a window and a batch each 10 s. */
function batches(): TestBatch[] {
  const dice = createDice(7);
  const sensitivity: DetectorSettingRecord = {
    type: 'set_sensitivity', tenant: 'acme', id: 's', false_positives_per_day: 50, issued_by: 'test',
  }; // prettier-ignore
  return Array.from({ length: 60 }, (_, i): TestBatch[] => {
    const start = START + i * WINDOW_MS;
    const now = start + WINDOW_MS + 2_500;
    const valuesOf = (slow: number): number[] => Array.from({ length: 4 }, () => Math.round(100 * slow * (1 + dice.uniform())));
    const measures = ['search', 'book'].map((name, nth) =>
      newTestMeasure(start, valuesOf(nth === 0 && i >= 40 ? 30 : 1), now, {
        tenant: 'acme',
        metric: 'operation.duration',
        dimensions: { service_name: 'bot', kind: 'tool', name },
      }),
    );
    const batch = {
      now,
      records: [
        ...(i === 0
          ? [newTestRecord(TOPICS.detectorSettings.name, { ...sensitivity, expires_at: isoTime(START + 86_400_000) })]
          : []),
        ...measures.map(measureOf),
      ],
    };
    // The next look at the timers closes the window.
    return [batch, { now: now + 3_000, records: [] }];
  }).flat();
}

const all = batches();
describeWrittenState(join(__dirname, 'state', 'written'), scorerService.open(scorerConfig.parse({}), { partitions: 1 }), {
  before: all.slice(0, 90),
  after: all.slice(90),
});
