import { type Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForReceiver } from '../client/connect';
import { type Client, createHttpClient } from '../client/http-client';
import { sleep } from '../client/settled';
import { chatbotFolder, startChatbot } from '../demo/chatbot';
import { type DemoSummary, runDemo } from '../demo/run-demo';
import { DEMO_SETTINGS } from '../demo/scenario';
import { SDK_SETTINGS, watchSdkLoop } from '../demo/sdk-loop';
import { type Io, note } from '../terminal/io';
import { formatTable } from '../terminal/table';
import { printJson, withExample, withJson } from './command';

interface DemoOptions {
  readonly withSdk?: boolean;
  readonly keep?: boolean;
  readonly keepRunning?: boolean;
  readonly json?: boolean;
}

export function registerDemo(program: Command, io: Io): void {
  const command = program
    .command('demo')
    .description('a simulated fleet of chatbots, and what Telltale finds in it; in half a minute')
    .option(
      '--with-sdk',
      'instead of the fleet: examples/python-chatbot through the Python SDK, whose detail rises for a slow tool and falls again; needs python3',
    )
    .option('--keep', 'keep the data folder afterwards')
    .option('--keep-running', 'stay until Ctrl-C (the default on a terminal)');
  withExample(withJson(command), 'telltale demo', 'telltale demo --with-sdk --json').action(
    async ({ withSdk, keep, keepRunning, json }: DemoOptions) => {
      const began = performance.now();
      const tell = json ? (line: string) => note(io, line) : (line: string) => io.out(line);
      const chatbot = withSdk ? chatbotFolder(io) : null;
      const home = mkdtempSync(join(tmpdir(), 'telltale-demo-'));
      try {
        await demo(io, { home, chatbot, began, tell, json: json === true, stays: keepRunning ?? (io.isOutTty && !json) });
      } finally {
        if (keep) note(io, `data kept: TELLTALE_HOME=${home}`);
        else rmSync(home, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  );
}

/** Embedded whatever the environment says, so that a demo never writes to somebody's cluster. */
const embedded = (env: Io['env']): Io['env'] => ({
  ...env,
  KAFKA_BROKERS: undefined,
  CLICKHOUSE_URL: undefined,
  TELLTALE_BACKEND: 'embedded',
  TELLTALE_SETTINGS_FILE: undefined,
});

interface Demo {
  readonly home: string;
  /** Folder that the chatbot with the SDK is started from; null: the simulated fleet. */
  readonly chatbot: string | null;
  readonly began: number;
  readonly tell: (line: string) => void;
  readonly json: boolean;
  readonly stays: boolean;
}

async function demo(io: Io, run: Demo): Promise<void> {
  const { startStandalone } = await import('@telltale/app-standalone');
  const started = await startStandalone({
    home: run.home,
    port: 0,
    grpcPort: null,
    env: embedded(io.env),
    quiet: true,
    settings: run.chatbot === null ? DEMO_SETTINGS : SDK_SETTINGS,
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
    run.tell(
      `Telltale is up after ${((performance.now() - run.began) / 1_000).toFixed(1)} s: everything in one process, data in ${run.home}.`,
    );
    if (run.chatbot === null) await demoFleet(io, client, run);
    else await demoSdk(io, client, run, run.chatbot, started);
  } finally {
    await started.stop();
  }
}

async function demoFleet(io: Io, client: Client, { home, began, tell, json, stays }: Demo): Promise<void> {
  const { summary, stop } = await runDemo(io, client, began, tell);
  if (json) printJson(io, summary);
  else report(io, summary, home, stays);
  if (stays) await sleep(Infinity, io.signal);
  await stop().catch(() => undefined);
}

async function demoSdk(
  io: Io,
  client: Client,
  { home, began, tell, json, stays }: Demo,
  folder: string,
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
): Promise<void> {
  const { loop, chatbot } = await watchSdkLoop(io, client, () => startChatbot(io, folder, url, apiKey), tell);
  try {
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (json) printJson(io, { ...loop, seconds });
    else {
      io.out(`\nAll of it in ${seconds} s.`);
      suggest(io, home, stays, [
        `query "SELECT ts, body FROM events WHERE severity = 'debug' ORDER BY ts"`,
        'verbosity list',
        'turns list --since 1h',
      ]);
    }
    if (stays) await Promise.race([sleep(Infinity, io.signal), chatbot.failed]);
  } finally {
    await chatbot.stop();
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
  suggest(io, home, stays, [
    `query "SELECT tool_name, quantile(0.95)(duration_ms) AS p95 FROM events WHERE kind = 'tool' GROUP BY tool_name ORDER BY p95 DESC"`,
    'query "SELECT summary, score FROM anomalies ORDER BY score DESC LIMIT 5"',
    'tail --status error',
    'dlq list',
  ]);
}

/** What to ask next. */
function suggest(io: Io, home: string, stays: boolean, commands: readonly string[]): void {
  const prefix = stays ? `TELLTALE_HOME=${home} npx telltale` : 'npx telltale';
  io.out(
    [
      stays
        ? 'It goes on running; ask more in another terminal (Ctrl-C here ends it):'
        : 'Start your own with `npx telltale up`, then ask:',
      ...commands.map((command) => `  ${prefix} ${command}`),
    ].join('\n'),
  );
}
