import { TOPICS } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { apiError } from '../api-error';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { filterBy, rowsOf } from '../tenant-rows';

const overrideSql = (where: string): string =>
  `SELECT state, until_at AS ends_at FROM telltale.detector_overrides WHERE ${where} ORDER BY recorded_at DESC, state = 'ended' DESC LIMIT 1`;

/** Kinds of things that people start and may end before their time, and where they are found. */
const ENDABLE = {
  set_directive: {
    noun: 'directive',
    list: 'telltale verbosity list (GET /api/directives)',
    topic: TOPICS.commands.name,
    sql: (where: string) => `SELECT state, expires_at AS ends_at FROM telltale.directives WHERE ${where} ORDER BY changed_at DESC, state = 'raised' LIMIT 1`,
    column: undefined,
  },
  set_maintenance: {
    noun: 'maintenance window',
    list: 'telltale detector maintenance list (GET /api/detector/maintenance)',
    topic: TOPICS.detectorSettings.name,
    sql: overrideSql,
    column: 'type',
  },
  set_sensitivity: {
    noun: 'sensitivity',
    list: 'telltale detector sensitivity list (GET /api/detector/sensitivity)',
    topic: TOPICS.detectorSettings.name,
    sql: overrideSql,
    column: 'type',
  },
} as const; // prettier-ignore

const OVER = new Set<unknown>(['ended', 'expired', 'revoked']);
/** Requests that the service may not have processed yet. */
const NEWEST = 1_000;

function isRequestFor(value: Buffer | null, wanted: Readonly<Record<string, string>>): boolean {
  try {
    const request: unknown = JSON.parse(value?.toString() ?? '');
    return isRecord(request) && Object.entries(wanted).every(([field, expected]) => request[field] === expected);
  } catch {
    return false; // People may produce here too; what is not JSON asks for nothing.
  }
}

/** Throws not_found unless the tenant has a thing of this id that is in force, to come, or requested a moment ago. */
export async function checkCanEnd(
  deps: InsightsDeps,
  caller: TenantRequest,
  type: keyof typeof ENDABLE,
  id: string,
): Promise<void> {
  const { noun, list, topic, sql, column } = ENDABLE[type];
  const { conditions, params } = filterBy({ id, ...(column === undefined ? {} : { [column]: type }) });
  const [row] = await rowsOf(deps, caller, noun, sql(conditions.join(' AND ')), params);
  const shown = id.slice(0, 80);
  const fix = `${list} shows what there is`;
  if (row) {
    const end = typeof row['ends_at'] === 'string' ? Date.parse(row['ends_at']) : Infinity;
    if (!OVER.has(row['state']) && !(end <= deps.clock.now())) return;
    throw apiError('not_found', `the ${noun} ${shown} is over already`, { fix });
  }
  const requests = await deps.broker.newest(topic, NEWEST);
  if (requests.some(({ value }) => isRequestFor(value, { type, tenant: caller.tenant, id }))) return;
  throw apiError('not_found', `there is no ${noun} ${shown}`, { fix });
}
