import { type Io } from '../terminal/io';

const SECRET_NAME = /(?:KEYS?|PASSWORD|SECRET|TOKEN)$/;
const SHORTEST = 6;

/** Secrets that this process knows: those of its environment, those in addresses, and those given. */
export function knownSecrets(env: Io['env'], more: readonly string[]): string[] {
  const named = Object.entries(env).flatMap(([name, value]) => (value && SECRET_NAME.test(name) ? value.split(',') : []));
  const inAddresses = Object.values(env).flatMap((value) =>
    [...(value ?? '').matchAll(/\/\/([^/@\s]+)@/g)].flatMap(([, login = '']) => login.split(':').slice(1)),
  );
  const all = [...named, ...inAddresses, ...more].map((secret) => secret.trim());
  // The longest first: one may be a part of another. As they are, and as an address has them.
  return [...new Set(all.flatMap((secret) => [secret, decoded(secret), encodeURIComponent(secret)]))]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text without these secrets, API keys of ours, logins in addresses, digests and bearer tokens. */
export function scrub(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '(secret)');
  return clean
    .replace(/\/\/[^/@\s"]+@/g, '//***@')
    .replace(/\btt_[A-Za-z0-9_-]{8,}/g, '(api key)')
    .replace(/\bBearer\s+[^\s",]+/gi, 'Bearer (secret)')
    .replace(/\b[0-9a-f]{64}\b/gi, '(digest)');
}

/** The same of every text in a value, names of fields included. */
export function scrubbed(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return scrub(value, secrets);
  if (Array.isArray(value)) return value.map((one) => scrubbed(one, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [scrub(name, secrets), scrubbed(one, secrets)]));
}
