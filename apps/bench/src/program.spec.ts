import { run } from './main';

async function runFailing(...args: string[]): Promise<string> {
  let err = '';
  const before = process.exitCode;
  const code = await run(args, {
    out: () => undefined,
    err: (text) => (err += text),
    isOutTty: false,
    isErrTty: false,
    columns: Infinity,
    env: {},
    signal: new AbortController().signal,
  });
  process.exitCode = before;
  expect(code).toBe(2);
  return err;
}

describe('telltale bench', () => {
  it('of a benchmark that does not exist is wrong usage, and names those that do', async () => {
    const err = await runFailing('nothing\u001b[2J');
    expect(err).toContain('there is no benchmark nothing\\u001b[2J');
    expect(err).toContain('scorer');
    expect(err).toContain('reads');
  });

  it.each(['0', '-5', 'many'])('of %s events is wrong usage', async (events) => {
    expect(await runFailing('reads', '--events', events)).toContain('give a whole number from 1000 to 50000000');
  });
});
