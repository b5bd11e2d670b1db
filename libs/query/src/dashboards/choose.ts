import { DAY_MS } from '@telltale/kernel';
import { badParameter } from '../define/api-error';
import { type AskContext, type RowsOf } from '../define/definition';
import { type Period, periodOf, text } from '../define/params';
import { type Made, panelsOf, pinnedDashboard } from './answer';
import { type Proposal, propose } from './propose';

export const RANGE = { defaultMs: DAY_MS, maxMs: 90 * DAY_MS };

/** What a dashboard is made of. */
export const madeOf = {
  service: text('Only of this service').optional(),
  incident: text('From the context of this incident: what moved, whom it affects, what was deployed').optional(),
};
export const chosenBy = { name: text('Name of a pinned dashboard', 100).optional(), ...madeOf };

interface Times {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}
interface Proposed extends Times {
  readonly service?: string | undefined;
  readonly incident?: string | undefined;
}
export interface Choice extends Proposed {
  readonly name?: string | undefined;
}
export interface Chosen extends Made {
  readonly period: Period;
}
type Context = AskContext & { readonly rowsOf: RowsOf };

/** The range, which ends now: of what is to come nothing is drawn. */
export function rangeOf(given: Times, now: number): Period {
  const { since, until } = periodOf(given, now, RANGE);
  return { since, until: given.until === undefined ? Math.max(since + 1, Math.min(until, now)) : until };
}

export function proposalOf({ service: only, incident: id, ...times }: Proposed, { tenant, clock, rowsOf }: Context): Promise<Proposal> {
  if (only !== undefined && id !== undefined)
    throw badParameter('service', 'is given together with incident', 'give one of them: an incident has its own services');
  const now = clock.now();
  const fallback = rangeOf(times, now);
  const isAsked = times.since !== undefined || times.until !== undefined;
  return propose(rowsOf, { tenant, service: only, incident: id, period: isAsked ? fallback : null, fallback, now });
} // prettier-ignore

export function choosePinned(name: string, times: Times, context: AskContext): Chosen & { readonly version: number } {
  const found = pinnedDashboard(name, context);
  const { title = '', about = '' } = found.value ?? {};
  return { title, about, panels: panelsOf(found), period: rangeOf(times, context.clock.now()), version: found.version };
}

/** A pinned dashboard by its name, or one made of the data. ApiError where both are asked for, or there is none. */
export async function choose({ name, ...given }: Choice, context: Context): Promise<Chosen> {
  if (name === undefined) return proposalOf(given, context);
  if (given.service !== undefined || given.incident !== undefined)
    throw badParameter('name', 'is given together with service or incident', 'give a name alone, or leave it out');
  return choosePinned(name, given, context);
}
