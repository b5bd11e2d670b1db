import { run } from './main';
import { benchesOf } from './run-bench';

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

  it('of a Collector without one is wrong usage, and says how to get one', async () => {
    const err = await runFailing('collector');
    expect(err).toContain('needs an OpenTelemetry Collector, and none was given');
    expect(err).toContain('cmd/builder@v0.165.0 --config apps/bench/src/collector-builder.yaml');
  });

  it.each([
    ['/nowhere/collector', 'cannot be run (ENOENT)'],
    [process.execPath, 'is no OpenTelemetry Collector'],
  ])('of %s as a Collector is wrong usage', async (path, why) => {
    const err = await runFailing('collector', '--collector', path);
    expect(err).toContain(`${path} ${why}`);
    expect(err).toContain('collector-builder.yaml');
  });

  it('of a mode that does not exist is wrong usage, and names those that do', async () => {
    expect(await runFailing('collector', '--modes', 'nop,fast')).toMatch(/no mode fast of the Collector[^]*at_most_once/);
  });

  it('runs all benchmarks without names, but that of a Collector only where one is given', () => {
    expect(benchesOf([], {})).not.toContain('collector');
    expect(benchesOf([], {})).toContain('enricher');
    expect(benchesOf([], { collector: '/collector' })).toContain('collector');
    expect(benchesOf(['collector', 'gateway'], {})).toEqual(['gateway', 'collector']);
  });
});
