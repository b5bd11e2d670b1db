import { RECEIVER_TYPES } from '@telltale/contracts';
import { Argument, type Command, Option } from 'commander';
import { withClient } from '../../client/connect';
import { EXIT_FAILED } from '../../terminal/errors';
import { type Io, note, noteOfList } from '../../terminal/io';
import { intOf, printJson, printTable, type Register, spanOf, withExample, withJson } from '../command';
import { fieldsOfFile, fieldsOfWords, matcherOf } from './receiver-fields';

const SERVICES = ['insights', 'settings', 'notifier', 'sender'];
const DELIVERIES = ['at', 'receiver', 'reason', 'attempt', 'status', 'http_status', 'latency_ms', 'incident_id', 'error', 'next_try_at']; // prettier-ignore
const MOST = 1_000;
const MONTH_MS = 30 * 86_400_000;

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
const withMatch = (command: Command, about: string): Command =>
  command.addOption(new Option('--match <matcher>', `${about}: service=shop, severity!=info, 'kind in (behavior, cost)'; may be given again`).argParser(collect)); // prettier-ignore

interface AddOptions {
  readonly from?: string;
  readonly match?: readonly string[];
  readonly json?: boolean;
}

async function add(io: Io, name: string, type: string, words: readonly string[], options: AddOptions): Promise<void> {
  const matchers = options.match?.map(matcherOf);
  const fields = { ...(options.from === undefined ? {} : fieldsOfFile(options.from)), ...fieldsOfWords(words) };
  const value = { ...fields, type, ...(matchers && { matchers }) };
  const setting = await withClient(io, SERVICES, ({ api }) =>
    api.putSetting({ type: 'receiver', name, value, issued_by: 'cli' }),
  );
  if (options.json) return printJson(io, setting);
  printTable(io, [{ name: setting.name, version: setting.version, value: JSON.stringify(setting.value) }]);
  note(io, `see whether it works: telltale alerts test ${name}`);
}

async function test(io: Io, name: string, { wait, json }: { readonly wait: number; readonly json?: boolean }): Promise<void> {
  const answer = await withClient(io, SERVICES, ({ api }) => api.testReceiver({ name, wait_seconds: wait, issued_by: 'cli' }));
  if (answer.outcome !== 'delivered') process.exitCode = EXIT_FAILED;
  if (json) return printJson(io, answer);
  if (!answer.delivery) {
    io.out(`${name}: ${answer.outcome}`);
    return note(io, `no result within ${wait} s: see that notifier and sender run, then telltale alerts deliveries`);
  }
  printTable(io, [{ ...answer.delivery }], DELIVERIES);
}

interface SilenceOptions {
  readonly match?: readonly string[];
  readonly for: string;
  readonly reason: string;
  readonly json?: boolean;
}

async function silence(io: Io, name: string, options: SilenceOptions): Promise<void> {
  const until = new Date(Date.now() + spanOf('--for', options.for, MONTH_MS)).toISOString();
  const matchers = (options.match ?? []).map(matcherOf);
  const value = { until, reason: options.reason, ...(matchers.length > 0 && { matchers }) };
  const setting = await withClient(io, SERVICES, ({ api }) => api.putSetting({ type: 'silence', name, value, issued_by: 'cli' }));
  if (options.json) return printJson(io, setting);
  printTable(io, [{ name: setting.name, version: setting.version, value: JSON.stringify(setting.value) }]);
  note(io, `to end it sooner: telltale settings delete silence ${name}`);
}

export const registerAlerts: Register = (program, io) => {
  const alerts = program.command('alerts').description('where alerts go, what became of them, and what holds them back');
  withExample(
    alerts,
    'telltale alerts add ops slack --from slack.yaml min_severity=warning',
    'telltale alerts test ops',
    'telltale alerts deliveries --status failed',
    `telltale alerts silence move --match service=shop --for 2h --reason "the shop moves"`,
  );

  withJson(alerts.command('receivers').description('where alerts go')).action(async ({ json }: { json?: boolean }) => {
    const { settings } = await withClient(io, SERVICES, ({ api }) => api.listSettings({ type: 'receiver', limit: MOST }));
    if (json) return settings.forEach((one) => printJson(io, one));
    printTable(io, settings.map(({ name, version, changed_at, value }) => ({ name, version, changed_at, value: JSON.stringify(value) }))); // prettier-ignore
    if (settings.length === 0) note(io, 'nobody hears of alerts: telltale alerts add --help');
  });

  withJson(
    withMatch(
      alerts
        .command('add')
        .description('make or replace a receiver; its secrets come from a file or standard input and are kept sealed')
        .argument('<name>')
        .addArgument(new Argument('<type>', 'what is sent, and how').choices(RECEIVER_TYPES))
        .argument('[fields...]', 'field=value, such as renotify_minutes=60')
        .option('--from <file>', 'fields in YAML, such as url: https://…; - is standard input'),
      'only alerts that this matches',
    ),
  ).action((name: string, type: string, words: string[], options: AddOptions) => add(io, name, type, words, options));

  withJson(
    alerts
      .command('test <name>')
      .description('send a test alert to a receiver and wait for what becomes of it')
      .option('--wait <seconds>', 'longest wait', intOf('--wait', 1, 60), 20),
  ).action((name: string, options: { wait: number; json?: boolean }) => test(io, name, options));

  withJson(
    alerts
      .command('deliveries')
      .description('tries to deliver alerts, newest first')
      .option('--receiver <name>', 'only to this one')
      .option('--incident <id>', 'only of this incident')
      .addOption(new Option('--status <status>', 'only tries that came to this').choices(['delivered', 'retrying', 'failed']))
      .option('--since <time>', 'since: an age such as 24h or 7d, or ISO 8601', '7d')
      .option('--limit <n>', 'how many', intOf('--limit', 1, MOST), 100),
  ).action(async ({ json, ...asked }: { json?: boolean; limit: number; since: string; status?: 'failed' }) => {
    const { deliveries } = await withClient(io, ['insights'], ({ api }) => api.listDeliveries(asked));
    if (json) return deliveries.forEach((one) => printJson(io, one));
    printTable(io, deliveries, DELIVERIES);
    noteOfList(io, deliveries, asked.limit);
  });

  withJson(
    withMatch(
      alerts
        .command('silence <name>')
        .description('hold alerts back for a while; for a schedule see docs/ALERTS.md')
        .requiredOption('--for <span>', 'how long, such as 2h; 30 days at most')
        .requiredOption('--reason <text>', 'why, for those who miss the alerts'),
      'only alerts that this matches; all of them without',
    ),
  ).action((name: string, options: SilenceOptions) => silence(io, name, options));
};
