import { type IncidentRecord } from '@telltale/contracts';
import { silencedUntil, type Silence } from '@telltale/domain-incident';
import { type BatchState, createStateCodec, createStateSection } from '@telltale/streaming';

/** Names are those of open incidents. */
const SECTION = createStateSection('silenced/', createStateCodec<true>(1));

/** Open incidents whose firing alert a silence holds back. */
export interface SilencedAlerts extends BatchState {
  /** Holds back the alert of an incident that opens; false where no silence is in force. */
  hold(key: string, record: IncidentRecord): boolean;
  /** Forgets an alert, for its incident is over; false where none was held back. */
  drop(key: string): boolean;
  /** Takes those out that no silence holds back any more, in order of key. */
  takeReleased(): IncidentRecord[];
}

export interface SilencedAlertsOptions {
  readonly silencesOf: (tenant: string) => readonly Silence[];
  readonly recordOf: (key: string) => IncidentRecord | undefined;
}

/** State: `silenced/<incident>`. What holds an alert back is looked up, so a silence that is changed or deleted counts as it is now. */
export function createSilencedAlerts(
  restored: ReadonlyMap<string, Buffer>,
  { silencesOf, recordOf }: SilencedAlertsOptions,
): SilencedAlerts {
  const held = new Set(SECTION.restore(restored).map(([key]) => key));
  const changed = new Set<string>();
  let now = 0;
  const endOf = (record: IncidentRecord): number => silencedUntil(record, silencesOf(record.tenant), now);
  function nextEnd(): number {
    let next = Infinity;
    for (const key of held) {
      const record = recordOf(key);
      if (record) next = Math.min(next, endOf(record));
    }
    return next;
  }
  let dueAt = nextEnd();

  function drop(key: string): boolean {
    if (!held.delete(key)) return false;
    changed.add(key);
    return true;
  }

  return {
    startBatch(time) {
      now = time;
    },
    hold(key, record) {
      if (endOf(record) <= now) return false;
      held.add(key);
      changed.add(key);
      return true;
    },
    drop,
    takeReleased: () =>
      [...held].sort().flatMap((key) => {
        const record = recordOf(key);
        return record && endOf(record) <= now && drop(key) ? [record] : [];
      }),
    flush(effects) {
      for (const key of changed) SECTION.put(effects, key, held.has(key) || null);
      changed.clear();
      dueAt = nextEnd();
    },
    due: (time) => dueAt <= time,
  };
}
