import { isEngineError } from './error-class';
import { messageOf, PermanentError, TelltaleError, TransientError } from '@telltale/kernel';

interface Failure {
  readonly code: number;
  /** The engine's name of the code, e.g. UNKNOWN_TABLE. */
  readonly name: string;
  readonly message: string;
}

/** Checked by shape: the server's client has code and type, the in-process engine has both in its message. */
function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Error)) return null;
  const { message } = error;
  const code = isEngineError(error) ? error.code : /^Code: (\d+)\./.exec(message)?.[1];
  if (code === undefined) return null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : /\(([A-Z][A-Z_0-9]+)\)\s*$/.exec(message)?.[1];
  return { code: Number(code), name: type !== undefined && /^[A-Z_0-9]+$/.test(type) ? type : 'UNNAMED', message };
}

/** Our message and fix for each code of the engine. The engine's own message may contain rows, paths and settings, and is never shown. */
const TEXTS: ReadonlyMap<number, string> = new Map([
  [6, 'a text cannot be read as the type that is asked for: use the …OrNull form of the function, such as toUInt64OrNull'],
  [10, 'a column is missing: DESCRIBE TABLE <name> lists the columns'],
  [16, 'there is no such column: DESCRIBE TABLE <name> lists the columns'],
  [20, 'both sides of IN, UNION or JOIN need the same number of columns'],
  [36, 'a function has an argument it does not take'],
  [38, 'a text cannot be read as a date: write YYYY-MM-DD'],
  [41, 'a text cannot be read as a time: use parseDateTimeBestEffortOrNull'],
  [42, 'a function has too few or too many arguments'],
  [43, 'an argument has a type that its function does not take: convert it, for example with toString or toFloat64'],
  [44, 'an argument must be a constant or of another type'],
  [46, 'there is no such function'],
  [47, 'there is no such column: DESCRIBE TABLE <name> lists the columns'],
  [48, 'the engine cannot do this'],
  [53, 'types do not fit: convert one side, for example with toString or toUInt64'],
  [60, 'there is no such table: SHOW TABLES lists them'],
  [62, 'the statement has a syntax error'],
  [69, 'an argument is out of range'],
  [70, 'a value cannot be converted to the type that is asked for'],
  [81, 'a name before a dot is neither a table nor its alias here'],
  [125, 'a subquery used as one value has more than one row: add LIMIT 1 or an aggregate'],
  [128, 'an array becomes too large'],
  [131, 'a text becomes too large'],
  [141, 'this table has no SAMPLE: leave it out'],
  [153, 'a division by zero: use intDivOrNull or nullIf'],
  [158, 'it would read too much: narrow the time range'],
  [159, 'it took longer than it may: narrow the time range, or aggregate less'],
  [160, 'it took longer than it may: narrow the time range, or aggregate less'],
  [164, 'only reading is possible here'],
  [167, 'the statement is nested too deep'],
  [168, 'the statement is too large'],
  [179, 'one name stands for two expressions: rename one of them'],
  [181, 'this table has no FINAL: leave it out'],
  [184, 'an aggregate function is inside another one: use a subquery'],
  [191, 'the set to the right of IN is too large'],
  [207, 'a column name is in more than one table: write table.column'],
  [215, 'a column is neither aggregated nor in GROUP BY: add it there, or use any(column)'],
  [241, 'it needs more memory than a query may take: narrow the time range, select fewer columns, or aggregate'],
  [258, 'the parts of a UNION need the same columns'],
  [306, 'the statement is nested too deep'],
  [386, 'values have no common type: convert them, for example with toString'],
  [395, 'the statement raised an error of its own'],
  [396, 'the answer is too large: add LIMIT, select fewer columns, or aggregate'],
  [407, 'a decimal number is out of range'],
  [427, 'a regular expression cannot be read: the syntax is that of RE2'],
  [452, 'a limit of the server forbids it'],
  [456, 'parameters such as {name:Type} are not filled in here: write the value'],
  [497, 'only Telltale’s own tables can be read'],
]); // prettier-ignore

/** The server is busy or unavailable; the statement may be correct. */
const MAY_HEAL: ReadonlySet<number> = new Set([201, 202, 209, 210, 242, 243, 279, 319, 394, 999]);
const NAMES_SOMETHING: ReadonlySet<number> = new Set([16, 46, 47, 60, 207, 215]);
const NAME = /[`'"]([A-Za-z_][\w.]{0,80})[`'"]/;
const EXCERPT = 20;

/** The name that the engine complains about, if the person wrote it. */
function nameIn({ code, message }: Failure, asked: string): string {
  const name = NAMES_SOMETHING.has(code) ? NAME.exec(message)?.[1] : undefined;
  return name !== undefined && asked.includes(name) ? ` (${name})` : '';
}

/** The position of a syntax error in the person's own text. The engine counts bytes. */
function placeIn({ code, message }: Failure, asked: string): string {
  const position = code === 62 ? Number(/failed at position (\d+)/.exec(message)?.[1]) : NaN;
  if (!Number.isFinite(position)) return '';
  const bytes = Buffer.from(asked);
  const before = bytes.subarray(0, position - 1).toString();
  const line = before.split('\n');
  const near =
    bytes
      .subarray(position - 1)
      .toString()
      .slice(0, EXCERPT)
      .split('\n')[0] ?? '';
  return ` in line ${line.length}, column ${(line.at(-1) ?? '').length + 1}${near === '' ? ', at the end' : `, near: ${near}`}`;
}

/** Converts a failed query to an error for the person who asked: code and our own text, never data. */
export function classifyQuery(error: unknown, asked: string): TelltaleError {
  if (error instanceof TelltaleError) return error;
  const failure = failureOf(error);
  if (!failure) return new TransientError('unavailable', 'the tables are unavailable', { cause: new Error(messageOf(error)) });
  const { code, name } = failure;
  if (MAY_HEAL.has(code))
    return new TransientError('unavailable', `the query was stopped (code ${code} ${name})`, { cause: error });
  const text = TEXTS.get(code) ?? 'the engine rejects it';
  return new PermanentError(
    'invalid',
    `the query failed: ${text}${nameIn(failure, asked)}${placeIn(failure, asked)} (code ${code} ${name})`,
    { cause: error },
  );
}
