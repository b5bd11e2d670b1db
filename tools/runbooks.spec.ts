import { describeSlice } from '@telltale/platform-config';
import { configOf } from '@telltale/platform-nest-runtime';
import { METRICS } from '@telltale/platform-telemetry';
import { APPS } from '@telltale/app-standalone';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const RUNBOOKS = readdirSync(join(ROOT, 'docs', 'runbooks'));
const read = (name: string): string => readFileSync(join(ROOT, 'docs', 'runbooks', name), 'utf8');

/** All that ships: neither tests nor their fixtures. */
const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(spec|fixture|contract)\.ts$/.test(file) && !file.includes('node_modules'))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'));
const code = [...sources('apps'), ...sources('libs')].join('\n');
const migrations = readdirSync(join(ROOT, 'deploy', 'clickhouse', 'migrations')).map((file) => readFileSync(join(ROOT, 'deploy', 'clickhouse', 'migrations', file), 'utf8')).join('\n'); // prettier-ignore
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
const WORDS = new Set(found(`${code}\n${migrations}`, /\b([a-z]+(?:_[a-z0-9]+)+)\b/g));

const EVENTS = new Set(found(code, /\.(?:debug|info|warn|error)\(\s*'([a-z_]+)'/g));
const VARIABLES = new Set(describeSlice(configOf(APPS)).map(({ name }) => name));

describe('runbooks', () => {
  it('are linked from code and alerts that exist, each of them', () => {
    const rules = readFileSync(join(ROOT, 'deploy', 'prometheus', 'rules.yaml'), 'utf8');
    const linked = new Set(found(`${code}\n${rules}`, /docs\/runbooks\/([a-z-]+\.md)/g));
    expect([...linked].filter((name) => !existsSync(join(ROOT, 'docs', 'runbooks', name)))).toEqual([]);
    expect(RUNBOOKS.filter((name) => !linked.has(name))).toEqual([]);
  });

  it.each(RUNBOOKS)('%s names log events, reasons, metrics and variables that there are', (name) => {
    const quoted = found(read(name), /`([^`]+)`/g);
    const metrics = quoted.flatMap((text) => found(text, /\b(telltale_\w+)/g));
    const words = quoted.filter((text) => /^[a-z]+(_[a-z0-9]+)+$/.test(text) && !/^(?:telltale|process|nodejs)_/.test(text));
    const variables = quoted.flatMap((text) => found(text, /^([A-Z]+(?:_[A-Z]+)+)(?:=|$)/g));
    expect(metrics.filter((metric) => !(metric in METRICS))).toEqual([]);
    expect(found(read(name), /`([a-z_]+)` (?:is|are) logged/g).filter((event) => !EVENTS.has(event))).toEqual([]);
    // Fields of a line, reasons, settings: each is a word of the program or of its tables.
    expect(words.filter((word) => !WORDS.has(word))).toEqual([]);
    expect(variables.filter((variable) => !VARIABLES.has(variable))).toEqual([]);
    // A runbook that names nothing to look for is found by nobody.
    expect(metrics.length + words.length).toBeGreaterThan(0);
  });
});
