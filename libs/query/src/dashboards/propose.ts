import { type RowsOf } from '../define/definition';
import { type Period } from '../define/params';
import { type Made } from './answer';
import { dimensionPanels, type LeftOut } from './dimension-panels';
import { incidentPanels } from './incident-panels';
import { kindPanels } from './kind-panels';
import { overviewPanels } from './overview';
import { chosenPanels } from './panel';
import { type Scope } from './panel-sql';
import { type IncidentContext, readIncident } from './read-incident';
import { readShape } from './read-shape';
import { type Shape } from './shape';
import { countWords, named, printable } from './words';

const MOST_LEFT_OUT = 30;

interface Asked {
  readonly tenant: string;
  readonly service: string | undefined;
  readonly incident: string | undefined;
  /** The range that is asked for; of an incident its own where it names none. */
  readonly period: Period | null;
  readonly fallback: Period;
  readonly now: number;
}

export interface Proposal extends Made {
  readonly period: Period;
  readonly from: number;
  readonly leftOut: readonly LeftOut[];
}

function aboutOf({ turns, kinds, services }: Shape): string {
  const events = kinds.reduce((sum, { rows }) => sum + rows, 0);
  if (events === 0) return 'Nothing came in this range: there is nothing to show.';
  return `Made from ${countWords(turns.rows, 'turn')} and ${countWords(events, 'event')} of ${countWords(services.length, 'service')}.`;
}

const titleOf = (incident: IncidentContext | null, service: string | undefined): string =>
  incident ? `Around: ${incident.title}` : service === undefined ? 'Everything' : `Service ${named(service)}`;

/** A dashboard from the shape of the data, and from what an incident is about; the same data has the same one. */
export async function propose(rowsOf: RowsOf, { tenant, service, incident: id, period: asked, fallback, now }: Asked): Promise<Proposal> {
  const incident = id === undefined ? null : await readIncident(rowsOf, id, now);
  const period = asked ?? incident?.period ?? fallback;
  const services = incident?.services ?? (service === undefined ? [] : [service]);
  const scope: Scope = { tenant, services };
  const { shape, from } = await readShape(rowsOf, { period, services });
  const first = incident ? incidentPanels(scope, incident.moved, incident.cause, incident.deploys) : [];
  const dimensions = dimensionPanels(scope, shape);
  const panels = chosenPanels([...first, ...overviewPanels(scope, shape)], [...kindPanels(scope, shape), ...dimensions.panels]);
  return {
    title: printable(titleOf(incident, service), 200),
    about: aboutOf(shape),
    panels,
    period,
    from,
    leftOut: dimensions.leftOut.slice(0, MOST_LEFT_OUT).map(({ name, reason }) => ({ name: printable(name, 120), reason: printable(reason, 200) })),
  };
} // prettier-ignore
