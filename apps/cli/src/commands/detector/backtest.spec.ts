import { createDice } from '@telltale/kernel';
import { newTestCli } from '../../test-cli.fixture';

const W = 10_000;
const START = Date.UTC(2026, 0, 5);

/** start, count, sum, min, max, errors, p50, p95 of a window of 10 calls, as insights answers them. */
const windowsOf = (medianAt: (i: number) => number, length = 600) =>
  Array.from({ length }, (_, i) => {
    const median = medianAt(i) * Math.exp(0.1 * Math.sin(i * 7.3));
    return [START + i * W, 10, 10 * median, 0.7 * median, 1.6 * median, 0, median, 1.5 * median];
  });
const seriesOf = (metric: string, dimensions: object, windows: unknown) => ({ tenant: 'acme', series_id: metric, metric, dimensions, events: 10, windows }); // prettier-ignore
const SLOW = seriesOf('operation.duration', { service_name: 'shop', kind: 'tool', name: 'search' }, windowsOf((i) => (i >= 500 && i < 520 ? 4_000 : 900))); // prettier-ignore

async function backtest(series: readonly ReturnType<typeof seriesOf>[], ...args: string[]) {
  const cli = await newTestCli(({ url }) => ({ body: { series: series.filter(({ metric }) => url.includes(`/${metric}/`)) } }));
  const answer = await cli.run('detector', 'backtest', ...args);
  await cli.close();
  return { ...answer, asked: cli.heard.map(({ url }) => url.replace(/since=\d+/, 'since')) };
}

describe('telltale detector backtest', () => {
  it('prints the anomalies of stored windows as the service writes them', async () => {
    const { code, out, asked } = await backtest([SLOW], 'operation.duration', '--service', 'shop', '--json');
    const found = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    expect([code, found.length]).toEqual([0, 1]);
    expect(found[0]).toMatchObject({ series_id: 'operation.duration', channel: 'value', direction: 'up', state: 'closed' });
    expect(Date.parse(String(found[0]?.['started_at']))).toBe(START + 500 * W);
    expect(asked).toEqual(['/api/metrics/operation.duration/windows?since&service=shop']);
  });

  it('accepts fewer false anomalies when it is asked to, and then misses what is barely slower', async () => {
    const dice = createDice(6);
    const medianAt = (i: number) => 900 * Math.exp(0.1 * dice.normal()) * (i >= 500 && i < 503 ? 1.4 : 1);
    const barely = seriesOf('operation.duration', {}, windowsOf(medianAt));
    const lines = async (...args: string[]): Promise<number> =>
      (await backtest([barely], 'operation.duration', '--json', ...args)).out.split('\n').filter(Boolean).length;
    expect([await lines('--rate-multiplier', '100'), await lines('--rate-multiplier', '0.01')]).toEqual([1, 0]);
  });

  it('reads the turns of a service beside its versions, and leaves their anomalies out', async () => {
    const slow = SLOW.windows;
    const turns = seriesOf('turn.duration', { service_name: 'shop' }, slow);
    const { out, asked } = await backtest([turns], 'version.duration', '--json');
    expect(asked).toEqual(['version', 'turn'].map((name) => `/api/metrics/${name}.duration/windows?since`));
    expect(out).toBe('');
  });

  it('compares sensitivities where no metric is named, or several are given, as insights tried them', async () => {
    const settings = [
      { false_per_day: 5, rate_multiplier: 1, is_present: true, anomalies: 7, explained: 1, kept: 6, real_lost: 0 },
    ];
    const body = { settings, raised: { anomalies: 6 }, present: { false_per_day: 5, is_set: false }, series: 3, series_left_out: 0, cannot_know: [{ text: 'what is not stored' }] }; // prettier-ignore
    const cli = await newTestCli(() => ({ body }));
    const { code, out, err } = await cli.run('detector', 'backtest', '--service', 'shop', '--budgets', '0.5,5', '--since', '1d');
    const json = await cli.run('detector', 'backtest', 'operation.duration', '--multipliers', '0.1,1', '--json');
    await cli.close();
    expect([code, out, err]).toEqual([
      0,
      expect.stringMatching(/5 +1 +true +7 +1 +6 +0/),
      expect.stringContaining('what is not stored'),
    ]);
    expect(JSON.parse(json.out)).toEqual(body);
    expect(cli.heard.map(({ url }) => decodeURIComponent(url.replace(/since=\d+/, 'since')))).toEqual([
      '/api/detector/backtest?service=shop&since&false_per_day=0.5,5',
      '/api/detector/backtest?metric=operation.duration&rate_multiplier=0.1,1',
    ]);
  });

  it.each([
    [['--rate-multiplier', '0'], '--rate-multiplier 0 is not above 0'],
    [['--false-positives-per-day', 'few'], '--false-positives-per-day few is not a number'],
    [['--rate-multiplier', '2', '--budgets', '1,2'], 'one sensitivity cannot be compared with itself'],
  ])('refuses %j', async (args, message) => {
    const { code, err, asked } = await backtest([], 'operation.duration', ...args);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});
