import { API_KEY_SCOPES } from '@telltale/contracts';
import { z } from 'zod';
import { defineServedCommand, named } from '../define/definition';
import { text, wholeNumber } from '../define/params';
import { isoTime } from '../define/row-fields';

const MAX_PATH = 2_000;
const MAX_HOURS = 7 * 24;
const DAY_HOURS = 24;
const PATH_FIX = 'give the address of a page from its first slash on, such as /turns/t1?tab=tree';

/** A page of the console: nothing that leads to another host, and no question itself. */
const isPage = (path: string): boolean =>
  /^\/[\x21-\x7e]*$/.test(path) && !/^\/[/\\]/.test(path) && !/^\/(api|mcp)(\/|\?|$)/.test(path) && !path.includes('#');

/** Answered by whoever knows the key that asks, which signs the link. */
export const shareView = defineServedCommand({
  name: 'shareView',
  about:
    'Makes a link that shows a page of the console to whoever has it, read-only, until it expires or the API key that asks is deleted. It lets them read what this key may read, whichever page they go on to.',
  tag: 'settings',
  scope: 'read',
  path: '/api/share',
  params: {
    path: text('Page of the console, with what is chosen on it', MAX_PATH).refine(isPage, `is no page; ${PATH_FIX}`),
    hours: wholeNumber(1, MAX_HOURS, 'How long the link shows it').default(DAY_HOURS),
  },
  example: { path: '/turns/t1?tab=tree', hours: 24 },
  answer: named(
    'ShareViewAnswer',
    z.object({
      link: z.string().describe('Opens it, behind the address of this server. What follows # is sent to no server but by the page itself'),
      tenant: z.string(),
      scopes: z.array(z.enum(API_KEY_SCOPES)).describe('What whoever has it may do'),
      expires_at: isoTime,
    }),
  ),
}); // prettier-ignore
