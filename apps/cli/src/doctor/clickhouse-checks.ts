import { messageOf } from '@telltale/kernel';
import { type openSetup } from '../commands/setup';
import { failed, type Finding, ok, skipped, warning } from './finding';

type Setup = Awaited<ReturnType<typeof openSetup>>;
type Facts = NonNullable<Awaited<ReturnType<Setup['inspectClickHouse']>>>;

const LEAST_FREE_SHARE = 0.1;
const SKEW_WARNING_MS = 5_000;
/** So far ahead batch times may be of the clock of a process. */
const SKEW_FAILED_MS = 60_000;

const CHECKS = ['clickhouse', 'grants', 'clickhouse_clock', 'clickhouse_disks', 'clickhouse_logs'] as const;

function checkTables({ version, migrations: { pending, newer } }: Facts): Finding {
  const found = `version ${version}`;
  if (newer.length > 0)
    return failed('clickhouse', `${found}; its tables are those of a newer release (${newer.join(', ')})`, 'start that release or a later one, or restore a backup of this one: docs/OPERATIONS.md'); // prettier-ignore
  return pending.length === 0
    ? ok('clickhouse', `${found}, all migrations applied`)
    : warning('clickhouse', `${found}; not applied yet: ${pending.join(', ')}`, 'apply them: telltale migrate, or start one process with MIGRATIONS=apply'); // prettier-ignore
}

function checkGrants({ missingGrants }: Facts): Finding {
  if (missingGrants === null) return skipped('grants', 'this ClickHouse cannot be asked for them (CHECK GRANT)');
  return missingGrants.length === 0
    ? ok('grants', 'all that is needed on telltale.*')
    : failed('grants', `missing on telltale.*: ${missingGrants.join(', ')}`, `GRANT ${missingGrants.join(', ')} ON telltale.* TO the user of CLICKHOUSE_URL; without rights to change tables, set MIGRATIONS=wait and run telltale migrate as another user`); // prettier-ignore
}

export function checkSkew(skewMs: number): Finding {
  const found = `${Math.abs(skewMs) / 1000} s ${skewMs < 0 ? 'behind' : 'ahead of'} this machine`;
  const fix = 'set both clocks by NTP: times order everything here';
  if (Math.abs(skewMs) >= SKEW_FAILED_MS) return failed('clickhouse_clock', found, fix);
  return Math.abs(skewMs) >= SKEW_WARNING_MS ? warning('clickhouse_clock', found, fix) : ok('clickhouse_clock', found);
}

export function checkDisks(disks: Facts['disks']): Finding {
  // A disk of objects has no end.
  const bounded = disks.filter(({ totalBytes }) => totalBytes > 0 && totalBytes < 1e18);
  const found = bounded.map(({ name, freeBytes, totalBytes }) => `${name}: ${(freeBytes / 1e9).toFixed(1)} of ${(totalBytes / 1e9).toFixed(1)} GB free`).join('; '); // prettier-ignore
  const isFull = bounded.some(({ freeBytes, totalBytes }) => freeBytes < totalBytes * LEAST_FREE_SHARE);
  return isFull
    ? warning(
        'clickhouse_disks',
        found,
        'enlarge the disk, lower RETENTION_DAYS, or move old parts to another (docs/OPERATIONS.md)',
      )
    : ok('clickhouse_disks', found || 'none with an end');
}

async function checkLogs(setup: Setup): Promise<Finding> {
  const check = 'clickhouse_logs';
  try {
    const unlimited = await setup.unlimitedSystemLogs();
    if (unlimited.length === 0) return ok(check, 'all have a limit, or are off');
    const megabytes = Math.ceil(unlimited.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
    return warning(
      check,
      `${unlimited.map(({ table }) => table).join(', ')} grow without end (${megabytes} MB)`,
      'copy deploy/clickhouse/config.d/telltale-system-logs.xml to /etc/clickhouse-server/config.d/, or start with MIGRATIONS=apply as a user who may alter them',
    );
  } catch (error) {
    return warning(check, `cannot be looked at: ${messageOf(error)}`, 'let the user of CLICKHOUSE_URL read system.tables');
  }
}

/** A ClickHouse server as this configuration reaches it. */
export async function checkClickHouse(setup: Setup): Promise<Finding[]> {
  let facts: Facts | null;
  try {
    facts = await setup.inspectClickHouse();
  } catch (error) {
    const failure = failed('clickhouse', messageOf(error), 'correct CLICKHOUSE_URL, its user and password, or start ClickHouse');
    return [failure, ...CHECKS.slice(1).map((check) => skipped(check, 'the server comes first'))];
  }
  if (!facts) return CHECKS.map((check) => skipped(check, 'the engine in this process is used'));
  return [checkTables(facts), checkGrants(facts), checkSkew(facts.skewMs), checkDisks(facts.disks), await checkLogs(setup)];
}
