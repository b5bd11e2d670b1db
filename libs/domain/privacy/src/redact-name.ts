import { isHex } from './characters';
import { redactPlain, type RedactionCounts } from './redact-plain';
import { type Mode } from './scan-text';

const MAX_REMEMBERED = 20_000;
const MAX_NAME = 128;

/** Masks names, and caches those without anything to mask. */
function createRedactName(mode: Mode): (name: string, tally: RedactionCounts) => string {
  const clean = new Set<string>();
  return (given, tally) => {
    const name = tally.subjects && mode !== 'identifier' ? tally.subjects.replaceIn(given) : given;
    if (clean.has(name)) return name;
    const masked = redactPlain(name, tally, mode);
    if (masked !== name || name.length > MAX_NAME) return masked;
    if (clean.size >= MAX_REMEMBERED) clean.clear();
    clean.add(name);
    return name;
  };
}

/** Masks a low-cardinality name, such as that of a service or an attribute. */
export const redactName = createRedactName('identifier');
/** Masks the key of a JSON object. */
export const redactKey = createRedactName('content');

function isHexId(id: string): boolean {
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (!isHex(c) && c !== 45) return false;
  }
  return true;
}

/** Masks an id: if it contains anything to mask, the whole id becomes a pseudonym, so that rows can still be joined. */
export function redactIdentifier(id: string, tally: RedactionCounts, pseudonymOf: (id: string) => string): string {
  if (isHexId(id)) return id;
  const masked = redactPlain(id, tally, 'identifier');
  return masked === id ? id : `id_${pseudonymOf(id)}`;
}
