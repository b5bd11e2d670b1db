import { newTestCli, type Reply } from '../test-cli.fixture';

async function run(reply: Reply, ...args: string[]) {
  const cli = await newTestCli(() => reply);
  const answer = await cli.run(...args);
  await cli.close();
  return answer;
}

describe('exit codes of what was refused', () => {
  const notFound = (message: string): Reply => ({ status: 404, body: { error: { code: 'not_found', message, fix: 'look at the list' } } }); // prettier-ignore

  it.each([
    [['verbosity', 'revoke', 'cmd-1']],
    [['detector', 'maintenance', 'end', 'm-1']],
    [['detector', 'holidays', 'end', 'h-1']],
    [['detector', 'sensitivity', 'end', 's-1']],
    [['detector', 'label', 'a-1', '--as', 'real']],
    [['dlq', 'show', '0-1']],
  ])('%j of what does not exist fails and says so', async (args) =>
    expect(await run(notFound('there is no such thing'), ...args)).toEqual({
      code: 1,
      out: '',
      err: 'telltale: there is no such thing\n  → look at the list\n',
    }),
  );
});

describe('query', () => {
  it('passes integers beyond 2^53 on digit by digit, as insights sends them', async () => {
    const rows = [{ id: '18446744073709551615', n: 9_007_199_254_740_991 }];
    const { out } = await run({ body: { rows } }, 'query', 'SELECT 1', '--json');
    expect(out).toBe('{"id":"18446744073709551615","n":9007199254740991}\n');
    expect((await run({ body: { rows } }, 'query', 'SELECT 1')).out).toContain('18446744073709551615  9007199254740991');
  });
});
