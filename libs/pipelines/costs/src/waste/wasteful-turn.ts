import { turnRecord, type WasteClaim } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { type z } from 'zod';

/** What of a turn its waste depends on. */
export const wastefulTurn = turnRecord.pick({
  tenant: true, turn_id: true, trace_id: true, revision: true, session_id: true, user_id: true, ts: true, first_minute: true, expires_on: true, service_name: true,
  deployment_environment: true, outcome: true, intent: true, request_hash: true, sampling_weight: true, backfill: true, waste: true,
}); // prettier-ignore
export type WastefulTurn = z.infer<typeof wastefulTurn>;

/** What was written last of one rule and model of a turn. */
export type Written = Pick<WasteClaim, 'lost' | 'avoidable' | 'calls' | 'unpriced'>;

/** A turn as a session keeps it. */
export interface KeptTurn {
  readonly id: string;
  /** Its key on the topic of turns. */
  readonly key: string;
  readonly revision: number;
  readonly ts: string;
  readonly turn: Pick<WastefulTurn, 'first_minute' | 'expires_on' | 'service_name' | 'deployment_environment' | 'session_id' | 'outcome' | 'intent' | 'request_hash' | 'sampling_weight' | 'backfill' | 'waste'>;
  /** By rule and model. */
  written: Readonly<Record<string, Written>>;
  /** When a cache that it wrote is given up, ms since the epoch; null when nothing is waited for. */
  openUntil: number | null;
} // prettier-ignore

/** Rows are those of the session; the key of a turn, as the turns service makes it, is that of its records. */
export const keyOfTurn = ({ session_id: session, user_id: user, trace_id: trace, turn_id: turn }: WastefulTurn): string =>
  session || user || trace || turn;

/**
 * Turns that are looked at beside each other: those of a session, of a user of a service, or, of neither, those of a service that ask for the
 * same work, as an agent does that runs by the clock.
 */
export function groupKeyOf({ session_id: session, user_id: user, service_name: service, ...turn }: WastefulTurn): string {
  if (session !== '') return hashId(24, 'session', session);
  if (user !== '') return hashId(24, 'user', service, user);
  const isWork = turn.request_hash !== '' && turn.waste.found;
  return isWork ? hashId(24, 'work', service, turn.request_hash) : hashId(24, 'turn', turn.turn_id);
}

export const keptTurnOf = (turn: WastefulTurn): KeptTurn => ({
  id: turn.turn_id,
  key: keyOfTurn(turn),
  revision: turn.revision,
  ts: turn.ts,
  turn: {
    first_minute: turn.first_minute,
    expires_on: turn.expires_on,
    service_name: turn.service_name,
    deployment_environment: turn.deployment_environment,
    session_id: turn.session_id,
    outcome: turn.outcome,
    intent: turn.intent,
    request_hash: turn.request_hash,
    sampling_weight: turn.sampling_weight,
    backfill: turn.backfill,
    waste: turn.waste,
  },
  written: {},
  openUntil: null,
});
