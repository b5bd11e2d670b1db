import { type Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForReceiver } from '../client/connect';
import { createHttpClient } from '../client/http-client';
import { sleep } from '../client/settled';
import { type DemoSummary, runDemo } from '../demo/run-demo';
import { DEMO_SETTINGS } from '../demo/scenario';
import { type Io, note } from '../terminal/io';
import { formatTable } from '../terminal/table';
import { printJson, withJson } from './command';

interface DemoOptions {
  readonly keep?: boolean;
  readonly keepRunning?: boolean;
  readonly json?: boolean;
}

export function registerDemo(program: Command, io: Io): void {
  withJson(
    program
      .command('demo')
      .description('a simulated fleet of chatbots, and what Telltale finds in it; in half a minute')
      .option('--keep', 'keep the data folder afterwards')
      .option('--keep-running', 'stay until Ctrl-C (the default on a terminal)'),
  ).action(async ({ keep, keepRunning, json }: DemoOptions) => {
    const began = performance.now();
    const tell = json ? (line: string) => note(io, line) : (line: string) => io.out(line);
    const home = mkdtempSync(join(tmpdir(), 'telltale-demo-'));
    try {
      await demo(io, home, { began, tell, json: json === true, stays: keepRunning ?? (io.isOutTty && !json) });
    } finally {
      if (keep) note(io, `data kept: TELLTALE_HOME=${home}`);
      else rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

/** Embedded whatever the environment says, so that a demo never writes to somebody's cluster. */
const embedded = (env: Io['env']): Io['env'] => ({
  ...env,
  KAFKA_BROKERS: undefined,
  CLICKHOUSE_URL: undefined,
  TELLTALE_BACKEND: 'embedded',
  TELLTALE_SETTINGS_FILE: undefined,
});

async function demo(
  io: Io,
  home: string,
  { began, tell, json, stays }: { began: number; tell: (line: string) => void; json: boolean; stays: boolean },
): Promise<void> {
  const { startStandalone } = await import('@telltale/app-standalone');
  const started = await startStandalone({
    home,
    port: 0,
    grpcPort: null,
    env: embedded(io.env),
    quiet: true,
    settings: DEMO_SETTINGS,
  });
  try {
    const client = createHttpClient(started.url, started.apiKey, {
      settled: async (signal) => {
        await Promise.race([started.caughtUp(), sleep(Infinity, signal)]);
        return null;
      },
      close: () => Promise.resolve(),
    });
    await waitForReceiver(client, io.signal);
    tell(
      `Telltale is up after ${((performance.now() - began) / 1_000).toFixed(1)} s: everything in one process, data in ${home}.`,
    );
    const { summary, stop } = await runDemo(io, client, began, tell);
    if (json) printJson(io, summary);
    else report(io, summary, home, stays);
    if (stays) await sleep(Infinity, io.signal);
    await stop().catch(() => undefined);
  } finally {
    await started.stop();
  }
}

function report(io: Io, summary: DemoSummary, home: string, stays: boolean): void {
  const live = summary.anomalies.filter(({ backfill }) => !backfill).length;
  const rows = [
    { what: 'sessions', found: summary.sessions.toLocaleString('en') },
    { what: 'events', found: summary.events.toLocaleString('en') },
    { what: 'anomalies', found: `${summary.anomalies.length}, ${live} of them live` },
    { what: 'incidents', found: String(summary.incidents.length) },
    { what: 'directives', found: `${summary.directives_raised} raised, ${summary.directives_expired} expired` },
    { what: 'spend', found: `$${summary.spend_usd.toFixed(2)} (${Object.entries(summary.spend_by_service).map(([name, usd]) => `${name} $${usd.toFixed(2)}`).join(', ')})` }, // prettier-ignore
    { what: 'DLQ', found: `${summary.dlq} inputs that could not be taken` },
  ];
  io.out(`\n${formatTable(rows, io.columns)}\n\nAll of it in ${summary.seconds} s.`);
  const prefix = stays ? `TELLTALE_HOME=${home} npx telltale` : 'npx telltale';
  io.out(
    [
      stays
        ? 'It goes on running; ask more in another terminal (Ctrl-C here ends it):'
        : 'Start your own with `npx telltale up`, then ask:',
      `  ${prefix} query "SELECT tool_name, quantile(0.95)(duration_ms) AS p95 FROM events WHERE kind = 'tool' GROUP BY tool_name ORDER BY p95 DESC"`,
      `  ${prefix} query "SELECT summary, score FROM anomalies ORDER BY score DESC LIMIT 5"`,
      `  ${prefix} tail --status error`,
      `  ${prefix} dlq list`,
    ].join('\n'),
  );
}
