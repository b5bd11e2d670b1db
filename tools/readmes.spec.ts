import { readdirSync, readFileSync } from 'node:fs';
import { SERVICES } from '@telltale/services';
import { basename, join } from 'node:path';

const ROOT = join(__dirname, '..');
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.includes('node_modules'))
    .map((file) => join(folder, file));
const FILES = [
  'README.md',
  'eslint.config.mjs',
  'jest.config.cjs',
  ...['apps', 'libs', 'tools', 'docs', 'deploy', 'helm', 'examples'].flatMap(filesIn),
];
const NAMES = new Set(FILES.map((file) => basename(file)));
const DOCS = FILES.filter((file) => file.endsWith('.md') && !file.startsWith('docs/adr/'));
const code = FILES.filter((file) => /\.(ts|mjs|cjs|yaml|yml)$/.test(file)).map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n'); // prettier-ignore
const WORDS = new Set(code.match(/[A-Za-z_$][\w$]*/g));
const quotedIn = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

describe('documents', () => {
  it.each(DOCS)('%s names source files and functions that there are', (doc) => {
    const quoted = quotedIn(doc);
    const sources = quoted.filter((text) => /^[\w./-]+\.(ts|mjs|cjs)$/.test(text));
    const functions = quoted.flatMap((text) => /^([a-z]+[A-Z]\w*)(?:\(.*\))?$/.exec(text)?.[1] ?? []);
    expect(sources.filter((path) => !NAMES.has(basename(path)))).toEqual([]);
    expect(functions.filter((name) => !WORDS.has(name))).toEqual([]);
  });

  it('list the services that there are, in the order of the registry', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const rows = readme.slice(readme.indexOf('| service ')).split('\n\n', 1)[0]?.split('\n').slice(2) ?? [];
    expect(rows.map((row) => row.split('|')[1]?.trim())).toEqual(SERVICES.map(({ name }) => name));
  });
});
