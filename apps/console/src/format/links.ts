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
