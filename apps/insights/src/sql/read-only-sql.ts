import { READABLE } from '@telltale/contracts';
import { aliases, queryNames } from './query-names';
import { isSign, placesOf, wordOf } from './table-places';
import { type Token, tokensOf } from './tokens';

/** What people may read, by name or as `telltale.<name>`. */
export const READABLE_TABLES: ReadonlySet<string> = new Set(READABLE);
const READABLE_SYSTEM_TABLES: ReadonlySet<string> = new Set(['tables', 'columns', 'functions', 'one', 'numbers', 'time_zones']);
const READABLE_TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'numbers',
  'zeros',
  'generate_series',
  'generateseries',
  'values',
  'null',
]);
const FIRST_WORDS: ReadonlySet<string> = new Set(['select', 'with', 'show', 'describe', 'desc', 'explain', 'exists']);
const SHOWN: ReadonlySet<string> = new Set(['tables', 'columns', 'databases', 'create']);

/** Functions that reach outside the database, by any spelling; scalar `file()` and table functions in IN are met here. */
const REACHES_OUT =
  /^(file|url|s3|s3queue|gcs|oss|cosn|hdfs|azureblobstorage|remote|remotesecure|cluster|clusterallreplicas|mysql|postgresql|sqlite|mongodb|redis|odbc|jdbc|executable|executablepool|input|iceberg\w*|deltalake\w*|hudi\w*|paimon\w*|arrowflight|ytsaurus|timeseries\w*|prometheus\w*|merge|mergetreeindex|mergetreeprojection|mergetreetextindex|mergetreeanalyzeindexes\w*|dictionary|dictget\w*|dicthas|dictisin|loop|hascolumnintable|joinget\w*|sleep|sleepeachrow|catboostevaluate|url\w*cluster|\w+cluster|python|icebergs3|filesystem\w*|getserversetting|demangle|addressto\w+)$/i;
const CALLS_A_MODEL = /^ai[A-Z]/;
/** What may follow `AS format` or `AS settings`, where these are names. */
const AFTER_ALIAS: ReadonlySet<string> = new Set(['from', 'where', 'prewhere', 'group', 'order', 'having', 'limit', 'union']);

export type SqlVerdict =
  | {
      readonly ok: true;
      /** The statement with table names in full and without the closing semicolon. */ readonly sql: string;
      readonly reads: boolean;
    }
  | { readonly ok: false; readonly problem: string; readonly fix: string };

const refuse = (problem: string, fix: string): SqlVerdict => ({ ok: false, problem, fix });
const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'quoted';
const TABLE_FIX = `read from ${[...READABLE_TABLES].join(', ')}`;

function checkWords(tokens: readonly Token[]): SqlVerdict | null {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const next = tokens[i + 1];
    if (!isName(token)) continue;
    const word = wordOf(token);
    const isMember = isSign(tokens[i - 1], '.');
    if (isSign(next, '(') && (REACHES_OUT.test(token.text) || CALLS_A_MODEL.test(token.text)))
      return refuse(`the function ${token.text}() reaches outside the tables`, TABLE_FIX);
    if (isMember || word === '') continue;
    if (word === 'into') return refuse('INTO writes', 'leave it out and redirect the output of the command');
    if (word === 'parallel' && wordOf(next) === 'with')
      return refuse('there is more than one statement', 'send one statement at a time');
    const isAlias = wordOf(tokens[i - 1]) === 'as' && AFTER_ALIAS.has(wordOf(next));
    if (word === 'format' && isName(next) && !isAlias)
      return refuse('FORMAT is not for you to set', 'ask for JSON or NDJSON with the Accept header, or --json');
    if (word === 'settings' && isName(next) && !isAlias) return refuse('SETTINGS are not for you to set', 'leave the clause out');
  }
  return null;
}

type Place = { readonly ok: true; readonly qualifyAt?: number } | { readonly ok: false; readonly problem: string };

/** What stands at a place for a table: a subquery, a query of WITH, or one of the readable tables. */
function checkTable(tokens: readonly Token[], at: number, isQuery: (name: string) => boolean): Place {
  const first = tokens[at];
  if (isSign(first, '(')) {
    const next = tokens[at + 1];
    const isSubquery = ['select', 'with'].includes(wordOf(next)) || isSign(next, '(');
    return isSubquery ? { ok: true } : { ok: false, problem: 'a parenthesis after FROM, JOIN or a comma must hold a SELECT' };
  }
  if (!isName(first)) return { ok: false, problem: 'a table name is expected after FROM, JOIN or a comma' };
  const second = tokens[at + 2];
  if (isSign(tokens[at + 1], '.') && isName(second)) {
    if (isSign(tokens[at + 3], '.') || isSign(tokens[at + 3], '('))
      return { ok: false, problem: 'a table name has at most two parts' };
    const name = second.text;
    if (first.text === 'telltale' && READABLE_TABLES.has(name)) return { ok: true };
    if (first.text === 'system' && READABLE_SYSTEM_TABLES.has(name)) return { ok: true };
    return { ok: false, problem: `table ${first.text}.${name} cannot be read` };
  }
  if (isSign(tokens[at + 1], '('))
    return READABLE_TABLE_FUNCTIONS.has(first.text.toLowerCase())
      ? { ok: true }
      : { ok: false, problem: `the table function ${first.text}() cannot be read` };
  if (isQuery(first.text)) return { ok: true };
  if (READABLE_TABLES.has(first.text)) return { ok: true, qualifyAt: first.start };
  return { ok: false, problem: `table ${first.text} cannot be read` };
}

/** What stands after IN: values, a name given in the statement, or one of the readable tables. */
function checkSet(tokens: readonly Token[], at: number, isQuery: (name: string) => boolean): Place {
  return isName(tokens[at]) && !isSign(tokens[at + 1], '(') ? checkTable(tokens, at, isQuery) : { ok: true };
}

/** Where DESCRIBE, EXISTS and SHOW CREATE name their table, or a refusal. */
function firstWordPlaces(tokens: readonly Token[], first: string): SqlVerdict | number[] {
  const second = wordOf(tokens[1]);
  if (first === 'explain') {
    const start = tokens.findIndex((token, i) => i > 0 && (isSign(token, '(') || ['select', 'with'].includes(wordOf(token))));
    const between = tokens.slice(1, start < 0 ? tokens.length : start);
    if (
      start < 0 ||
      between.some((token) => ['alter', 'insert', 'create', 'drop', 'system', 'delete', 'update', 'from'].includes(wordOf(token)))
    )
      return refuse('EXPLAIN is for SELECT only', 'write EXPLAIN SELECT …');
    return [];
  }
  if (first === 'show') {
    if (!SHOWN.has(second))
      return refuse(
        `SHOW ${second.toUpperCase()} is not for you to see`,
        'use SHOW TABLES FROM telltale, or SHOW CREATE TABLE telltale.events',
      );
    if (second !== 'create') return [];
    return ['table', 'view'].includes(wordOf(tokens[2])) ? [3] : [2];
  }
  if (first === 'describe' || first === 'desc' || first === 'exists') return second === 'table' || second === 'view' ? [2] : [1];
  return [];
}

/**
 * Decides whether people may run this statement: one statement that reads, from Telltale's own tables, and reaches nowhere
 * else. ClickHouse can open files and addresses from a SELECT, by function and by quoted table name, so tables are taken
 * from a list and all else is refused.
 */
export function checkReadOnlySql(text: string): SqlVerdict {
  const read = tokensOf(text);
  if (!read.ok) return refuse(read.problem, 'close it and try again');
  const isClosed = isSign(read.tokens.at(-1), ';');
  const tokens = isClosed ? read.tokens.slice(0, -1) : read.tokens;
  if (tokens.some((token) => isSign(token, ';')))
    return refuse('there is more than one statement', 'send one statement at a time');
  const begin = tokens.findIndex((token) => !isSign(token, '('));
  const first = wordOf(tokens[begin]);
  if (!FIRST_WORDS.has(first))
    return refuse(
      first === '' ? 'the statement is empty' : `${first.toUpperCase()} does not only read`,
      'begin with SELECT or WITH',
    );
  const wrong = checkWords(tokens);
  if (wrong) return wrong;
  const statement = firstWordPlaces(tokens.slice(begin), first);
  if (!Array.isArray(statement)) return statement;
  const queries = queryNames(tokens);
  const named = aliases(tokens);
  const isQueryAt = (place: number) => (name: string) =>
    queries.some((query) => query.name === name && query.from < place && place < query.to);
  const places = first === 'show' ? { tables: [], sets: [] } : placesOf(tokens);
  const found = [
    ...[...statement.map((index) => begin + index), ...places.tables].map((place) => checkTable(tokens, place, isQueryAt(place))),
    ...places.sets.map((place) => checkSet(tokens, place, (name) => named.has(name) || isQueryAt(place)(name))),
  ];
  const inserts: number[] = [];
  for (const place of found) {
    if (!place.ok) return refuse(place.problem, TABLE_FIX);
    if (place.qualifyAt !== undefined) inserts.push(place.qualifyAt);
  }
  let sql = text.slice(0, tokens.at(-1)?.end ?? 0);
  for (const at of [...new Set(inserts)].sort((a, b) => b - a)) sql = `${sql.slice(0, at)}telltale.${sql.slice(at)}`;
  return { ok: true, sql, reads: first !== 'show' && first !== 'exists' };
}

export const isReadOnlySql = (sql: string): boolean => checkReadOnlySql(sql).ok;
