import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWithPython, ROOT, withPythonSdk } from '../harness/python-sdk';

const folder = join(ROOT, 'examples', 'python-chatbot');

/** Without times, which differ. */
const plain = (text: string): string[] =>
  text.trim().split('\n').map((line) => line.replace(/^(\d{4}-\d\d-\d\d )?[\d:.,]+ /, '').replace(/\d+(\.\d+)? m?s\b/g, 'N ms')); // prettier-ignore

describeWithPython('the chatbot in Python', () => {
  const [before = '', after = ''] = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/```text\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  it.each([
    ['as it was', [], before],
    ['with Telltale installed, and no gateway', ['--telltale'], after],
  ])('prints what its README shows: %s', async (_, args, shown) => {
    const env = withPythonSdk({ TELLTALE_URL: 'http://127.0.0.1:9', NO_COLOR: '1' });
    const { stdout, stderr } = await promisify(execFile)('python3', ['bot.py', ...args], { cwd: folder, env, timeout: 60_000 });
    // The SDK writes to stderr; its first line is of its settings.
    const printed = args.length > 0 ? stderr.split('\n').filter((line) => !line.startsWith('telltale')).join('\n') : stdout;
    expect(plain(printed)).toEqual(plain(shown));
    expect(shown).toContain('27 tools are ready');
  });
}); // prettier-ignore
