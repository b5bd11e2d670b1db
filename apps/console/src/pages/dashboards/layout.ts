/** The ids that are shown, in order: those of the address that there are; all where it names none. */
export function shownIds(all: readonly string[], named: string): readonly string[] {
  if (named === '') return all;
  const wanted = named.split(',').filter((id, nth, list) => all.includes(id) && list.indexOf(id) === nth);
  return wanted.length > 0 ? wanted : all;
}

/** One of them earlier or later; at an end it stays. */
export function moved(ids: readonly string[], id: string, by: -1 | 1): readonly string[] {
  const at = ids.indexOf(id);
  const to = at + by;
  const other = ids[to];
  if (at < 0 || other === undefined) return ids;
  return ids.map((one, nth) => (nth === at ? other : nth === to ? id : one));
}

/** How the address names them; nothing where all are there in their own order. */
export const layoutOf = (all: readonly string[], ids: readonly string[]): string =>
  ids.length === all.length && ids.every((id, nth) => id === all[nth]) ? '' : ids.join(',');

const MAX_LENGTH = 60;
/** A name for a setting: what the title has of letters and digits. */
export function nameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, MAX_LENGTH); // prettier-ignore
  return plain === '' ? 'dashboard' : plain;
}
