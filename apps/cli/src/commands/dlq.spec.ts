import { type Heard, newTestCli } from '../test-cli.fixture';

const LETTERS = Array.from({ length: 2_500 }, (_, i) => ({ id: `0-${2_500 - i}`, at: '2026-11-23T12:00:00.000Z', reason: 'undecodable', service: 'enricher', topic: 'telltale.raw.v1', bytes: 1, error: '' })); // prettier-ignore

/** Insights with 2,500 dead letters; a cursor is the number of those before it. */
function page({ url }: Heard) {
  const { searchParams } = new URL(url, 'http://localhost');
  const from = Number(searchParams.get('cursor') ?? 0);
  const to = from + Number(searchParams.get('limit'));
  const next = to < LETTERS.length ? { next_cursor: String(to) } : {};
  return { body: { total: LETTERS.length, by_reason: {}, dead_letters: LETTERS.slice(from, to), ...next } };
}

describe('dlq list', () => {
  it.each([
    [50, ['50']],
    [1_200, ['1000', '200']],
    [10_000, ['1000', '1000', '1000']],
  ])('--limit %d asks for pages of %j', async (limit, limits) => {
    const cli = await newTestCli(page);
    const { code, out } = await cli.run('dlq', 'list', '--limit', String(limit), '--reason', 'undecodable', '--json');
    await cli.close();
    const ids = out.trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id); // prettier-ignore
    expect([code, ids]).toEqual([0, LETTERS.slice(0, limit).map(({ id }) => id)]);
    const asked = cli.heard.map(({ url }) => new URL(url, 'http://localhost').searchParams);
    expect(asked.map((params) => params.get('limit'))).toEqual(limits);
    expect(asked.every((params) => params.get('reason') === 'undecodable')).toBe(true);
  });

  it('tells how many there are, and how to see the others', async () => {
    const cli = await newTestCli(page);
    const some = await cli.run('dlq', 'list', '--limit', '3');
    const all = await cli.run('dlq', 'list', '--limit', '2500');
    await cli.close();
    expect(some.err).toBe('3 of 2500; --limit shows more\n');
    expect(all.err).toBe('2500 of 2500\n');
  });
});
