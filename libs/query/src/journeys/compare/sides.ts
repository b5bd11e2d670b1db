import { z } from 'zod';
import { type RowsOf } from '../../define/definition';
import { badParameter } from '../../define/api-error';
import { numberOf, textOf } from '../../define/row-values';
import { SINCE_FIRST_MINUTE, type Where } from '../../define/where';

/** What sessions are compared by. */
export interface ComparedBy {
  readonly by: string;
  /** List of the values of a session: those of a flag or a dimension with the name before them. */
  readonly list: string;
  /** `<name>=` of a flag or a dimension. */
  readonly prefix: string;
}

const LISTS: Readonly<Record<string, string>> = {
  version: 'versions', prompt: 'prompt_versions', model: 'models', region: 'regions', language: 'languages', intent: 'intents', service: '[service_name]', environment: '[deployment_environment]',
}; // prettier-ignore
const MAPS = { flag: 'feature_flags', dimension: 'dimensions' } as const;
export const COMPARED_BY = ['flag:NAME', 'dimension:NAME', ...Object.keys(LISTS)];
const FIX = `give one of ${COMPARED_BY.join(', ')}`;

function comparedBy(by: string): ComparedBy | null {
  if (Object.hasOwn(LISTS, by)) return { by, list: LISTS[by] ?? '', prefix: '' };
  const [, map, name] = /^(flag|dimension):(.{1,100})$/s.exec(by) ?? [];
  return map === undefined || name === undefined ? null : { by, list: MAPS[map as keyof typeof MAPS], prefix: `${name}=` };
}

export const byParam = z
  .string({ error: `is missing; ${FIX}` })
  .max(120, `is nothing to compare by; ${FIX}`)
  .transform((by, context): ComparedBy => {
    const known = comparedBy(by);
    if (known) return known;
    context.addIssue({ code: 'custom', message: `is nothing to compare by; ${FIX}` });
    return z.NEVER;
  })
  .describe('What tells the sides apart');

/** A value that sessions have, and how many. */
export interface ComparedValue {
  readonly value: string;
  readonly sessions: number;
  readonly first_seen: string;
}

const MAX_VALUES = 50;
const sessionsIn = ({ where }: Where): string => `FROM telltale.sessions ${SINCE_FIRST_MINUTE} WHERE ${where}`;

/** The values that sessions have, the most frequent first. */
export async function valuesOf({ list, prefix }: ComparedBy, chosen: Where, rowsOf: RowsOf): Promise<ComparedValue[]> {
  const rows = await rowsOf({
    sql: `SELECT value, sum(sampling_weight) AS n_sessions, toString(min(started_at)) AS first_seen
      FROM (SELECT ${list} AS list, sampling_weight, started_at ${sessionsIn(chosen)}) ARRAY JOIN list AS value
      WHERE startsWith(value, {prefix:String}) AND value != {prefix:String} GROUP BY value ORDER BY n_sessions DESC, value LIMIT ${MAX_VALUES}`,
    params: { ...chosen.params, prefix },
  });
  return rows.map((row) => ({
    value: textOf(row, 'value').slice(prefix.length),
    sessions: numberOf(row, 'n_sessions'),
    first_seen: new Date(`${textOf(row, 'first_seen').replace(' ', 'T')}Z`).toISOString(),
  }));
}

/** Versions of a prompt take each other's place, prompts do not. */
const familyOf = ({ by }: ComparedBy, value: string): string => (by === 'prompt' ? (value.split('@')[0] ?? '') : '');

/** The two values that are compared: those that are given, else the most frequent; `a` is the one that was there first. Null where there are not two. */
export function pairOf(
  by: ComparedBy,
  values: readonly ComparedValue[],
  { a, b }: { readonly a?: string | undefined; readonly b?: string | undefined },
): { readonly a: string; readonly b: string } | null {
  if (a !== undefined && b !== undefined) {
    if (a === b) throw badParameter('b', 'is the same as a', 'give two values that differ');
    return { a, b };
  }
  const given = a ?? b;
  const first = given ?? values[0]?.value;
  if (first === undefined) return null;
  const other = values.find(({ value }) => value !== first && familyOf(by, value) === familyOf(by, first));
  if (!other) return null;
  if (a !== undefined) return { a, b: other.value };
  if (b !== undefined) return { a: other.value, b };
  return (values[0]?.first_seen ?? '') <= other.first_seen ? { a: first, b: other.value } : { a: other.value, b: first };
}

/** 1: with a alone, 2: with b alone, 3: with both, 0: with neither. Names parameters `side_a`, `side_b`. */
export const sideOf = ({ list }: ComparedBy): string =>
  `toUInt8(has(${list}, {side_a:String}) + 2 * has(${list}, {side_b:String}))`;
export const sideParams = ({ prefix }: ComparedBy, { a, b }: { readonly a: string; readonly b: string }) => ({
  side_a: prefix + a,
  side_b: prefix + b,
});

/** Users are what is independent; sessions of nobody known are each their own. In groups, so that memory is bounded: groups of whole users are independent, too. */
const CLUSTERS = 16_384;
export const USER = "if(user_id != '', user_id, session_id)";
export const CLUSTER = `cityHash64(${USER}) % ${CLUSTERS}`;
