import { type Heard, newTestCli } from '../test-cli.fixture';

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly dry_run: boolean;
}
const askedOf = ({ body }: Heard): Asked => JSON.parse(body) as Asked;
const report = (calls: number, more: object = {}) => ({
  calls,
  corrections: 2,
  delta_nano_usd: 5_000_000,
  unpriced: { 'openai/my-own': 1 },
  price_versions: { a: 3 },
  pending: 0,
  ...more,
});
const RANGE = ['--from', '2026-01-01', '--to', '2026-01-01T07:00:00Z'] as const;

describe('telltale costs reprice', () => {
  it('goes through the range in slices and adds up what they tell', async () => {
    const cli = await newTestCli(() => ({ body: report(4) }));
    const { code, out, err } = await cli.run('costs', 'reprice', ...RANGE, '--dry-run');
    expect(code).toBe(0);
    const asked = cli.heard.filter(({ url }) => url === '/api/costs/reprice').map(askedOf);
    expect(asked.map(({ from, to, dry_run }) => [from.slice(11, 16), to.slice(11, 16), dry_run])).toEqual([
      ['00:00', '01:00', true],
      ['01:00', '03:00', true],
      ['03:00', '07:00', true],
    ]);
    expect(out).toContain('12 calls, 6 corrections (none written), spend changes by $0.015000');
    expect(err).toContain('no price: openai/my-own (3)');
    await cli.close();
  });

  it('takes shorter slices where there are many calls, and says what has not been taken yet', async () => {
    const cli = await newTestCli((_, nth) => ({ body: report(nth < 3 ? 70_000 : 30_000, { pending: nth }) }));
    const { out, err } = await cli.run('costs', 'reprice', '--from', '2026-01-01', '--to', '2026-01-01T02:00:00Z', '--json');
    const minutes = cli.heard.map(askedOf).map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 60_000);
    expect(minutes).toEqual([60, 30, 15, 15]);
    expect(JSON.parse(out)).toEqual({
      calls: 200_000,
      corrections: 8,
      delta_nano_usd: 20_000_000,
      unpriced: { 'openai/my-own': 4 },
      price_versions: { a: 12 },
      pending: 4,
    });
    expect(err).toBe('');
    expect((await cli.run('costs', 'reprice', ...RANGE)).err).toContain('corrections wait for the costs service');
    await cli.close();
  });

  it('says why a slice was refused, and where to go on', async () => {
    const error = { code: 'overloaded', message: 'the costs service takes no corrections', fix: 'try again' };
    const cli = await newTestCli((_, nth) => (nth === 3 ? { status: 503, body: { error } } : { body: report(4) }));
    const { code, err } = await cli.run('costs', 'reprice', ...RANGE);
    expect(code).not.toBe(0);
    expect(err).toContain(error.message);
    expect(err).toContain('go on with --from 2026-01-01T03:00:00.000Z');
    await cli.close();
  });

  it.each([
    ['2026-01-02', '2026-01-01', '--from'],
    ['soon', '2026-01-01', 'soon'],
  ])('refuses %s to %s', async (from, to, named) => {
    const cli = await newTestCli(() => ({ body: report(1) }));
    const { code, err } = await cli.run('costs', 'reprice', '--from', from, '--to', to);
    expect(code).toBe(2);
    expect(err).toContain(named);
    expect(cli.heard).toEqual([]);
    await cli.close();
  });
});
