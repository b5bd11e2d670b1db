import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs', 'SECURITY.md'), 'utf8');
const section = /\n## Threats\n([^]*?)\n## /.exec(page)?.[1] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

describe('every threat in docs/SECURITY.md', () => {
  it('is a row of three cells', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((cells) => cells.length !== 3)).toEqual([]);
  });

  it.each(rows.map(([threat = '', , proof = '']) => [threat, proof]))('%s: has its test', (_threat, proof) => {
    const [, file = '', title = ''] = /^`([\w./-]+)` "(.+)"$/.exec(proof) ?? [];
    expect({ proof, isThere: existsSync(join(ROOT, file)) && file !== '' }).toEqual({ proof, isThere: true });
    // A title, and no other words of the file: it stands between quotes of one kind.
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect({ title, isThere: ["'", '"', '`'].some((quote) => text.includes(`(${quote}${title}${quote}`)) }).toEqual({
      title,
      isThere: true,
    });
  });
});
