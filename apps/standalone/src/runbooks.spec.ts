import { METRICS } from '@telltale/platform-telemetry';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const PAGES = readdirSync(join(ROOT, 'docs', 'runbooks'));
const textOf = (page: string): string => readFileSync(join(ROOT, 'docs', 'runbooks', page), 'utf8');
const SOURCES = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/spec\.ts$|fixture\.ts$/.test(file))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
);
/** A call that logs: its event, and the text up to the end of its fields. */
const LOGGED = /\b(?:log|logger)\.(?:debug|info|warn|error)\(\s*'([a-z0-9_]+)'([^;]*)/g;
const CALLS = SOURCES.flatMap((source) => [...source.matchAll(LOGGED)].map(([, event = '', rest = '']) => ({ event, rest })));
/** The closed union of reasons, which exists as a type only. */
const REASONS = [...readFileSync(join(ROOT, 'libs', 'engine', 'src', 'pipeline', 'results.ts'), 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, reason = '']) => reason); // prettier-ignore
const KNOWN = new Set<string>([...CALLS.map(({ event }) => event), ...Object.keys(METRICS), ...REASONS]);

describe('runbooks', () => {
  it.each(PAGES)('%s names only log events, metrics and DLQ reasons that exist', (page) => {
    const named = [...textOf(page).matchAll(/`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?:\{[^`]*\})?`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !KNOWN.has(name))).toEqual([]);
  });

  it.each(PAGES)('%s is where something that happens points to', (page) =>
    expect(SOURCES.some((source) => source.includes(`docs/runbooks/${page}`))).toBe(true),
  );

  it('are there, and name the event, for every log line that points to one', () => {
    const links = CALLS.flatMap(({ event, rest }) => {
      const [, page] = /docs\/runbooks\/([\w-]+\.md)/.exec(rest) ?? [];
      return page === undefined ? [] : [{ event, page }];
    });
    expect(links.length).toBeGreaterThan(3);
    for (const { event, page } of links) expect({ event, page, isNamed: textOf(page).includes(`\`${event}\``) }).toEqual({ event, page, isNamed: true }); // prettier-ignore
    const pages = SOURCES.flatMap((source) => [...source.matchAll(/docs\/runbooks\/([\w-]+\.md)/g)].map(([, page = '']) => page));
    expect(pages.filter((page) => !PAGES.includes(page))).toEqual([]);
  });
});
