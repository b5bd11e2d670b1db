import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './main';

/** Sets the title of the window, reorders, hides: by C0, bidi and zero-width characters. */
const HOSTILE = 'a\u001b]0;owned\u0007b\u202ed\u200be';
const FORBIDDEN = /[^\P{C}\t\n]/u;

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const before = process.exitCode;
  const code = await run(args, {
    out: (text) => (out += `${text}\n`),
    err: (text) => (err += text),
    isOutTty: false,
    isErrTty: false,
    columns: Infinity,
    env: {},
    signal: new AbortController().signal,
  });
  process.exitCode = before;
  return { code, out, err };
}

describe('telltale eval', () => {
  it.each([
    [[], 'Usage: telltale eval'],
    [['privcy'], 'Did you mean privacy?'],
    [['privacy'], "required option '--data <path>' not specified"],
  ])('of %j is wrong: exit code 2 and what to do, nothing on stdout', async (args, said) => {
    const { code, out, err } = await evaluate(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
  });

  it.each(['nab', 'series', 'privacy', 'templates', 'prices', 'normalize', 'usage'])(
    'of %s says when there is nothing to read, or not what it reads',
    async (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'telltale-eval-'));
      const missing = await evaluate(name, '--data', join(folder, 'none'));
      const empty = await evaluate(name, '--data', folder);
      rmSync(folder, { recursive: true });
      expect(missing).toMatchObject({ code: 2, out: '' });
      expect(missing.err).toContain('there is no such file or folder\n  → give a path that can be read');
      expect(empty.err).not.toContain('fault of ours');
      expect(empty.code).toBeGreaterThan(0);
    },
  );

  it('has an example for every evaluation', async () => {
    const { out } = await evaluate('privacy', '--help');
    expect(out).toContain('Usage: telltale eval privacy');
    expect(out).toContain('Example:\n  telltale eval privacy --data');
  });

  it.each(['nab', 'cloud-monitoring', 'series', 'privacy', 'templates', 'prices', 'tiers', 'normalize', 'usage'])(
    'of %s writes nothing invisible to a terminal',
    async (name) => {
      const { err } = await evaluate(name, '--data', HOSTILE);
      expect(err).toContain('a\\u001b]0;owned');
      expect(FORBIDDEN.exec(err)).toBeNull();
    },
  );
});
