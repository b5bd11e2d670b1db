import { QUERYABLE_TABLES } from '@telltale/contracts';
import { isAggregateAllowed, isFunctionAllowed } from './functions';
import { type SyntaxNode } from './syntax-tree';
import { Refusal } from './verdict';

const DATABASE = 'telltale.';
export const READABLE_TABLES: ReadonlySet<string> = new Set(QUERYABLE_TABLES);
export const TABLE_FIX = `read from ${QUERYABLE_TABLES.join(', ')}`;
const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** Kinds of nodes that a SELECT may be made of; what they hold is looked at in turn. */
const PLAIN_KINDS: ReadonlySet<string> = new Set([
  'ExpressionList', 'SelectQuery', 'SelectIntersectExceptQuery', 'Subquery', 'WithElement', 'TablesInSelectQuery',
  'TablesInSelectQueryElement', 'TableJoin', 'ArrayJoin', 'Asterisk', 'QualifiedAsterisk', 'ColumnsTransformerList',
  'ColumnsExceptTransformer', 'ColumnsReplaceTransformer', 'ColumnsReplaceTransformer::Replacement', 'ColumnsRegexpMatcher',
  'ColumnsListMatcher', 'QualifiedColumnsRegexpMatcher', 'QualifiedColumnsListMatcher', 'OrderByElement', 'WindowListElement',
  'WindowDefinition', 'SampleRatio', 'InterpolateElement', 'Literal', 'Identifier',
]); // prettier-ignore

const KIND_PROBLEMS: Readonly<Record<string, readonly [string, string]>> = {
  Set: ['SETTINGS cannot be set', 'leave the clause out'],
  ColumnsApplyTransformer: ['APPLY cannot be used', 'call the function on each column'],
  QueryParameter: ['parameters such as {name:Type} are not filled in here', 'write the value'],
  ParallelWithQuery: ['there is more than one statement', 'send one statement at a time'],
};

const IN_FUNCTIONS: ReadonlySet<string> = new Set([
  'in', 'notin', 'globalin', 'globalnotin', 'nullin', 'notnullin', 'globalnullin', 'globalnotnullin',
]); // prettier-ignore
/** Functions whose second argument names a type. A state of an aggregate function read from a text could be anything. */
const TAKES_TYPE: ReadonlySet<string> = new Set([
  'cast',
  'accuratecast',
  'accuratecastornull',
  'accuratecastordefault',
  'reinterpret',
]);
/** Functions whose first argument names an aggregate function. */
const TAKES_AGGREGATE: ReadonlySet<string> = new Set(['arrayreduce', 'arrayreduceinranges', 'initializeaggregation']);
/** Functions that look for one text in another: the time is the product of both lengths, and the engine cannot stop inside a block. */
const SEARCHES =
  /^(not)?i?like$|^(position|countSubstrings)(CaseInsensitive)?(UTF8)?$|^locate$|^instr$|^replace(All|One)?$|^splitByString$|^substringIndex(UTF8)?$|^substring_index$|^multiSearch/i;
const MAX_SEARCHED_CHARACTERS = 256;
/** Functions that compare every element of one array with every element of another. */
const COMPARES_ARRAYS: ReadonlySet<string> = new Set(['hasany', 'hasall', 'hassubstr']);
const MAX_COMPARED = 100;
const MAX_NUMBERS = 10_000_000;

export interface TreeContext {
  /** Names that WITH may define in this statement. */
  readonly defined: ReadonlySet<string>;
  /** Filled in: names that are none of the readable tables, and so must be no table at all. */
  readonly mustNotExist: Set<string>;
}

const textOf = (node: SyntaxNode | undefined): string | null =>
  node?.kind === 'Literal' ? (/^'(.*)'$/s.exec(node.name)?.[1] ?? null) : null;
const argumentsOf = (node: SyntaxNode): readonly SyntaxNode[] => node.children[0]?.children ?? [];

/** A name where a table is read: one of ours, or one that WITH defines. */
function checkTable(name: string, { defined, mustNotExist }: TreeContext): void {
  const own = name.startsWith(DATABASE) ? name.slice(DATABASE.length) : name;
  if (READABLE_TABLES.has(own)) return;
  if (name !== own || !PLAIN_NAME.test(name) || !defined.has(name))
    throw new Refusal(`table ${name.slice(0, 80)} cannot be read`, TABLE_FIX);
  mustNotExist.add(name);
}

/** A name to the right of IN: a table of ours, or a column, an alias or a query of WITH, which no table may share its name with. */
function checkSet(name: string, { mustNotExist }: TreeContext): void {
  const own = name.startsWith(DATABASE) ? name.slice(DATABASE.length) : name;
  if (READABLE_TABLES.has(own)) return;
  if (name !== own || !PLAIN_NAME.test(name))
    throw new Refusal(`${name.slice(0, 80)} cannot be to the right of IN`, 'use a table, a subquery, or has(column, value)');
  mustNotExist.add(name);
}

function checkNumbers(node: SyntaxNode): void {
  const values = argumentsOf(node).map(({ kind, name }) => (kind === 'Literal' ? /^UInt64_(\d+)$/.exec(name)?.[1] : undefined));
  const count = values.length > 1 ? values[1] : values[0];
  if (values.includes(undefined) || count === undefined || values.length > 3 || Number(count) > MAX_NUMBERS)
    throw new Refusal(
      'numbers() has an argument that it cannot have here',
      `give whole numbers, at most ${MAX_NUMBERS} rows: numbers(24)`,
    );
}

const isShortText = ({ kind, name }: SyntaxNode): boolean => kind === 'Literal' && name.length <= MAX_SEARCHED_CHARACTERS + 2;
const isShortArray = ({ kind, name, children }: SyntaxNode): boolean =>
  kind === 'Literal'
    ? name.split(',').length <= MAX_COMPARED
    : kind === 'Function' && name === 'array' && (children[0]?.children.length ?? 0) <= MAX_COMPARED;

/** What takes time in the product of two sizes gets one of them small. */
function checkCost(name: string, given: readonly SyntaxNode[]): void {
  const sides = given.slice(0, 2);
  if (SEARCHES.test(name) && !sides.some(isShortText))
    throw new Refusal(
      `${name}() looks for a text that is not a constant of at most ${MAX_SEARCHED_CHARACTERS} characters`,
      "write the text out, for example input LIKE '%refund%', or use match()",
    );
  if (COMPARES_ARRAYS.has(name.toLowerCase()) && !sides.some(isShortArray))
    throw new Refusal(
      `${name}() compares two long arrays`,
      `write one of them out with at most ${MAX_COMPARED} elements, or use arrayIntersect()`,
    );
}

function checkType(text: string | null, of: string): void {
  if (text === null || /AggregateFunction/i.test(text))
    throw new Refusal(`${of}() needs a plain type as a constant`, "write it out, for example CAST(x, 'UInt64')");
}

/** Something that rows are read from: a table, a subquery, or one of two functions that make rows of nothing. */
function checkSource(node: SyntaxNode, context: TreeContext): void {
  const [source] = node.children;
  if (source?.kind !== 'Function') return node.children.forEach((child) => checkNode(child, context));
  const name = source.name.toLowerCase();
  if (name === 'numbers') checkNumbers(source);
  else if (name === 'values') checkType(textOf(argumentsOf(source)[0]), 'values');
  else throw new Refusal(`the table function ${source.name.slice(0, 80)}() cannot be read`, TABLE_FIX);
  for (const child of [...source.children, ...node.children.slice(1)]) checkNode(child, context);
}

function checkFunction(node: SyntaxNode, context: TreeContext): void {
  const { name } = node;
  if (!isFunctionAllowed(name))
    throw new Refusal(
      `the function ${name.slice(0, 80)}() cannot be used`,
      'use functions that compute from their arguments only',
    );
  const lower = name.toLowerCase();
  const given = argumentsOf(node);
  if (TAKES_TYPE.has(lower)) checkType(textOf(given[1]), name);
  if (TAKES_AGGREGATE.has(lower) && !isAggregateAllowed(/^\w+/.exec(textOf(given[0]) ?? '')?.[0] ?? ''))
    throw new Refusal(`${name}() needs the name of an aggregate function as a constant`, `write ${name}('sum', …)`);
  checkCost(name, given);
  const set = IN_FUNCTIONS.has(lower) ? given[1] : undefined;
  if (IN_FUNCTIONS.has(lower) && given.length !== 2) throw new Refusal('IN needs two sides', 'write x IN (1, 2)');
  if (set?.kind === 'Identifier') checkSet(set.name, context);
  for (const child of node.children) checkNode(child, context);
}

/** Checks a node and all below it against the lists of kinds, functions and tables. */
export function checkNode(node: SyntaxNode, context: TreeContext): void {
  const { kind, name, children } = node;
  if (kind === 'Function') return checkFunction(node, context);
  if (kind === 'TableExpression') return checkSource(node, context);
  if (kind === 'TableIdentifier') return checkTable(name, context);
  if (kind === 'SelectWithUnionQuery') {
    if (children.length !== 1 || children[0]?.kind !== 'ExpressionList')
      throw new Refusal(
        'INTO OUTFILE, FORMAT and SETTINGS cannot be used',
        'leave the clause out; ask for NDJSON with the Accept header, or --json',
      );
  } else if (!PLAIN_KINDS.has(kind)) {
    const [problem, fix] = KIND_PROBLEMS[kind] ?? [`${kind} cannot be used`, 'write the statement in another way'];
    throw new Refusal(problem, fix);
  }
  for (const child of children) checkNode(child, context);
}
