import { run } from './main';

it('of a benchmark that does not exist is wrong usage, and names those that do', async () => {
  let err = '';
  const before = process.exitCode;
  const code = await run(['nothing\u001b[2J'], {
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
  expect(err).toContain('there is no benchmark nothing\\u001b[2J');
  expect(err).toContain('scorer');
});
