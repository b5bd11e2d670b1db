import { type EventRecord } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';

const PREFIX = 'tpl/';

/** Row of table log_templates. */
export interface LogTemplateRow {
  readonly tenant: string;
  readonly template_id: string;
  readonly template: string;
  readonly service_name: string;
  readonly first_seen: string;
}

/** Which log templates this lane has met. */
export interface KnownTemplates {
  /** The row of a template that is new here, else null. */
  note(event: EventRecord): LogTemplateRow | null;
  flush(state: Map<string, Buffer | string | null>): void;
}

/** State: `tpl/<id>`. Above `max` no more are noted; the event still carries its template. */
export function createKnownTemplates(restored: ReadonlyMap<string, Buffer>, max: number): KnownTemplates {
  const ids = new Set([...restored.keys()].filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)));
  /** Spares the hash of templates met before; says nothing that the ids do not. */
  const met = new Set<string>();
  const fresh: string[] = [];
  return {
    note({ tenant, log_template: template, service_name, ts }) {
      const text = `${tenant}\u0000${service_name}\u0000${template}`;
      if (template === '' || met.has(text)) return null;
      if (met.size >= max) met.clear();
      met.add(text);
      const id = hashId(16, text);
      if (ids.has(id) || ids.size >= max) return null;
      ids.add(id);
      fresh.push(id);
      return { tenant, template_id: id, template, service_name, first_seen: ts };
    },
    flush(state) {
      for (const id of fresh.splice(0)) state.set(`${PREFIX}${id}`, '1');
    },
  };
}
