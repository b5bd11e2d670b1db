import { newTestCli } from '../test-cli.fixture';

const REPORT = { calls: 4, corrections: 2, delta_nano: 5_000_000, unpriced: { 'openai/my-own': 1 }, price_versions: {} };

describe('telltale costs reprice', () => {
  it('asks for the range and tells what changed and what has no price', async () => {
    const cli = await newTestCli(() => ({ body: REPORT }));
    const { code, out, err } = await cli.run('costs', 'reprice', '--from', '2026-01-01', '--to', '2026-01-02', '--dry-run');
    expect(code).toBe(0);
    const posted = cli.heard.find(({ url }) => url === '/api/costs/reprice');
    expect(JSON.parse(posted?.body ?? '{}')).toEqual({
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-02T00:00:00.000Z',
      dry_run: true,
    });
    expect(out).toContain('2 corrections (none written), spend changes by $0.005000');
    expect(err).toContain('no price: openai/my-own (1)');
    expect(JSON.parse((await cli.run('costs', 'reprice', '--from', '2026-01-01', '--to', '2026-01-02', '--json')).out)).toEqual(
      REPORT,
    );
    await cli.close();
  });

  it.each([
    ['2026-01-02', '2026-01-01', '--from'],
    ['soon', '2026-01-01', 'soon'],
  ])('refuses %s to %s', async (from, to, named) => {
    const cli = await newTestCli(() => ({ body: REPORT }));
    const { code, err } = await cli.run('costs', 'reprice', '--from', from, '--to', to);
    expect(code).toBe(2);
    expect(err).toContain(named);
    expect(cli.heard).toEqual([]);
    await cli.close();
  });
});
