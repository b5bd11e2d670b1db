const MAX_LENGTH = 60;

/** The name of the setting of a view: one of what its title has of letters and digits, and the same for the same title. */
export function nameOf(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, MAX_LENGTH); // prettier-ignore
  let hash = 0;
  for (const letter of title) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return `explore-${plain === '' ? '' : `${plain}-`}${hash.toString(36)}`;
}
