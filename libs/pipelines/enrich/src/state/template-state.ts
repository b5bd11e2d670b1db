import { type EventRecord } from '@telltale/contracts';
import { createTemplateMiner, type LogTemplate, type StoredTemplate, type TemplateMiner } from '@telltale/domain-fingerprint';
import { HOUR_MS } from '@telltale/kernel';

const PREFIX = 'tpl/';

/** Row of table log_templates; a later row of the same id has the wider text. */
export interface LogTemplateRow {
  readonly tenant: string;
  readonly template_id: string;
  readonly template: string;
  readonly service_name: string;
  readonly first_seen: string;
  /** The template that stands for this one now; '' for one that stands. */
  readonly merged_into: string;
}

/** Which log templates each tenant has on this task. */
export interface TemplateState {
  /** The template of a log line; null where it has no words. `now` is the range's time. */
  match(event: EventRecord, now: number): LogTemplate | null;
  /** Forgets all templates of a tenant. */
  forget(tenant: string): void;
  /** Writes what changed to the state; the rows that are new or have another text. */
  flush(state: Map<string, Buffer | string | null>): LogTemplateRow[];
}

/** Where a template was met first. */
interface Origin {
  readonly service_name: string;
  readonly first_seen: string;
}
type Kept = StoredTemplate & Origin;
interface TenantTemplates {
  readonly miner: TemplateMiner;
  readonly origins: Map<string, Origin>;
  readonly texts: Map<string, string>;
}

/** `tpl/<tenant>/<id>`; ids have no slash, tenants may. */
const splitKey = (key: string): readonly [tenant: string, id: string] => {
  const slash = key.lastIndexOf('/');
  return [key.slice(PREFIX.length, slash), key.slice(slash + 1)];
};

function readKept(restored: ReadonlyMap<string, Buffer>): Map<string, Kept[]> {
  const byTenant = new Map<string, Kept[]>();
  for (const [key, value] of restored) {
    // Values of one byte are of the form before this one, which kept ids only.
    if (!key.startsWith(PREFIX) || value.length < 2) continue;
    const [tenant] = splitKey(key);
    const kept = byTenant.get(tenant) ?? [];
    kept.push(JSON.parse(value.toString()) as Kept);
    byTenant.set(tenant, kept);
  }
  return byTenant;
}

function openTenant(tenant: string, max: number, kept: readonly Kept[]): TenantTemplates {
  return {
    miner: createTemplateMiner({ scope: tenant, max, restored: kept }),
    origins: new Map(kept.map(({ id, service_name, first_seen }) => [id, { service_name, first_seen }])),
    texts: new Map(kept.map(({ id, text }) => [id, text])),
  };
}

/** State: `tpl/<tenant>/<id>`, the template as JSON. At most `max` of a tenant. */
export function createTemplateState(restored: ReadonlyMap<string, Buffer>, max: number): TemplateState {
  const tenants = new Map([...readKept(restored)].map(([tenant, kept]) => [tenant, openTenant(tenant, max, kept)]));

  const gone: string[] = [];

  function flushTenant(tenant: string, { miner, origins, texts }: TenantTemplates, state: Map<string, Buffer | string | null>) {
    const rows: LogTemplateRow[] = [];
    for (const change of miner.changes()) {
      if (change.kind === 'gone') {
        state.set(`${PREFIX}${tenant}/${change.id}`, null);
        // One that no line was reported to have is not written.
        const origin = origins.get(change.id);
        if (origin && change.into !== '')
          rows.push({ tenant, template_id: change.id, template: change.text, ...origin, merged_into: change.into });
        origins.delete(change.id);
        texts.delete(change.id);
        continue;
      }
      const { template } = change;
      const origin = origins.get(template.id) ?? { service_name: '', first_seen: '' };
      state.set(`${PREFIX}${tenant}/${template.id}`, JSON.stringify({ ...template, ...origin }));
      if (texts.get(template.id) === template.text) continue;
      texts.set(template.id, template.text);
      rows.push({ tenant, template_id: template.id, template: template.text, ...origin, merged_into: '' });
    }
    return rows;
  }

  return {
    match({ tenant, body, service_name, ts }, now) {
      let known = tenants.get(tenant);
      if (!known) tenants.set(tenant, (known = openTenant(tenant, max, [])));
      const template = known.miner.match(body, Math.floor(now / HOUR_MS));
      if (!template) return null;
      if (!known.origins.has(template.id)) known.origins.set(template.id, { service_name, first_seen: ts });
      return template;
    },
    forget(tenant) {
      for (const id of tenants.get(tenant)?.texts.keys() ?? []) gone.push(`${PREFIX}${tenant}/${id}`);
      tenants.delete(tenant);
    },
    flush(state) {
      for (const key of gone.splice(0)) state.set(key, null);
      return [...tenants].flatMap(([tenant, known]) => flushTenant(tenant, known, state));
    },
  };
}
