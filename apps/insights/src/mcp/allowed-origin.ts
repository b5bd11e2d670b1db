const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a request may come from this web page. A page whose name has been made to point at this machine still sends its own origin, so
 * the address of the request says nothing; programs send none.
 */
export function isAllowedOrigin(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && LOOPBACK.has(new URL(origin).hostname);
}
