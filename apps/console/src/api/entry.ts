/** What a link lets in with. */
export type Entry = { readonly link: string } | { readonly share: string };

const LINK = /^#(link|share)=([\w.-]+)$/;

/** The link in the part of an address that no server sees. */
export function entryIn(hash: string): Entry | null {
  const [, kind, ticket = ''] = LINK.exec(hash) ?? [];
  if (kind === undefined) return null;
  return kind === 'link' ? { link: ticket } : { share: ticket };
}

/** Whether a path is one of this console, and leads nowhere else. */
export const isOwnPage = (path: string, origin: string): boolean =>
  path.startsWith('/') && URL.canParse(path, origin) && new URL(path, origin).origin === origin;
