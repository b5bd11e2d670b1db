import { newTestCli } from '../test-cli.fixture';

async function run(...args: readonly string[]) {
  const cli = await newTestCli(() => ({}));
  const answer = await cli.run('size', ...args);
  await cli.close();
  return { ...answer, heard: cli.heard };
}

describe('the size of a deployment', () => {
  it('is printed with what each part of it rests on, and asks nothing of a running Telltale', async () => {
    const { code, out, err, heard } = await run('--events-per-second', '10000');
    expect([code, heard]).toEqual([0, []]);
    expect(out).toMatch(/TELLTALE_PARTITIONS +24/);
    expect(out).toMatch(/enricher +2 +1 +\d+ +enricher_rate/);
    expect(out).toMatch(/enricher_rate +13700 .*docs\/BENCHMARKS\.md: enricher_events_per_second_per_core/);
    expect(out).toMatch(/use +0\.5 .*assumed: /);
    expect(err).toContain('cells begin above 100000 events/s');
  });

  it('is one object for a program, with the same figures', async () => {
    const { out } = await run('--events-per-second', '2000000', '--series', '100000', '--retention-days', '7', '--json');
    const size = JSON.parse(out) as { cells: number; partitions: number; basis: { figure: string; source: string }[] };
    expect([size.cells, size.partitions]).toEqual([20, 24]);
    expect(size.basis.find(({ figure }) => figure === 'events_bytes')?.source).toBe('docs/BENCHMARKS.md: events_topic_bytes_per_event'); // prettier-ignore
  });

  it('says when the load is more than one cell takes', async () => {
    const { err } = await run('--events-per-second', '100001');
    expect(err).toContain('above 100000 events/s the load is spread over cells');
  });
});
