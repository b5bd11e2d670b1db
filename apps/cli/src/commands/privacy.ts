import { openPseudonymKeys, openSubjectKeys, subjectKeysDir } from '@telltale/adapter-crypto';
import { PRIVACY_MODES } from '@telltale/contracts';
import { createPolicy, createPseudonyms, decryptPseudonym, type PrivacyMode, storedUnder } from '@telltale/domain-privacy';
import { type ApiClient, type Operations } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { homeOf, withClient } from '../client/connect';
import { describePolicy, policyOf } from '../privacy/policy';
import { SCANNED_TABLES, scanStored } from '../privacy/scan-stored';
import { EXIT_FAILED, UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { createProgress } from '../terminal/progress';
import { intOf, printJson, printTable, spanOf, withExample, withJson } from './command';

// What can be asked of people's data: forget a person, turn a pseudonym back, look for leaks.

interface Json {
  readonly json?: boolean;
}

/** A user's pseudonym, one in a text, or one of an id. */
const PSEUDONYM = /^(?:u_[0-9a-f]{16}|[0-9a-f]{16}|\[[A-Z_]{2,16}~[a-p]{16}\])$/;
function checkPseudonym(what: string, text: string): void {
  if (!PSEUDONYM.test(text))
    throw new UsageError(
      `${what} is no pseudonym`,
      'give it as it stands in events: u_1f2e3d4c5b6a7988 or [EMAIL~kdjfhgbcaelmnoph]; a user id of your own goes with --user',
    );
}

const keysOf = ({ env }: Io) => openSubjectKeys(subjectKeysDir(env['SUBJECT_KEYS_DIR'], homeOf(env)));

/** The pseudonym of a user id as the producer sends it, by the same key as the enricher's. */
function pseudonymOfUser({ env }: Io, tenant: string, user: string): string {
  const keyOf = openPseudonymKeys({ masterKey: env['PSEUDONYM_KEY'] || env['TELLTALE_MASTER_KEY'], home: homeOf(env) });
  return `u_${createPseudonyms(keyOf).of(tenant, user)}`;
}

type PseudonymsAnswer = Operations['listPseudonyms']['answer']['pseudonyms'];

async function pseudonymsOf(
  api: ApiClient,
  which: { readonly subject: string } | { readonly pseudonym: string },
): Promise<PseudonymsAnswer[number][]> {
  const found: PseudonymsAnswer[number][] = [];
  let cursor: string | undefined;
  do {
    const page = await api.listPseudonyms({ ...which, cursor });
    found.push(...page.pseudonyms);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found;
}

interface ForgetOptions extends Json {
  readonly tenant: string;
  readonly user?: boolean;
}

/** The key of the user first, whatever else fails; then those of values that also stood in events without a user. */
async function forget(io: Io, given: string, { tenant, user, json }: ForgetOptions): Promise<void> {
  if (!user) checkPseudonym(given, given);
  const subject = user ? pseudonymOfUser(io, tenant, given) : given;
  const keys = keysOf(io);
  const forgotten = keys.forget(tenant, subject) ? [subject] : [];
  let unseen = '';
  try {
    const rows = await withClient(io, ['insights'], ({ api }) => pseudonymsOf(api, { subject }));
    for (const pseudonym of new Set(rows.map((row) => row.pseudonym)))
      if (keys.forget(tenant, pseudonym)) forgotten.push(pseudonym);
  } catch (error) {
    unseen = error instanceof Error ? error.message : String(error);
  }
  if (forgotten.length === 0) process.exitCode = EXIT_FAILED;
  if (json) printJson(io, { tenant, subject, forgotten: forgotten.length, ...(unseen && { unseen }) });
  else if (forgotten.length > 0) io.out(`forgot ${subject}: what its pseudonyms stood for cannot be read any more, in no copy`);
  else io.out(`there is no key of ${subject} in tenant ${tenant}: nothing of it can be read`);
  if (unseen) note(io, `values of events without a user were not looked for: ${unseen}`);
}

async function reveal(io: Io, pseudonym: string, { tenant, json }: { readonly tenant: string } & Json): Promise<void> {
  checkPseudonym(pseudonym, pseudonym);
  const rows = await withClient(io, ['insights'], ({ api }) => pseudonymsOf(api, { pseudonym }));
  const keys = keysOf(io);
  const values = new Set<string>();
  for (const row of rows) {
    const key = keys.keyOf(tenant, row.subject);
    const value = key && decryptPseudonym(row, key);
    if (value !== null) values.add(value);
  }
  const [value = null] = values;
  if (value === null) process.exitCode = EXIT_FAILED;
  if (json) return printJson(io, { tenant, pseudonym, value, records: rows.length });
  io.out(value ?? (rows.length > 0 ? `${pseudonym} has been forgotten` : `nothing is stored of ${pseudonym}`));
}

async function scan(io: Io, options: { readonly since: string; readonly limit: number } & Json): Promise<void> {
  const since = new Date(Date.now() - spanOf('--since', options.since)).toISOString();
  const progress = createProgress(io, 'looking through', SCANNED_TABLES.length);
  const report = await withClient(io, ['insights', 'settings'], async ({ api }) => {
    const { policy } = await policyOf(api, io.env);
    return scanStored(api, { since, limit: options.limit, policy }, (table, nth) => progress.update(nth, table));
  });
  progress.end();
  if (report.leaks.length > 0) process.exitCode = EXIT_FAILED;
  if (options.json) return printJson(io, report);
  if (report.leaks.length > 0)
    printTable(io, report.leaks.map(({ table, column, type, values, rows }) => ({ table, column, type, values, rows: rows.join(' ') }))); // prettier-ignore
  note(io, `${report.rows} rows, ${report.values} values looked through: ${report.leaks.length === 0 ? 'no leaks' : `${report.leaks.length} kinds of leaks`}`); // prettier-ignore
  for (const table of report.cut) note(io, `of ${table} only the newest ${options.limit} rows; --limit shows more`);
}

async function policy(io: Io, { json }: Json): Promise<void> {
  const said = describePolicy(await withClient(io, ['insights', 'settings'], ({ api }) => policyOf(api, io.env)));
  if (json) return printJson(io, said);
  printTable(io, Object.entries(said.types).map(([type, stored]) => ({ type, 'in texts that are stored': stored }))); // prettier-ignore
  const from =
    said.from === 'setting' ? 'set for this tenant' : 'no setting: the default of the enricher, as far as it is known here';
  note(
    io,
    `mode ${said.mode} (${from}): messages, arguments, results and log lines are ${said.content}; errors, reasons and attributes are ${said.details}`,
  );
}

function tryText(io: Io, text: string, { mode, json }: { readonly mode?: PrivacyMode } & Json): void {
  for (const one of mode ? [mode] : PRIVACY_MODES) {
    const stored = storedUnder(createPolicy(one), text);
    if (json) printJson(io, { mode: one, stored });
    else io.out(`${one.padEnd(13)}  ${stored ?? '(not kept)'}`);
  }
  if (!json) note(io, 'as a message; pseudonyms are examples, a tenant has its own. Nothing was sent or stored');
}

const withTenant = (command: Command): Command => command.option('--tenant <name>', 'whose person it is', 'default');

export function registerPrivacy(program: Command, io: Io): void {
  const privacy = program.command('privacy').description("people's data: policy, try, forget, reveal, scan");
  withExample(privacy, 'telltale privacy try "My name is Mia Rossi, I live in Lisbon"', 'telltale privacy scan --since 7d');
  withJson(privacy.command('policy').description('what is kept of the content of your tenant, by kind')).action((options: Json) =>
    policy(io, options),
  );
  withJson(
    privacy
      .command('try <text>')
      .description('what is stored of a text under each mode; works without a running Telltale')
      .addOption(new Option('--mode <mode>', 'only under this one').choices(PRIVACY_MODES)),
  ).action((text: string, options: { mode?: PrivacyMode } & Json) => {
    tryText(io, text, options);
  });
  withJson(
    withTenant(
      privacy
        .command('forget <subject>')
        .description('destroy the key of a person: what pseudonyms stood for cannot be read any more')
        .option('--user', 'the subject is a user id as the producer sends it'),
    ),
  ).action((subject: string, options: ForgetOptions) => forget(io, subject, options));
  withJson(
    withTenant(privacy.command('reveal <pseudonym>').description('what a pseudonym stands for, while its key is there')),
  ).action((pseudonym: string, options: { tenant: string } & Json) => reveal(io, pseudonym, options));
  withJson(
    privacy
      .command('scan')
      .description('look through what is stored for what should not be; tells where it lies, never what stands there')
      .option('--since <span>', 'how far back events are looked through: 24h, 7d', '24h')
      .option('--limit <n>', 'most rows of a table, the newest first', intOf('--limit', 1, 10_000_000), 100_000),
  ).action((options: { since: string; limit: number } & Json) => scan(io, options));
}
