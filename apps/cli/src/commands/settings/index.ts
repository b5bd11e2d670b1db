import { randomBytes } from 'node:crypto';
import { type Operations, type Setting } from '@telltale/api-client';
import { digestOf, keyOfCell } from '@telltale/auth';
import { SETTING_TYPES, settingKey, type SettingType, SINGLE_NAME, SINGLE_SETTINGS } from '@telltale/contracts';
import { readSettingsFile } from '@telltale/settings';
import { type Command, Argument } from 'commander';
import { withClient } from '../../client/connect';
import { type Client } from '../../client/http-client';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { printJson, printTable, withExample, withJson } from '../command';
import { openSetup } from '../setup';
import { differences, fieldChanges } from './diff';
import { assignmentOf, objectOf, withFields } from './fields';

type Api = Client['api'];
interface Options {
  readonly tenant?: string;
  readonly json?: boolean;
}
interface SetOptions extends Options {
  readonly value?: string;
  readonly newKey?: boolean;
}

const SERVICES = ['insights', 'settings'];
const PAGE = 1_000;
const COLUMNS = ['type', 'tenant', 'name', 'version', 'value', 'changed_at', 'changed_by'];

const typeArgument = (): Argument => new Argument('<type>', 'type of the setting').choices(SETTING_TYPES);
const withTenant = (command: Command): Command =>
  withJson(command.option('--tenant <name>', 'of another tenant, or * for all; needs a key with the scope operator'));
const ofTenant = ({ tenant }: Options) => (tenant === undefined ? {} : { of_tenant: tenant });
const shown = (setting: Setting) => ({ ...setting, value: JSON.stringify(setting.value) });

function nameFor(type: SettingType, name: string | undefined): string {
  if (name !== undefined) return name;
  if (SINGLE_SETTINGS.includes(type)) return SINGLE_NAME;
  throw new UsageError(`${type} needs a name`, `give it after the type: telltale settings … ${type} NAME`);
}

async function listAll(api: Api, asked: NonNullable<Operations['listSettings']['params']>): Promise<Setting[]> {
  const all: Setting[] = [];
  for (let cursor: string | undefined; ;) {
    const { settings, next_cursor: next } = await api.listSettings({ ...asked, limit: PAGE, ...(cursor && { cursor }) });
    all.push(...settings);
    if (next === undefined) return all;
    cursor = next;
  }
}

/** The setting as it is now, or null. */
async function present(api: Api, type: SettingType, name: string, options: Options): Promise<Setting | null> {
  const all = await listAll(api, { type, ...ofTenant(options) });
  return all.find((one) => one.name === name) ?? null;
}

/** Of the cell of the key that asks. */
const newKey = (cell: string | null): string =>
  cell === null ? `tt_${randomBytes(24).toString('base64url')}` : keyOfCell(cell, randomBytes(24));

async function set(io: Io, type: SettingType, words: readonly string[], options: SetOptions): Promise<void> {
  const { name: given, fields } = assignmentOf(words);
  const name = nameFor(type, given);
  if (options.newKey && type !== 'api_key') throw new UsageError('--new-key is for an api_key', 'leave it out');
  const { setting, key } = await withClient(io, SERVICES, async ({ api, cell }) => {
    const before = await present(api, type, name, options);
    // People see a part of the digest only; insights keeps the key where none is given.
    const kept = withFields(before?.value ?? {}, { sha256: undefined });
    const value = withFields(options.value === undefined ? kept : objectOf('--value', options.value), fields);
    // A key is made here, so that nobody else ever has it.
    const made = type === 'api_key' && !('sha256' in value) && (options.newKey || !before) ? newKey(cell) : null;
    const whole = made === null ? value : { ...value, sha256: digestOf(made).toString('hex') };
    const expected = before ? { if_version: before.version } : {};
    const change = { type, name, ...ofTenant(options), ...expected, value: whole, issued_by: 'cli' };
    return { setting: await api.putSetting(change), key: made };
  });
  if (options.json) return printJson(io, { ...setting, ...(key && { key }) });
  printTable(io, [shown(setting)], COLUMNS);
  if (key !== null) {
    io.out(`key: ${key}`);
    note(io, 'the key is shown this once; only its digest is kept');
  }
}

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Nobody answers commands of a cluster that is being installed: its settings go to their topic at once. */
const hasOnlyKafka = ({ env }: Io): boolean => Boolean(env['KAFKA_BROKERS']) && !env['TELLTALE_URL'];

async function apply(io: Io, file: string, { dryRun, json }: ApplyOptions): Promise<void> {
  if (hasOnlyKafka(io)) {
    if (dryRun) throw new UsageError('--dry-run asks insights', 'set TELLTALE_URL to its address');
    const inForce = await (await openSetup(io)).applySettings(file);
    if (json) return printJson(io, { in_force: inForce });
    return note(io, `${inForce} settings in force`);
  }
  const wanted = readSettingsFile(file, Date.now());
  const all = await withClient(io, SERVICES, async ({ api }) => {
    const tenants = [...new Set(wanted.map(({ tenant }) => tenant))];
    const there: Setting[] = [];
    for (const of_tenant of tenants) there.push(...(await listAll(api, { of_tenant })));
    const found = differences(wanted, there);
    for (const { change, setting } of dryRun ? [] : found) {
      if (change === 'none' || setting.value === null) continue;
      const { type, tenant: of_tenant, name } = setting;
      await api.putSetting({ type, name, of_tenant, value: { ...setting.value }, issued_by: 'cli' });
    }
    return found;
  });
  const rows = all.map((one) => ({ change: one.change, setting: settingKey(one.setting), fields: fieldChanges(one) }));
  if (json) return rows.forEach((row) => printJson(io, { ...row, applied: !dryRun && row.change !== 'none' }));
  const changed = rows.filter(({ change }) => change !== 'none');
  if (changed.length > 0) printTable(io, changed, ['change', 'setting', 'fields']);
  const same = rows.length - changed.length;
  note(io, `${changed.length} ${dryRun ? 'would change' : 'changed'}, ${same} as they are`);
}

export function registerSettings(program: Command, io: Io): void {
  const settings = program
    .command('settings')
    .description('privacy, retention, API keys, prices, silences, budgets of detail, views');
  withExample(
    settings,
    'telltale settings set tenant privacy=drop_content retention_days=7',
    'telltale settings set api_key bots scopes=ingest,control:read',
    'telltale settings set tool_price web_search per_call_nano_usd=5000000',
    'telltale settings apply settings.yaml --dry-run',
  );

  withTenant(settings.command('list').description('settings that are in force').addArgument(new Argument('[type]').choices(SETTING_TYPES))).action(
    async (type: SettingType | undefined, options: Options) => {
      const all = await withClient(io, SERVICES, ({ api }) => listAll(api, { ...(type && { type }), ...ofTenant(options) }));
      if (options.json) return all.forEach((one) => printJson(io, one));
      printTable(io, all.map(shown), COLUMNS);
    },
  ); // prettier-ignore

  withTenant(settings.command('get').description('one setting').addArgument(typeArgument()).argument('[name]')).action(
    async (type: SettingType, name: string | undefined, options: Options) => {
      const asked = { type, name: nameFor(type, name), ...ofTenant(options) };
      const found = await withClient(io, SERVICES, ({ api }) => api.getSetting(asked));
      if (options.json) return printJson(io, found);
      printTable(io, [shown(found)], COLUMNS);
    },
  );

  withTenant(
    settings
      .command('set')
      .description('make a setting, or change fields of one: [name] field=value …; a field without a value is taken away')
      .addArgument(typeArgument())
      .argument('[name-and-fields...]')
      .option('--value <json>', 'the whole value, in place of what there is')
      .option('--new-key', 'give an api_key another key'),
  ).action((type: SettingType, words: string[], options: SetOptions) => set(io, type, words, options));

  withTenant(settings.command('delete').description('delete a setting').addArgument(typeArgument()).argument('[name]')).action(
    async (type: SettingType, name: string | undefined, options: Options) => {
      const asked = { type, name: nameFor(type, name), ...ofTenant(options), issued_by: 'cli' };
      const gone = await withClient(io, SERVICES, ({ api }) => api.deleteSetting(asked));
      if (options.json) return printJson(io, gone);
      io.out(`deleted ${settingKey({ ...gone, type })}`);
      note(io, 'a settings file that names it brings it back only when its entry there changes');
    },
  );

  withJson(
    settings
      .command('apply <file>')
      .description('bring settings to those of a YAML file; what it does not name stays')
      .option('--dry-run', 'only show what would change'),
  ).action((file: string, options: ApplyOptions) => apply(io, file, options));

  withJson(
    settings.command('history').description('changes of settings, the last first').addArgument(new Argument('[type]').choices(SETTING_TYPES)).option('--since <age>', 'from this age or time on', '30d'),
  ).action(async (type: SettingType | undefined, { since, json }: { since: string; json?: boolean }) => {
    const { changes } = await withClient(io, SERVICES, ({ api }) => api.listSettingChanges({ since, ...(type && { type }) }));
    if (json) return changes.forEach((one) => printJson(io, one));
    printTable(io, changes, COLUMNS);
  }); // prettier-ignore
}
