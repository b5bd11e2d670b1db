import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { simulateFleet } from '@telltale/simulator';
import { newTestTask, outputsOf, runWithRestores, type TestBatch } from '@telltale/streaming/testing';
import fc from 'fast-check';
import { scorerConfig, scorerService } from './index';
import { foldEvents } from './measures.fixture';

const openScorer = () => scorerService.open(scorerConfig.parse({}), { partitions: 1 });

describe('a simulated day at high speed', () => {
  const end = Date.parse('2026-03-02T12:00:00Z');
  const start = end - DAY_MS;
  const fault = {
    kind: 'slow_tool',
    service: 'travel-agent',
    tool: 'search_flights',
    from: end - 6 * HOUR_MS,
    to: end - 4 * HOUR_MS,
    factor: 5,
  } as const;
  const day = [...simulateFleet({ seed: 4, start, end, eventsPerDay: 40_000, faults: [fault] })];

  function ranges(tasks: number, chunk = 500): TestBatch[] {
    const made: TestBatch[] = [];
    const marks = Array<number>(tasks).fill(start);
    for (let i = 0; i < day.length; i += chunk) {
      const part = day.slice(i, i + chunk);
      const records = marks.flatMap((mark, task) => {
        const mine = part.filter((e) => Number.parseInt(String(e.session_id ?? '0').slice(-2), 36) % tasks === task);
        marks[task] = Math.max(mark, ...mine.map((e) => Date.parse(String(e.ts))));
        return foldEvents(mine, `telltale.enricher/${task}`, marks[task] ?? start);
      });
      made.push({ now: end + i / 5, records });
    }
    for (let i = 0; i < 20; i++) made.push({ now: end + day.length / 5 + i * 1_000, records: [] });
    return made;
  }

  it.each([3])('finds the planted slowdown and hardly anything else, from %i source tasks', (tasks) => {
    const sut = newTestTask(openScorer());
    const found: AnomalyRecord[] = [];
    let late = 0;
    let scored = 0;
    for (const range of ranges(tasks)) {
      const effects = sut.run(range);
      found.push(...outputsOf<AnomalyRecord>(effects, TOPICS.anomalies.name));
      late += effects.counts?.['late_measures'] ?? 0;
      scored += effects.counts?.['windows_scored'] ?? 0;
    }
    const opened = found.filter((a) => a.state === 'open');
    const planted = opened.filter((a) => a.dimensions['name'] === 'search_flights');
    expect(planted).toHaveLength(1);
    expect(Date.parse(planted[0]?.started_at ?? '')).toBeGreaterThanOrEqual(fault.from);
    expect(Date.parse(planted[0]?.started_at ?? '')).toBeLessThan(fault.from + 45 * MINUTE_MS);
    // The budget is five false ones a day.
    const falsePositives = opened.filter((a) => Date.parse(a.started_at) < fault.from);
    expect(falsePositives.length).toBeLessThanOrEqual(5);
    expect(opened.every((a) => a.backfill)).toBe(true);
    expect(found.filter((a) => a.state === 'closed')).toHaveLength(opened.length);
    expect(late / scored).toBeLessThan(0.01);
  });

  it('does the same when the task is lost and restored at any range', () => {
    const some = ranges(2, 50).slice(400, 424);
    const whole = runWithRestores(openScorer(), some, []);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(23), { maxLength: 6 }), (cuts) => {
        expect(runWithRestores(openScorer(), some, cuts)).toEqual(whole);
      }),
      { numRuns: 40, examples: [[some.map((_, at) => at)]] },
    );
  });
});
