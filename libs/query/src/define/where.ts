import { type Period } from './params';

/** Conditions of WHERE with the parameters they name. */
export interface Where {
  readonly where: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const TENANT = 'tenant = {tenant:String}';

/** Rows of the tenant with `column = value` for every value that is given; columns are ours, values are people's. */
export function filterBy(values: Readonly<Record<string, string | undefined>>): Where {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    where: [TENANT, ...given.map(([column], i) => `${column} = {f${i}:String}`)].join(' AND '),
    params: Object.fromEntries(given.map(([, value], i) => [`f${i}`, value])),
  };
}

const momentOf = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;

export const within = ({ where, params }: Where, column: string, { since, until }: Period): Where => ({
  where: `${where} AND ${column} >= ${momentOf('since')} AND ${column} < ${momentOf('until')}`,
  params: { ...params, since, until },
});

/** Behind a statement whose rows have a column `state` that the table has not. */
export const inState = (state: string | undefined): Where =>
  state === undefined ? { where: '', params: {} } : { where: 'WHERE state = {state:String}', params: { state } };

/** The columns of a row, to be read. */
export const columnsOf = ({ shape }: { readonly shape: object }, prefix = ''): string =>
  Object.keys(shape).map((name) => `${prefix}${name}`).join(', '); // prettier-ignore

/**
 * The tables are sorted by `first_minute`, which no revision changes: the start itself may move back from it, never forward. So it may be looked at before
 * revisions are merged (PREWHERE), and of each part only this column is read where all is older.
 */
export const SINCE_FIRST_MINUTE =
  "FINAL PREWHERE tenant = {tenant:String} AND first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({since:Int64}, 'UTC'))";
