import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named, type RowsOf } from '../define/definition';
import { withIsoTimes } from '../define/iso-times';
import { type Period } from '../define/params';
import { count } from '../define/row-fields';
import { numberOf, type Row } from '../define/row-values';
import { columnsOf, filterBy, within } from '../define/where';
import { anomaly, SERVICE_OF_SERIES } from '../detection/findings';
import { deploy, incident, NEWEST } from '../detection/incidents';

const MAX_DEPLOYS = 20;
const MAX_ANOMALIES = 10;
const MAX_INCIDENTS = 8;
/** Closed incidents are news for so long; open ones are however old they are, within the bound of what is looked through. */
const NEWS_MS = 7 * DAY_MS;
const LOOKED_THROUGH_MS = 400 * DAY_MS;

export const changed = named(
  'NowChanges',
  z.object({
    deploys: z.array(deploy).describe(`In this time, the newest first, at most ${MAX_DEPLOYS}`),
    deploys_total: count,
    anomalies: z.array(anomaly).describe(`That began in this time, the furthest first, at most ${MAX_ANOMALIES}`),
    anomalies_total: count,
  }),
);

/** Of all rows, before the limit. */
const TOTAL = 'count() OVER () AS total';
const shown = (rows: readonly Row[]): Row[] =>
  rows.map((row) => withIsoTimes(Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'total'))));

interface Asked {
  readonly rowsOf: RowsOf;
  readonly service: string | undefined;
}

export async function readChanges({ rowsOf, service }: Asked, period: Period) {
  const deploys = within(filterBy({ service_name: service }), 'at', period);
  const anomalies = within(filterBy({ [SERVICE_OF_SERIES]: service }), 'started_at', period);
  const someDeploys = await rowsOf({
    sql: `SELECT *, ${TOTAL} FROM (SELECT ${columnsOf(deploy)} FROM telltale.deploys WHERE ${deploys.where} LIMIT 1 BY id) ORDER BY at DESC, id LIMIT ${MAX_DEPLOYS}`,
    params: deploys.params,
  });
  const someAnomalies = await rowsOf({
    sql: `SELECT *, ${TOTAL} FROM (SELECT ${columnsOf(anomaly)} FROM telltale.anomalies WHERE ${anomalies.where} ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id)
      ORDER BY abs(score) DESC, id LIMIT ${MAX_ANOMALIES}`,
    params: anomalies.params,
  });
  return {
    deploys: shown(someDeploys),
    deploys_total: numberOf(someDeploys[0], 'total'),
    anomalies: shown(someAnomalies),
    anomalies_total: numberOf(someAnomalies[0], 'total'),
  };
}

export const incidentsShape = {
  incidents: z
    .array(incident)
    .describe(
      `The open ones, then those of the last seven days, the newest first, at most ${MAX_INCIDENTS}; what turned out to be part of another is not there`,
    ),
  open_incidents: count,
};

export async function readIncidents({ rowsOf, service }: Asked, now: number) {
  const { where, params } = within(filterBy({}), 'opened_at', {
    since: Math.max(0, now - LOOKED_THROUGH_MS),
    until: now + DAY_MS,
  });
  const known = `(SELECT * FROM telltale.incidents WHERE ${where} ${NEWEST} LIMIT 1 BY id)`;
  const isShown = `merged_into = '' AND ({service:String} = '' OR service_name = {service:String} OR has(services, {service:String}))`;
  const given = { ...params, service: service ?? '', news: Math.max(0, now - NEWS_MS) };
  const rows = await rowsOf({
    sql: `SELECT *, countIf(state = 'open') OVER () AS total FROM (SELECT ${columnsOf(incident)} FROM ${known} WHERE ${isShown} AND (state = 'open' OR opened_at >= fromUnixTimestamp64Milli({news:Int64}, 'UTC')))
      ORDER BY state = 'open' DESC, opened_at DESC, id LIMIT ${MAX_INCIDENTS}`,
    params: given,
  });
  return { incidents: shown(rows), open_incidents: numberOf(rows[0], 'total') };
}
