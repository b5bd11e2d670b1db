import { createHash } from 'node:crypto';
import { badParameter } from '../define/api-error';
import { type Given } from '../define/params';

/** Where to go on in an answer that is no list: after so many of its lines. */

const MAX_LINES = 1_000_000;

const digestOf = (tool: string, given: Given): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('hex')
    .slice(0, 12);

export const encodeOffset = (tool: string, given: Given, lines: number): string => `${digestOf(tool, given)}.${lines}`;

/** ApiError where the cursor is not that of this question. */
export function decodeOffset(tool: string, given: Given, cursor: unknown): number {
  const [, digest, lines] = /^([0-9a-f]{12})\.(\d{1,7})$/.exec(typeof cursor === 'string' ? cursor : '') ?? [];
  if (digest !== digestOf(tool, given) || Number(lines) > MAX_LINES)
    throw badParameter(
      'cursor',
      'is not of this question',
      'give the cursor of the result before, with the same arguments, or leave it out',
    );
  return Number(lines);
}
