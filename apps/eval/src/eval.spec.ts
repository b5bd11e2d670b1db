import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabeledSeries, readSeries, readSeriesFolder } from './labeled-series';
import { NAB_PROFILES, nabScore } from './nab-score';
import { outcomeAt, segmentsOf } from './series';

const { standard } = NAB_PROFILES;
const scores = (length: number, at: Readonly<Record<number, number>>): Float64Array =>
  Float64Array.from({ length }, (_, i) => at[i] ?? 0);

describe('the score of the anomaly benchmark', () => {
  const corpus = [{ length: 1_000, windows: [[400, 499]] as const }];

  it('is 100 for the first row of every window and nothing else, 0 for nothing', () => {
    expect(nabScore(corpus, [scores(1_000, { 400: 1 })], standard).score).toBeCloseTo(100, 9);
    expect(nabScore(corpus, [scores(1_000, {})], standard).score).toBe(0);
  });

  it('counts a window once, by its earliest row, less the later that is', () => {
    const late = nabScore(corpus, [scores(1_000, { 450: 1 })], standard);
    expect(late.score).toBeGreaterThan(90);
    expect(late.score).toBeLessThan(95);
    expect(nabScore(corpus, [scores(1_000, { 450: 1, 460: 1, 499: 1 })], standard)).toEqual(late);
  });

  it('takes off for rows outside: little just behind a window, all of it far behind or before', () => {
    const at = (row: number): number => nabScore(corpus, [scores(1_000, { 400: 1, [row]: 1 })], standard, 0.5).score;
    expect(at(505)).toBeGreaterThan(at(700));
    expect(at(300)).toBeCloseTo(100 - (100 * 0.11) / 2, 9);
    expect(at(900)).toBeCloseTo(100 - (100 * 0.11) / 2, 9);
  });

  it('sees nothing in the probation, and picks the threshold that scores best', () => {
    expect(nabScore(corpus, [scores(1_000, { 10: 9, 149: 9 })], standard, 0.5).falseRows).toBe(0);
    expect(nabScore(corpus, [scores(1_000, { 300: 0.2, 310: 0.2, 400: 0.8 })], standard)).toMatchObject({
      threshold: 0.8,
      found: 1,
    });
  });
});

const seriesOf = (labels: readonly number[]): LabeledSeries => ({
  key: 's',
  times: Float64Array.from(labels, (_, i) => i * 3_600_000),
  values: new Float64Array(labels.length),
  labels: Uint8Array.from(labels),
});

describe('the score of labeled series', () => {
  const labels = Array.from({ length: 97 }, (_, i) => (i >= 40 && i < 60 ? 1 : 0));

  it('finds runs of labels', () => {
    expect(segmentsOf(Uint8Array.from([1, 1, 0, 1, 0, 0, 1]))).toEqual([[0, 1], [3, 3], [6, 6]]); // prettier-ignore
  });

  it('counts a run, whole, when an alert comes within its first 8 rows', () => {
    const at = (row: number) => outcomeAt([seriesOf(labels)], [scores(97, { [row]: 1 })], 0.5);
    expect(at(47)).toMatchObject({ f1Delay7: 1, f1Event: 1, recall: 1, falsePerKeyDay: 0 });
    expect(at(48)).toMatchObject({ f1Delay7: 0, f1Event: 1, recall: 1 });
  });

  it('counts false rows as episodes, merged within ten, over days', () => {
    const outcome = outcomeAt([seriesOf(labels)], [scores(97, { 0: 1, 5: 1, 15: 1, 26: 1, 45: 1 })], 0.5);
    expect(outcome).toMatchObject({ falsePerKeyDay: 2 / 4, recall: 1 });
    expect(outcome.f1Event).toBeCloseTo(2 / 4, 9);
  });
});

describe('series from files', () => {
  let dir = '';
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'telltale-eval-'))));
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (text: string): LabeledSeries => {
    writeFileSync(join(dir, 'a.csv'), text);
    return readSeries(join(dir, 'a.csv'), 'a');
  };

  it.each([
    ['with names and quotes', '"TimeStamp","Value","Label"\r\n"2018-04-25T00:00:00Z","1.5","1"\r\n'],
    ['without a zone', 'timestamp,value,label\n2018-04-25 00:00:00,1.5,1\n'],
    ['in epoch seconds, without names', '1524614400,1.5,1\n'],
    ['in epoch milliseconds', '1524614400000,1.5,1.0'],
  ])('reads them %s', (_, text) => {
    expect(file(text)).toMatchObject({ times: Float64Array.of(1_524_614_400_000), values: Float64Array.of(1.5), labels: Uint8Array.of(1) }); // prettier-ignore
  });

  it('puts rows in order of time, and takes an empty value for none', () => {
    const { values } = file('timestamp,value\n2018-04-25 00:02:00,3\n2018-04-25 00:01:00,\n2018-04-25 00:00:00,1\n');
    expect([...values]).toEqual([1, NaN, 3]);
  });

  it.each([
    ['timestamp', 'timestamp,value\nyesterday,1\n'],
    ['value', 'timestamp,value\n2018-04-25 00:00:00,much\n'],
    ['label', 'timestamp,value,label\n2018-04-25 00:00:00,1,maybe\n'],
  ])('names file, line and field of a wrong %s', (field, text) => {
    expect(() => file(text)).toThrow(new RegExp(`a\\.csv, line 2: ${field} cannot be read`));
  });

  it('skips empty lines and counts them, and names the line of a quote that never ends', () => {
    expect([...file('timestamp,value\n\n  \n2018-04-25 00:00:00,1\n').values]).toEqual([1]);
    expect(() => file('timestamp,value\n\n2018-04-25 00:00:00,much\n')).toThrow(/a\.csv, line 3: value cannot be read/);
    expect(() => file('timestamp,value\n"2018-04-25 00:00:00,1\n')).toThrow(/a\.csv: .*Quote Not Closed.*line 2/);
  });

  it('says that a folder is empty or not there', () => {
    expect(() => readSeriesFolder(dir)).toThrow(/has no CSV file/);
    expect(() => readSeriesFolder(join(dir, 'none'))).toThrow(/ENOENT/);
  });
});
