import { type AnomalyRecord } from '@telltale/contracts';
import { type Channel, CHANNELS, sharesSignal } from '@telltale/domain-detector';
import { MINUTE_MS } from '@telltale/kernel';

/** An anomaly that the service raised. */
export interface Raised {
  readonly id: string;
  readonly series_id: string;
  readonly channel: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly summary: string;
  /** What people said that it was; empty where nobody did. */
  readonly label: string;
}

/** At one setting, what is raised in place of what was. */
export interface Outcome {
  readonly anomalies: number;
  readonly explained: number;
  readonly in_maintenance: number;
  readonly by_channel: Readonly<Record<string, number>>;
  /** Anomalies that were raised and are again: the same series, at the same time. */
  readonly kept: number;
  readonly kept_by_label: Readonly<Record<string, number>>;
  /** Labeled real, and not raised. */
  readonly real_lost: readonly Raised[];
}

/** Where an earlier or a later window opens it, it is the same one. */
const SLACK_MS = 15 * MINUTE_MS;

const isChannel = (name: string): name is Channel => (CHANNELS as readonly string[]).includes(name);

const isOfOneSignal = (a: string, b: string): boolean => a === b || (isChannel(a) && isChannel(b) && sharesSignal(a, b));

function isSame(raised: Raised, found: AnomalyRecord): boolean {
  if (raised.series_id !== found.series_id || !isOfOneSignal(raised.channel, found.channel ?? '')) return false;
  const endOf = (text: string | null): number => (text === null ? Infinity : Date.parse(text));
  return (
    Date.parse(found.started_at) <= endOf(raised.ended_at) + SLACK_MS &&
    Date.parse(raised.started_at) <= endOf(found.ended_at) + SLACK_MS
  );
}

export function countBy<T>(all: readonly T[], nameOf: (one: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** `found`: what the detector reports at one setting, of the same series and range as `raised`. */
export function outcomeOf(found: readonly AnomalyRecord[], raised: readonly Raised[]): Outcome {
  const isKept = (one: Raised): boolean => found.some((other) => isSame(one, other));
  const kept = raised.filter(isKept);
  return {
    anomalies: found.length,
    explained: found.filter(({ parent_anomaly_id: parent }) => (parent ?? '') !== '').length,
    in_maintenance: found.filter(({ in_maintenance: is }) => is === true).length,
    by_channel: countBy(found, ({ channel }) => channel ?? ''),
    kept: kept.length,
    kept_by_label: countBy(
      kept.filter(({ label }) => label !== ''),
      ({ label }) => label,
    ),
    real_lost: raised.filter((one) => one.label === 'real' && !isKept(one)),
  };
}
