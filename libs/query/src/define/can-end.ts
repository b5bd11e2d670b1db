import { TOPICS } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { ApiError } from './api-error';
import { type AskContext, type RowsOf, type Select } from './definition';
import { withIsoTimes } from './iso-times';
import { filterBy } from './where';

const overrideOf =
  (type: 'set_maintenance' | 'set_sensitivity' | 'set_holidays') =>
  (id: string): Select => {
    const { where, params } = filterBy({ id, type });
    const sql = `SELECT state, until_at AS ends_at FROM telltale.detector_overrides WHERE ${where} ORDER BY recorded_at DESC, state = 'ended' DESC LIMIT 1`;
    return { sql, params };
  };

/** Kinds of things that people start and may end before their time, and where they are found. */
const ENDABLE = {
  set_directive: {
    noun: 'directive',
    list: 'telltale verbosity list (GET /api/directives)',
    topic: TOPICS.commands.name,
    select: (id: string): Select => {
      const { where, params } = filterBy({ id });
      const sql = `SELECT state, expires_at AS ends_at FROM telltale.directives WHERE ${where} ORDER BY changed_at DESC, state = 'raised' LIMIT 1`;
      return { sql, params };
    },
  },
  set_maintenance: {
    noun: 'maintenance window',
    list: 'telltale detector maintenance list (GET /api/detector/maintenance)',
    topic: TOPICS.detectorSettings.name,
    select: overrideOf('set_maintenance'),
  },
  set_sensitivity: {
    noun: 'sensitivity',
    list: 'telltale detector sensitivity list (GET /api/detector/sensitivity)',
    topic: TOPICS.detectorSettings.name,
    select: overrideOf('set_sensitivity'),
  },
  set_holidays: {
    noun: 'list of holidays',
    list: 'telltale detector holidays list (GET /api/detector/holidays)',
    topic: TOPICS.detectorSettings.name,
    select: overrideOf('set_holidays'),
  },
} as const;

const OVER = new Set<unknown>(['ended', 'expired', 'revoked']);
/** Requests that the service may not have processed yet. */
const NEWEST = 1_000;
const MAX_SHOWN = 80;

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
  { broker, clock, tenant, rowsOf }: AskContext & { readonly rowsOf: RowsOf },
  type: keyof typeof ENDABLE,
  id: string,
): Promise<void> {
  const { noun, list, topic, select } = ENDABLE[type];
  const [row] = (await rowsOf(select(id))).map(withIsoTimes);
  const shown = id.slice(0, MAX_SHOWN);
  const fix = `${list} shows what there is`;
  if (row) {
    const end = typeof row['ends_at'] === 'string' ? Date.parse(row['ends_at']) : Infinity;
    if (!OVER.has(row['state']) && !(end <= clock.now())) return;
    throw new ApiError('not_found', `the ${noun} ${shown} is over already`, { fix });
  }
  const requests = await broker.newest(topic, NEWEST);
  if (requests.some(({ value }) => isRequestFor(value, { type, tenant, id }))) return;
  throw new ApiError('not_found', `there is no ${noun} ${shown}`, { fix });
}
