import { type DeployKind, type DeployRow, type EdgesRecord } from '@telltale/contracts';
import { DAY_MS, hashId, HOUR_MS } from '@telltale/kernel';
import { allOf, type BatchState, createBoundedMap, createDailyLimiter } from '@telltale/streaming';

const SEEN = { perTenant: 4_000, perTask: 20_000, idleMs: 30 * DAY_MS };
const MARKS = { perTenant: 500, perTask: 2_500, idleMs: 7 * DAY_MS };
/** Marks that one tenant's turns may make a day: flags have as many values as producers like. */
const MAX_SEEN_A_DAY = 200;
const SEEN_AGAIN_MS = DAY_MS;

/** Deploy marks of a tenant: those that people report, and changes that its turns show. */
export interface SeenDeploys extends BatchState {
  /** Keeps a mark; false where it is known. */
  add(deploy: DeployRow): boolean;
  /** Versions, prompts and flags of turns that their service did not have before. */
  changesIn(record: EdgesRecord): DeployRow[];
  /** Marks of these services in [from, to], in order of time. */
  near(tenant: string, services: ReadonlySet<string>, from: number, to: number): DeployRow[];
}

const said = (kind: DeployKind, version: string): string =>
  kind === 'flag' ? `flag ${version}` : kind === 'prompt_version' ? `prompt ${version}` : `version ${version}`;

/** State: `seen/<tenant>/<digest>`, `deploys/<tenant>/<id>`, and how many were made today. */
export function createSeenDeploys(restored: ReadonlyMap<string, Buffer>): SeenDeploys {
  const seen = createBoundedMap<true>(restored, { prefix: 'seen/', name: 'seen_versions', limits: SEEN });
  const marks = createBoundedMap<DeployRow>(restored, { prefix: 'deploys/', name: 'deploys', limits: MARKS });
  const daily = createDailyLimiter('deploys-a-day/', restored, MAX_SEEN_A_DAY);
  const state = allOf(seen, marks, daily);
  let now = 0;

  /** Whether it is known; from now on it is. */
  function isKnown(tenant: string, id: string): boolean {
    const known = seen.get(tenant, id) !== undefined;
    if (!known || now - seen.setAt(tenant, id) >= SEEN_AGAIN_MS) seen.set(tenant, id, true);
    return known;
  }

  function add(deploy: DeployRow): boolean {
    if (marks.get(deploy.tenant, deploy.id)) return false;
    marks.set(deploy.tenant, deploy.id, deploy);
    return true;
  }

  function changesOf({ tenant, minute }: EdgesRecord, service: string, kind: DeployKind, values: readonly string[]): DeployRow[] {
    if (values.length === 0) return [];
    // What a service has when it is first seen did not change.
    const isFirst = !isKnown(tenant, hashId(20, service, kind));
    return values.flatMap((value) => {
      const [version = '', environment = ''] = value.split('\t');
      const id = hashId(20, tenant, service, kind, value);
      if (isKnown(tenant, id) || isFirst || !daily.add(tenant, id)) return [];
      return [{ tenant, id, at: minute, service_name: service, version, environment, source: 'seen' as const, kind, text: `${said(kind, version)} of ${service} seen for the first time` }];
    });
  } // prettier-ignore

  return {
    ...state,
    startBatch(time) {
      now = time;
      state.startBatch(time);
    },
    add,
    changesIn: (record) =>
      record.services
        .flatMap(({ service, versions, prompt_versions: prompts, flags }) => [
          ...changesOf(record, service, 'version', versions),
          ...changesOf(record, service, 'prompt_version', prompts),
          ...changesOf(record, service, 'flag', flags),
        ])
        .filter(add),
    near: (tenant, services, from, to) =>
      marks
        .ofTenant(tenant)
        .map(([, deploy]) => deploy)
        .filter(({ at, service_name: service }) => services.has(service) && Date.parse(at) >= from && Date.parse(at) <= to)
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1)),
  };
}

/** A deploy belongs on the timeline of an incident that begins so long after it. */
export const DEPLOY_BEFORE_MS = HOUR_MS;
