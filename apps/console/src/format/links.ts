type Params = Readonly<Record<string, string | undefined>>;

/** A path of the console with a query string; what is undefined or empty is left out. */
export function hrefOf(path: string, params: Params): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(given).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The page of one thing. */
const oneOf =
  (page: string) =>
  (id: string, params: Params = {}): string =>
    hrefOf(`/${page}/${encodeURIComponent(id)}`, params);

export const turnsHref = (params: Params): string => hrefOf('/turns', params);
/** `op`: an operation of it. */
export const turnHref: (id: string, params?: { readonly op?: string | undefined }) => string = oneOf('turns');
/** `turn`: one of it. */
export const sessionHref: (id: string, params?: { readonly turn?: string | undefined }) => string = oneOf('sessions');
export const incidentHref: (id: string) => string = oneOf('incidents');
export const seriesHref: (id: string) => string = oneOf('detection');
export const dashboardHref: (name: string) => string = oneOf('dashboards');

const DAY = 86_400_000;
/** Sessions before and after a deploy, beside services that were not deployed. `at`: ISO 8601, `now`: ms since the epoch. */
export function effectHref({ service, at }: { readonly service: string; readonly at: string }, now: number): string {
  const moment = Date.parse(at);
  const age = now - moment;
  const around = { since: new Date(moment - 7 * DAY).toISOString(), until: new Date(moment + 7 * DAY).toISOString() };
  const times = age < 4 * DAY ? {} : age < 20 * DAY ? { since: '30d' } : around;
  return hrefOf('/flows', { tab: 'compare', mode: 'change', by: 'service', b: service, after: at, ...times });
}
