import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

it('the pages of the console are those that insights serves its document for', () => {
  const shown = [...read('apps/console/src/pages/pages.ts').matchAll(/path: '\/([\w-]+)'/g)].map(([, page]) => page);
  const [, list = ''] = /const PAGES = \[([^\]]*)\]/.exec(read('apps/insights/src/console/serve-console.ts')) ?? [];
  const served = [...list.matchAll(/'([\w-]+)'/g)].map(([, page]) => page);
  expect(shown.length).toBeGreaterThan(5);
  expect(new Set(served)).toEqual(new Set(shown));
});
