import { CliError, UsageError } from '@telltale/cli';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { COLLECTOR_PARTS } from './collector-config';
import { ownChild } from './owned-child';

const HOW_TO_GET_ONE =
  'build one with Go 1.26 from a checkout: go run go.opentelemetry.io/collector/cmd/builder@v0.165.0 --config apps/bench/src/collector-builder.yaml; then give --collector dist/collector/collector';
/** How much of what the Collector said last is shown when it fails, characters. */
const LAST_WORDS = 2_000;
/** How long a program may take to say what it is. */
const ANSWER = { encoding: 'utf8', timeout: 30_000 } as const;

const section = z.array(z.object({ name: z.string() }));
const components = z.object({ receivers: section, exporters: section, extensions: section });

/** Parts that this answer of the command `components` lacks; null if it is no such answer. */
export function missingParts(answer: string): string[] | null {
  let read: unknown;
  try {
    read = parse(answer);
  } catch {
    return null;
  }
  const found = components.safeParse(read);
  if (!found.success) return null;
  return Object.entries(COLLECTOR_PARTS).flatMap(([kind, names]) => {
    const has = new Set(found.data[kind as keyof typeof COLLECTOR_PARTS].map(({ name }) => name));
    return names.filter((name) => !has.has(name)).map((name) => `${kind}: ${name}`);
  });
}

/** What the Collector says its version is. Fails, with how to get one, when there is none that can be measured. */
export function requireCollector(path: string | undefined): { readonly path: string; readonly version: string } {
  if (path === undefined)
    throw new UsageError('bench collector needs an OpenTelemetry Collector, and none was given', HOW_TO_GET_ONE);
  const { status, stdout, error } = spawnSync(path, ['components'], ANSWER);
  if (error) throw new UsageError(`${path} cannot be run (${(error as NodeJS.ErrnoException).code})`, HOW_TO_GET_ONE);
  const missing = status === 0 ? missingParts(stdout) : null;
  if (missing === null) throw new UsageError(`${path} is no OpenTelemetry Collector`, HOW_TO_GET_ONE);
  if (missing.length > 0) throw new UsageError(`${path} is built without ${missing.join(', ')}`, HOW_TO_GET_ONE);
  return { path, version: spawnSync(path, ['--version'], ANSWER).stdout.trim() };
}

/** Starts the Collector with this configuration, written to `home`. */
export function spawnCollector(path: string, config: object, home: string) {
  const file = join(home, 'collector.json');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(path, ['--config', file], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  const { pid, end, stop } = ownChild(child);
  return {
    pid,
    stop,
    /** The last it said, of errors only. */
    said: () => said,
    /** Throws when it has ended. */
    check(): void {
      if (end() !== null) throw new CliError(`the Collector ended with ${end()}`, said.trim());
    },
  };
}
