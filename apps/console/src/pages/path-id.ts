/** The id after `prefix` in the address of the page, as it was before it was escaped: it may hold any characters. */
export function idInPath(prefix: string, path = location.pathname): string {
  const [escaped = ''] = path.slice(prefix.length).split('/');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
