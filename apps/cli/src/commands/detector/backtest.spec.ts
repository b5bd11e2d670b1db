import { createDice } from '@telltale/kernel';
import { newTestCli } from '../../test-cli.fixture';

const W = 10_000;
const START = Math.floor(Date.now() / W) * W - 2_000 * W;

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

  it('accepts fewer false anomalies when it is asked to', async () => {
    const dice = createDice(6);
    const noisy = seriesOf(
      'operation.duration',
      {},
      windowsOf(() => 900 * Math.exp(0.5 * dice.normal()), 2_000),
    );
    const lines = async (...args: string[]): Promise<number> =>
      (await backtest([noisy], 'operation.duration', '--json', ...args)).out.split('\n').filter(Boolean).length;
    expect(await lines('--rate-multiplier', '100')).toBeGreaterThan(await lines('--rate-multiplier', '0.01'));
  });

  it('reads the turns of a service beside its versions, and leaves their anomalies out', async () => {
    const slow = SLOW.windows;
    const turns = seriesOf('turn.duration', { service_name: 'shop' }, slow);
    const { out, asked } = await backtest([turns], 'version.duration', '--json');
    expect(asked).toEqual(['version', 'turn'].map((name) => `/api/metrics/${name}.duration/windows?since`));
    expect(out).toBe('');
  });

  it.each([
    [['--rate-multiplier', '0'], '--rate-multiplier 0 is not above 0'],
    [['--false-positives-per-day', 'few'], '--false-positives-per-day few is not a number'],
  ])('refuses %j', async (args, message) => {
    const { code, err, asked } = await backtest([], 'operation.duration', ...args);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});
