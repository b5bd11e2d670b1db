import { type EventRecord } from '@telltale/contracts';
import { createTemplateMiner, type LogTemplate, type StoredTemplate, type TemplateMiner } from '@telltale/domain-fingerprint';
import { groupBy, HOUR_MS } from '@telltale/kernel';
import { type BatchState, createStateCodec, createStateSection, type Effects } from '@telltale/streaming';

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
export interface TemplateState extends BatchState {
  /** The template of a log line; null where it has no words. `now`: the batch time. */
  add(event: EventRecord, now: number): LogTemplate | null;
  /** Forgets all templates of a tenant. */
  forget(tenant: string): void;
}

/** Where a template was met first. */
interface Origin {
  readonly service_name: string;
  readonly first_seen: string;
}
type Kept = StoredTemplate & Origin;
/** Names are `<tenant>/<id>`; ids have no slash, tenants may. */
const SECTION = createStateSection('tpl/', createStateCodec<Kept>(1));
/** Hashes of the names of users, by tenant. */
const NAMES = createStateSection('tpl-names/', createStateCodec<readonly number[]>(1));

interface TenantTemplates {
  readonly miner: TemplateMiner;
  readonly origins: Map<string, Origin>;
  readonly texts: Map<string, string>;
  names: number;
}

function openTenant(tenant: string, max: number, kept: readonly Kept[], names: readonly number[]): TenantTemplates {
  return {
    names: names.length,
    miner: createTemplateMiner({ scope: tenant, max, restored: kept, restoredNames: names }),
    origins: new Map(kept.map(({ id, service_name, first_seen }) => [id, { service_name, first_seen }])),
    texts: new Map(kept.map(({ id, text }) => [id, text])),
  };
}

/** At most `max` templates of a tenant. Rows are those that are new or have another text. */
export function createTemplateState(restored: ReadonlyMap<string, Buffer>, max: number): TemplateState {
  const stored = groupBy(SECTION.restore(restored), ([key]) => key.slice(0, key.lastIndexOf('/')));
  const names = new Map(NAMES.restore(restored));
  const tenants = new Map(
    [...stored].map(([tenant, kept]) => [
      tenant,
      openTenant(
        tenant,
        max,
        kept.map(([, one]) => one),
        names.get(tenant) ?? [],
      ),
    ]),
  );

  const gone: string[] = [];
  const forgotten: string[] = [];

  function flushTenant(tenant: string, known: TenantTemplates, effects: Effects): void {
    const { miner, origins, texts } = known;
    if (miner.names.size > known.names) NAMES.put(effects, tenant, [...miner.names]);
    known.names = miner.names.size;
    const write = (row: LogTemplateRow): void => effects.row('log_templates', JSON.stringify(row));
    for (const change of miner.changes()) {
      if (change.kind === 'gone') {
        SECTION.put(effects, `${tenant}/${change.id}`, null);
        // One that no line was found to have is not written.
        const origin = origins.get(change.id);
        if (origin && change.into !== '')
          write({ tenant, template_id: change.id, template: change.text, ...origin, merged_into: change.into });
        origins.delete(change.id);
        texts.delete(change.id);
        continue;
      }
      const { template } = change;
      const origin = origins.get(template.id) ?? { service_name: '', first_seen: '' };
      SECTION.put(effects, `${tenant}/${template.id}`, { ...template, ...origin });
      if (texts.get(template.id) === template.text) continue;
      texts.set(template.id, template.text);
      write({ tenant, template_id: template.id, template: template.text, ...origin, merged_into: '' });
    }
  }

  return {
    startBatch: () => undefined,
    due: () => false,
    add({ tenant, body, service_name, ts }, now) {
      let known = tenants.get(tenant);
      if (!known) tenants.set(tenant, (known = openTenant(tenant, max, [], [])));
      const template = known.miner.match(body, Math.floor(now / HOUR_MS));
      if (!template) return null;
      if (!known.origins.has(template.id)) known.origins.set(template.id, { service_name, first_seen: ts });
      return template;
    },
    forget(tenant) {
      for (const id of tenants.get(tenant)?.texts.keys() ?? []) gone.push(`${tenant}/${id}`);
      forgotten.push(tenant);
      tenants.delete(tenant);
    },
    flush(effects) {
      for (const key of gone.splice(0)) SECTION.put(effects, key, null);
      for (const tenant of forgotten.splice(0)) NAMES.put(effects, tenant, null);
      for (const [tenant, known] of tenants) flushTenant(tenant, known, effects);
    },
  };
}
