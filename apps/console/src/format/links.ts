type Params = Readonly<Record<string, string | undefined>>;

/** A path of the console with a query string; what is undefined or empty is left out. */
export function hrefOf(path: string, params: Params): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(given).toString();
  return query === '' ? path : `${path}?${query}`;
}

export const turnsHref = (params: Params): string => hrefOf('/turns', params);
export const turnHref = (id: string): string => `/turns/${encodeURIComponent(id)}`;
export const sessionHref = (id: string): string => `/sessions/${encodeURIComponent(id)}`;
