/** What a generated statement may try to reach. */
export interface Targets {
  /** A file with a canary in it. */
  readonly file: string;
  /** An address that counts who comes. */
  readonly url: string;
  /** A file that INTO OUTFILE would write. */
  readonly out: string;
  readonly otherTenant: string;
}

const OWN = ['events', 'telltale.events', 'events_core', 'turns', 'spend', 'incidents', 'operations_minute'];
const NOT_OURS = ['telltale.events_core_mv', 'events_core_mv', 'telltale.migrations', 'system.tables', 'system.processes', 'system.settings', 'information_schema.tables', 'default.x']; // prettier-ignore
const COLUMNS = ['id', 'tenant', 'input', 'kind', 'service_name', 'duration_ms', 'ts', 'number', 'x', 'e.id', '*'];
const PLAIN = ['count()', 'length(input)', 'upper(id)', 'any(input)', 'groupArray(input)', 'toString(tenant)', 'max(id)', 'uniq(input)', 'concat(id, input)', 'arrayMap(y -> y + 1, [1, 2])', 'quantile(0.5)(duration_ms)', 'sumIf(1, 1)', 'row_number() OVER (ORDER BY id)', 'toDate(1)', "CAST('1', 'UInt8')", '1::UInt8']; // prettier-ignore

/** A generator of numbers that are always the same ones. */
export function createRandom(seed: number) {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[below(list.length)] as T;
  return { below, pick, chance: (percent: number): boolean => below(100) < percent };
}

/** Statements that mix what people write with every known way around a guard. */
export function createHostileSql(seed: number, { file, url, out, otherTenant }: Targets): () => string {
  const { below, pick, chance } = createRandom(seed);
  const space = (): string => pick([' ', ' ', ' ', '\n', '\t', '/**/', ' /* x */ ', ' -- y\n', ' # z\n']);
  const hex = (text: string): string =>
    [...text].map((c) => (chance(40) ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c)).join('');

  /** A name in one of the ways to write it. */
  function spelled(name: string): string {
    const way = below(8);
    if (way === 0) return `\`${name}\``;
    if (way === 1) return `"${name}"`;
    if (way === 2) return `\`${hex(name)}\``;
    if (way === 3) return `"${hex(name)}"`;
    if (way === 4) return name.toUpperCase();
    return name;
  }
  const text = (value: string): string => pick([`'${value}'`, `'${hex(value)}'`, `$$${value}$$`, `concat('${value}', '')`]);
  const dotted = (name: string): string => (chance(70) ? name : name.split('.').map(spelled).join('.'));

  /** Every second statement keeps to what is allowed, so that many get past the guard and meet the engine's own filters. */
  let isTame = false;
  const reaching = (): string => (isTame ? pick(PLAIN) : wayOut());
  const wayOut = (): string =>
    pick([
      (): string => `${spelled('file')}(${text(file)})`,
      (): string => `${spelled('file')}(${text(file)}, 'CSV', 'c1 String')`,
      (): string => `${spelled('url')}(${text(url)})`,
      (): string => `${spelled('url')}(${text(url)}, 'CSV', 'c1 String')`,
      (): string => `${spelled('s3')}(${text(`${url}/bucket/key`)}, 'CSV', 'c1 String')`,
      (): string => `${spelled('remote')}('127.0.0.1', ${dotted('telltale.events')})`,
      (): string => `${spelled('merge')}('telltale', '.*')`,
      (): string => `${spelled('getSetting')}('additional_table_filters')`,
      (): string => `${spelled('executable')}('cat ${file}', 'CSV', 'c1 String')`,
      (): string => `${spelled('throwIf')}(1, assumeNotNull((SELECT any(input) FROM ${source(0)})))`,
      (): string => `${spelled('dictGet')}('${file}', 'x', 1)`,
      (): string => `${spelled('view')}(SELECT * FROM ${source(0)})`,
      (): string => `${spelled('hasColumnInTable')}('telltale', 'events', 'id')`,
    ])();

  function set(depth: number): string {
    if (isTame) return pick([dotted(pick(OWN)), `(SELECT input FROM ${source(depth - 1)})`, '(1, 2)', "('x')"]);
    return pick([
      (): string => `(${text(file)})`,
      (): string => `(\`${file}\`)`,
      (): string => `\`${hex(file)}\``,
      (): string => dotted(pick(NOT_OURS)),
      (): string => dotted(pick(OWN)),
      (): string => `(SELECT input FROM ${source(depth - 1)})`,
      (): string => `(1, 2, 'x')`,
      (): string => `tuple(${expression(depth - 1)})`,
      (): string => reaching(),
    ])();
  }

  function expression(depth: number): string {
    if (depth <= 0 || chance(30)) return chance(50) ? pick(COLUMNS) : pick(PLAIN);
    return pick([
      (): string => pick(PLAIN),
      (): string => reaching(),
      (): string => `(SELECT ${expression(depth - 1)} FROM ${source(depth - 1)} LIMIT 1)`,
      (): string => `${expression(depth - 1)} ${pick(['IN', 'NOT IN', 'GLOBAL IN', 'in'])} ${set(depth)}`,
      (): string =>
        `${spelled(pick(['in', 'notIn', 'globalIn', 'nullIn', 'globalNotIn']))}(${expression(depth - 1)}, ${set(depth)})`,
      (): string =>
        `${pick(['toUInt8', 'toDate', 'toUUID', 'toIPv4', 'JSONExtractInt', 'parseDateTimeBestEffort'])}(${expression(depth - 1)})`,
      (): string =>
        `CAST(${expression(depth - 1)}, ${text(pick(['UInt8', 'Date', 'AggregateFunction(uniq, String)', "Enum8('a' = 1)"]))})`,
      (): string => `arrayMap(y -> ${expression(depth - 1)}, [1])`,
      (): string => `CASE WHEN ${expression(depth - 1)} THEN 1 ELSE ${expression(depth - 1)} END`,
      (): string => `if(1, ${expression(depth - 1)}, ${expression(depth - 1)})`,
      (): string => `tenant = '${otherTenant}'`,
      (): string => `arrayReduce(${text(pick(['sum', 'any', 'aggThrow', 'groupArray']))}, [${expression(depth - 1)}])`,
      (): string => `EXISTS (SELECT 1 FROM ${source(depth - 1)})`,
      (): string => `1 = ANY (SELECT ${expression(depth - 1)} FROM ${source(depth - 1)})`,
    ])();
  }

  function source(depth: number): string {
    const at = below(100);
    if (depth <= 0 || at < 50 || (isTame && at < 72)) return dotted(pick(OWN));
    if (at < 58) return dotted(pick(NOT_OURS));
    if (at < 64) return pick([`'${file}'`, `\`${file}\``, `\`${hex(file)}\``, `"${file}"`, `default.\`${file}\``]);
    if (at < 72) return reaching();
    if (at < 76) return pick(['numbers(3)', "values('x UInt8', 1)", 'numbers(100000000000)', 'generateRandom()']);
    if (at < 88) return `(${select(depth - 1)}) AS ${pick(['e', 'q', '`limit`', 'array'])}`;
    return `${source(depth - 1)} AS e ${pick([', ', ' CROSS JOIN ', ' LEFT JOIN '])}${source(depth - 1)} AS f${chance(50) ? ' ON e.id = f.id' : ''}`;
  }

  const columns = (depth: number): string =>
    isTame && chance(40)
      ? pick(PLAIN)
      : pick([
          (): string => expression(depth),
          (): string => `${expression(depth)} AS x, ${expression(depth)}`,
          (): string =>
            `* ${pick(['APPLY(file)', 'APPLY(toString)', `APPLY(y -> ${spelled('file')}(y))`, 'EXCEPT (tenant)', `REPLACE (${expression(0)} AS id)`])}`,
          (): string => `COLUMNS('${pick(['id', '.*', 'in.*'])}')${chance(30) ? ' APPLY(file)' : ''}`,
          (): string => '*',
        ])();

  function select(depth: number): string {
    const parts = ['SELECT', columns(depth), 'FROM', source(depth)];
    if (chance(25)) parts.push(pick(['WHERE', 'PREWHERE', 'WHERE NOT']), expression(depth));
    if (chance(10)) parts.push('GROUP BY', expression(0));
    if (chance(8)) parts.push('HAVING', expression(depth - 1));
    if (chance(15)) parts.push('ORDER BY', pick(['1', 'id', expression(depth - 1)]));
    if (chance(15)) parts.push(`LIMIT ${1 + below(5)}${chance(30) ? ' BY id' : ''}`);
    const one = parts.join(space());
    if (chance(12))
      return `${one} ${pick(['UNION ALL', 'UNION DISTINCT', 'INTERSECT', 'EXCEPT', 'PARALLEL WITH'])} ${select(depth - 1)}`;
    if (chance(12)) {
      const name = pick(['a', 'events_core_mv', 'migrations', 'LICENSE', `\`${file}\``, 'spend']);
      return `WITH ${name} AS (${select(depth - 1)}) ${one.replace(/FROM/, `FROM ${name}, `)}`;
    }
    return one;
  }

  function statement(): string {
    const at = below(100);
    isTame = chance(50);
    if (at < 74) return select(1 + below(3));
    if (at < 80)
      return `EXPLAIN ${pick(['', 'SYNTAX ', 'PIPELINE ', 'ESTIMATE ', 'AST ', 'QUERY TREE ', 'indexes = 1 ', 'PLAN '])}${select(1)}`;
    if (at < 86)
      return pick([
        (): string => `SHOW TABLES FROM telltale WHERE ${expression(2)}`,
        (): string =>
          `SHOW ${pick(['TABLES', 'COLUMNS FROM events', 'DATABASES', 'FUNCTIONS', 'SETTINGS', 'INDEX FROM events'])} ${pick(['', `LIKE '%${below(9)}%'`, `WHERE ${expression(1)}`])}`,
        (): string => `SHOW CREATE TABLE ${dotted(pick([...OWN, ...NOT_OURS]))}`,
        () => pick(['SHOW PROCESSLIST', 'SHOW GRANTS', 'SHOW ACCESS', 'SHOW USERS']),
      ])();
    if (at < 92)
      return `${pick(['DESCRIBE', 'DESC TABLE', 'EXISTS'])} ${pick([(): string => source(2), (): string => `(${select(1)})`, (): string => reaching()])()}`;
    if (at < 96) return `${select(1)} ${pick([`INTO OUTFILE '${out}'`, `SETTINGS additional_table_filters = {}`, 'SETTINGS readonly = 0', 'FORMAT Native', '; SELECT 1'])}`; // prettier-ignore
    return pick([
      (): string => `INSERT INTO FUNCTION file('${out}', 'CSV', 'x String') SELECT 'x'`,
      (): string => `SELECT 1; ${select(1)}`,
      (): string => `SET additional_table_filters = {}`,
      (): string => `CREATE TABLE telltale.stolen ENGINE = Memory AS ${select(1)}`,
      (): string => `KILL QUERY WHERE 1`,
      (): string => `USE default`,
    ])();
  }
  return statement;
}
