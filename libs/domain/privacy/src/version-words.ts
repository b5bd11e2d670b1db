import { isLetter } from './characters';
import { codeAt } from './reading';

/** What comes before the number of a version, also before the second one: `from version 1.2.3.4 to`. */
export const SAYS_VERSION =
  /(?:\b(?:versions?|releases?|ver|rev|revision|build|firmware|driver|patch|upgrade[ds]?|downgrade[ds]?|package|library|module|tag)\b(?:[ \t]?(?:is|was|to|from|:|=|#|["'(]))*[ \t]*v?|(?:==|>=|<=|~=|!=|\^|~|@)[ \t]?v?)(?:\d+(?:\.\d+){1,3}(?:[ \t]?(?:to|and|or|through|,|-|–|->|→)[ \t]?)v?)?$/i;
export const VERSION_REACH = 44;
/** The last letters and signs before such a number. */
const MAY_END = new Set([...' \t"\'(=>~^@-:#,v'].map((sign) => sign.charCodeAt(0)));

/** Whether the four numbers at `at` are those of a version, which looks like an address of the network: `release 10.2.3.4`, `tool==10.2.3.4`, `tool-10.2.3.4.jar`. */
export function isVersion(text: string, at: number): boolean {
  const before = codeAt(at - 1);
  if (before === 45 && isLetter(codeAt(at - 2)))
    return !text
      .slice(Math.max(0, at - 4), at)
      .toLowerCase()
      .endsWith('ip-');
  return MAY_END.has(before) && SAYS_VERSION.test(text.slice(Math.max(0, at - VERSION_REACH), at));
}
