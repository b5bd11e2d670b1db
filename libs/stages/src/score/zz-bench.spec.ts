import { simulateFleet } from '../../../testkit/src/simulator';
import { measureRecord } from '@telltale/contracts';
import { createScoreStage } from '.';
import { decodeSketch } from './sketch';
import { newTestLane } from '../stream/lane.fixture';
import { foldEvents } from './measures.fixture';
it('bench', () => {
  const end = Date.parse('2026-03-02T12:00:00Z');
  let t = performance.now();
  const day = [...simulateFleet({ seed: 4, start: end - 86_400_000, end, eventsPerDay: 40_000 })];
  console.log('simulate', performance.now() - t, day.length);
  t = performance.now();
  const ranges = [];
  for (let i = 0; i < day.length; i += 500) {
    const part = day.slice(i, i + 500);
    ranges.push({ now: end + i / 5, records: foldEvents(part, 'a', Math.max(...part.map((e) => Date.parse(String(e.ts))))) });
  }
  const n = ranges.reduce((a, r) => a + r.records.length, 0);
  console.log('fold', performance.now() - t, n);
  t = performance.now();
  for (const r of ranges) for (const m of r.records) JSON.parse(m.value!.toString());
  console.log('parse', performance.now() - t);
  t = performance.now();
  for (const r of ranges) for (const m of r.records) measureRecord.safeParse(JSON.parse(m.value!.toString()));
  console.log('parse+zod', performance.now() - t);
  t = performance.now();
  for (const r of ranges) for (const m of r.records) decodeSketch(JSON.parse(m.value!.toString()).sketch);
  console.log('parse+sketch', performance.now() - t);
  const sut = newTestLane(createScoreStage());
  t = performance.now();
  let scored = 0;
  for (const r of ranges) scored += sut.run(r).counts?.['windows_scored'] ?? 0;
  console.log('score', performance.now() - t, scored);
});
