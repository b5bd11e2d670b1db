import { type OpenIncident, type IncidentChange, type TimelineEntry } from '@telltale/domain-incident';
import { type OpenIncidents } from './state/open-incidents';

/** What happened to an incident in this batch. */
export interface Touched {
  readonly key: string;
  /** As it was published before; null where it is new, or open again. */
  readonly previous: OpenIncident | null;
  /** As it is now, or as it ended. */
  readonly incident: OpenIncident;
  readonly entries: readonly TimelineEntry[];
}

/** The incidents that a batch changes: they are published once, as they are at its end. */
export interface BatchChanges {
  /** Takes a change of an incident; one that is closed by it is open no more. */
  apply(key: string, change: IncidentChange, options?: { readonly isReopened?: boolean }): void;
  /** An incident that was opened in this batch became part of another one: nobody ever hears of it. Answers its entries; null where it was published before. */
  forget(key: string): readonly TimelineEntry[] | null;
  /** What is to be published, in the order in which it was touched first. */
  take(): Touched[];
  keys(): readonly string[];
}

export function createBatchChanges(open: OpenIncidents): BatchChanges {
  let touched = new Map<string, Touched>();

  return {
    apply(key, { incident, entries }, { isReopened = false } = {}) {
      const before = touched.get(key);
      const previous = before ? before.previous : isReopened ? null : open.get(key);
      // One that closes and one that opens in a batch are two under their own keys, but for budgets and spend: that closes before.
      touched.set(key, { key, previous, incident, entries: [...(before?.entries ?? []), ...entries] });
      if (incident.record.state === 'open') open.add(key, incident);
      else open.remove(key);
    },
    forget(key) {
      const one = touched.get(key);
      if (!one || one.previous !== null) return null;
      touched.delete(key);
      open.remove(key);
      return one.entries;
    },
    take() {
      const all = [...touched.values()];
      touched = new Map();
      return all;
    },
    keys: () => [...touched.keys()],
  };
}
