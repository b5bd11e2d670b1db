import { type DetectorOverrideRow, type DetectorSettingRecord, TOPICS } from '@telltale/contracts';
import { createDice, DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import {
  describeWrittenState,
  newTestRecord,
  newTestTask,
  rowsOf,
  runWithRestores,
  type TestBatch,
} from '@telltale/streaming/testing';
import { join } from 'node:path';
import { scorerConfig } from './config';
import { measureOf, newTestMeasure } from './measures.fixture';
import { scorerService } from './service';
import { createDetectorOverrides, MAX_HOLIDAY_LISTS } from './state/detector-overrides';

const HOLIDAY = Date.parse('2026-03-26T00:00:00Z');
const SCORER = scorerService.open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: HOUR_MS }), { partitions: 1 });
const STEP_MS = 10 * MINUTE_MS;

const holidays = (id: string, dates: readonly string[], more: object = {}): DetectorSettingRecord =>
  ({ type: 'set_holidays', tenant: 'acme', id, name: 'a holiday', dates: [...dates], utc_offset: '+00:00', issued_by: 'test', ...more }); // prettier-ignore

/** A window in ten minutes of a tool and of turns, for a day and more before the holiday, a tenth of it on the holiday, and two hours after. */
function batches(): TestBatch[] {
  const dice = createDice(3);
  const all: TestBatch[] = [];
  for (let start = HOLIDAY - DAY_MS - HOUR_MS; start < HOLIDAY + DAY_MS + 2 * HOUR_MS; start += STEP_MS) {
    const share = start >= HOLIDAY && start < HOLIDAY + DAY_MS ? 0.1 : 1;
    const values = Array.from({ length: 1 + dice.poisson(20 * share) }, () => Math.round(400 * Math.exp(0.3 * dice.normal())));
    const now = start + 12_500;
    const turns = { metric: 'turn.count', dimensions: { service_name: 'shop' } };
    const measures = [newTestMeasure(start, values, now), newTestMeasure(start, values.map(() => 1), now, turns)].map(measureOf); // prettier-ignore
    const settings = all.length === 0 ? [newTestRecord(TOPICS.detectorSettings.name, holidays('h', ['2026-03-26']))] : [];
    all.push({ now, records: [...settings, ...measures] }, { now: now + 3_000, records: [] });
  }
  return all;
}

const ALL = batches();
const MID_HOLIDAY = ALL.findIndex(({ now }) => now > HOLIDAY + 20 * HOUR_MS);

describe('a task on a holiday', () => {
  it('goes on as if it had not been restarted, on the holiday and after it', () => {
    const end = ALL.findIndex(({ now }) => now > HOLIDAY + DAY_MS);
    expect(runWithRestores(SCORER, ALL, [MID_HOLIDAY, MID_HOLIDAY + 1, end - 1, end, end + 2])).toEqual(runWithRestores(SCORER, ALL, [])); // prettier-ignore
  });

  it('stores what a series was before, until the holiday is over', () => {
    const sut = newTestTask(SCORER);
    const bytes = () => [...sut.state].filter(([key]) => key.startsWith('s/')).map(([, value]) => value.length);
    const sizes = ALL.map((batch) => {
      sut.run(batch);
      return Math.max(...bytes());
    });
    expect(sizes[MID_HOLIDAY]).toBeGreaterThan(1_900);
    expect(sizes.at(-1)).toBeLessThan(1_700);
  });

  describeWrittenState(join(__dirname, 'state', 'written-holidays'), SCORER, { before: ALL.slice(0, MID_HOLIDAY), after: ALL.slice(MID_HOLIDAY) }); // prettier-ignore
});

describe('lists of holidays', () => {
  const series = { tenant: 'acme', dimensions: { service_name: 'shop' } } as never;
  function newTestOverrides(now = HOLIDAY - DAY_MS) {
    const sut = createDetectorOverrides({ defaultPerDay: 5, writesRows: true }, new Map());
    sut.startBatch(now);
    return sut;
  }

  it.each([
    ['of every service', {}, 1],
    ['of this one', { service_name: 'shop' }, 1],
    ['of another service', { service_name: 'pay' }, 0],
    ['of another tenant', { tenant: 'other' }, 0],
  ])('%s', (_, more, length) => {
    const sut = newTestOverrides();
    expect(sut.add(holidays('h', ['2026-03-27', '2026-03-26'], more))).toBe(true);
    expect(sut.holidaysOf(series)).toHaveLength(length);
    expect(sut.add({ type: 'set_sensitivity', tenant: 'acme', id: 's', false_positives_per_day: 2, issued_by: 'test' })).toBe(false); // prettier-ignore
  });

  it('end when they are taken back, replaced, or over', () => {
    const sut = newTestOverrides();
    const back: DetectorSettingRecord = {
      type: 'end_holidays',
      tenant: 'acme',
      id: 'h',
      at: isoTime(HOLIDAY),
      issued_by: 'test',
    };
    sut.add(holidays('h', ['2026-03-26']));
    expect(sut.add(back)).toBe(true);
    expect(sut.holidaysOf(series)).toEqual([]);
    sut.add(holidays('h', ['2026-03-26']));
    sut.add(holidays('h', ['2026-03-28']));
    expect(sut.holidaysOf(series)).toEqual([{ from: HOLIDAY + 2 * DAY_MS, until: HOLIDAY + 3 * DAY_MS }]);
    sut.startBatch(HOLIDAY + 3 * DAY_MS);
    expect(sut.add(holidays('late', ['2026-03-28']))).toBe(true);
    expect(sut.holidaysOf(series)).toEqual([]);
  });

  it('are so many at most; the one that would end first makes room', () => {
    const sut = newTestOverrides();
    for (let i = 0; i <= MAX_HOLIDAY_LISTS; i++) sut.add(holidays(`h${i}`, [`2027-01-${String(i + 1).padStart(2, '0')}`]));
    expect(sut.holidaysOf(series)).toEqual([{ from: Date.parse('2027-01-02'), until: Date.parse('2027-01-22') }]);
  });

  it('are written down with their days, in order, each once', () => {
    const sut = newTestTask(SCORER);
    const record = holidays('h', ['2026-03-27', '2026-03-26', '2026-03-27'], { utc_offset: '+01:00' });
    const effects = sut.run({ now: HOLIDAY - DAY_MS, records: [newTestRecord(TOPICS.detectorSettings.name, record)] });
    expect(rowsOf<DetectorOverrideRow>(effects, 'detector_overrides')).toMatchObject([
      { type: 'set_holidays', name: 'a holiday', dates: ['2026-03-26', '2026-03-27'], utc_offset: '+01:00', from_at: '2026-03-25T23:00:00.000Z', until_at: '2026-03-27T23:00:00.000Z' },
    ]); // prettier-ignore
  });

  it.each([
    [{ dates: [] }, 'dates'],
    [{ dates: ['2026-02-30'] }, 'dates'],
    [{ dates: Array(401).fill('2026-12-25') }, 'dates'],
    [{ utc_offset: 'CET' }, 'utc_offset'],
  ])('with %j are refused, naming the field', (wrong, field) => {
    const sut = newTestTask(SCORER);
    const record = newTestRecord(TOPICS.detectorSettings.name, holidays('h', ['2026-03-26'], wrong));
    const { rejections } = sut.run({ now: HOLIDAY, records: [record] });
    expect(rejections).toMatchObject([{ step: 'read_detector_settings', error: expect.stringContaining(field) as string }]);
  });
});
