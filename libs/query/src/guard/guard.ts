import { type QueryOptions, type RowStore } from '@telltale/streaming';
import { isPermanent } from '@telltale/kernel';
import { checkNode, type TreeContext } from './check-tree';
import { fixedForm } from './fixed-forms';
import { checkNames } from './names';
import { syntaxTreeOf } from './syntax-tree';
import { Refusal, type SqlVerdict } from './verdict';

/** Texts above this are refused before the engine sees them. */
export const MAX_SQL_BYTES = 64 * 1024;
/** What the engine makes of a short text may be longer: BETWEEN and CASE are written out. */
const MAX_CANONICAL_BYTES = 4 * MAX_SQL_BYTES - 1_024;
const PARSE_SECONDS = 5;

const STATEMENTS = 'write SELECT, WITH … SELECT, SHOW TABLES, DESCRIBE <table>, or EXPLAIN SELECT';
const EXPLAIN = /^EXPLAIN (SYNTAX )?(?=SELECT |WITH |\()/;
/** Without the parts and granules of the tables, which are those of all tenants. */
const PLAN = 'EXPLAIN actions = 0, indexes = 0 ';
const SELECT = /^(?:SELECT |WITH |\()/;

/**
 * Decides whether people may run a statement. The engine itself parses it: first into its own canonical form, in which names are
 * decoded and comments gone, and then into its syntax tree; the canonical form is what runs. Statements, nodes of the tree, tables
 * and functions must be on lists, for ClickHouse opens files and addresses from a plain SELECT in more ways than can be forbidden.
 */
export function createGuard(rows: Pick<RowStore, 'query'>) {
  async function canonical(text: string, options: QueryOptions): Promise<string> {
    const [row] = await rows.query<{ sql: string }>('SELECT formatQuerySingleLine({text:String}) AS sql', { text }, options);
    const sql = row?.sql ?? '';
    if (Buffer.byteLength(sql) > MAX_CANONICAL_BYTES)
      throw new Refusal('the statement is too large', 'ask in several statements');
    return sql;
  }

  async function checkSelect(sql: string, context: TreeContext, options: QueryOptions): Promise<void> {
    const lines = await rows.query<{ explain: string }>(`EXPLAIN AST ${sql}`, undefined, options);
    const tree = syntaxTreeOf(lines.map(({ explain }) => explain));
    if (tree.kind !== 'SelectWithUnionQuery' && tree.kind !== 'SelectIntersectExceptQuery')
      throw new Refusal('the statement does not only read', STATEMENTS);
    checkNode(tree, context);
    const names = [...context.mustNotExist];
    if (names.length === 0) return;
    const taken = await rows.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = 'telltale' AND name IN {names:Array(String)}",
      { names },
      { ...options, asked: '' },
    );
    const [first] = taken;
    if (first) throw new Refusal(`${first.name} is the name of an internal table`, 'choose another name');
  }

  async function decide(text: string, signal: AbortSignal | undefined): Promise<SqlVerdict> {
    const options: QueryOptions = {
      comment: 'telltale.insights parse',
      limitSeconds: PARSE_SECONDS,
      asked: text,
      ...(signal ? { signal } : {}),
    };
    if (text.trim() === '') throw new Refusal('the statement is empty', STATEMENTS);
    if (Buffer.byteLength(text) > MAX_SQL_BYTES)
      throw new Refusal(`the statement is longer than ${MAX_SQL_BYTES} bytes`, 'shorten it');
    const sql = await canonical(text, options);
    const defined = checkNames(sql);
    const fixed = fixedForm(sql);
    if (fixed !== null) return { ok: true, sql: fixed, isSelect: false };
    const described = /^DESCRIBE TABLE \((.*)\)$/s.exec(sql)?.[1];
    const select = described ?? sql.replace(EXPLAIN, '');
    if (!SELECT.test(select)) throw new Refusal(`${/^\w*/.exec(sql)?.[0] ?? ''} in this form cannot be run`, STATEMENTS);
    await checkSelect(select, { defined, mustNotExist: new Set() }, options);
    const explained = EXPLAIN.exec(sql);
    return { ok: true, sql: explained && explained[1] === undefined ? `${PLAN}${select}` : sql, isSelect: select === sql };
  }

  return async (text: string, signal?: AbortSignal): Promise<SqlVerdict> => {
    try {
      return await decide(text, signal);
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, problem: error.problem, fix: error.fix };
      if (isPermanent(error)) return { ok: false, problem: error.message, fix: 'correct the statement' };
      throw error;
    }
  };
}
