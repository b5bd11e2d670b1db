import { QUERYABLE_TABLES } from '@telltale/contracts';
import { READABLE_TABLES, TABLE_FIX } from './check-tree';
import { Refusal } from './verdict';

const TABLE = '(?:telltale\\.)?`?([A-Za-z_]\\w*)`?';
const FORMS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^DESCRIBE TABLE ${TABLE}$`), 'DESCRIBE TABLE telltale.'],
  [new RegExp(`^EXISTS (?:TABLE|VIEW) ${TABLE}$`), 'EXISTS TABLE telltale.'],
  [new RegExp(`^SHOW CREATE (?:TABLE|VIEW) ${TABLE}$`), 'SHOW CREATE TABLE telltale.'],
  [new RegExp(`^SHOW COLUMNS FROM ${TABLE}(?: FROM telltale)?$`), 'SHOW COLUMNS FROM telltale.'],
];
const SHOW_TABLES = /^SHOW TABLES(?: FROM telltale)?(?: (LIKE|ILIKE|NOT LIKE|NOT ILIKE) '([\w%]{0,100})')?$/;

/** The statement that answers a SHOW, DESCRIBE or EXISTS of a fixed shape; null for anything else. */
export function fixedForm(sql: string): string | null {
  const shown = SHOW_TABLES.exec(sql);
  if (shown) {
    const [, operator, pattern] = shown;
    const where = operator === undefined ? '' : ` WHERE name ${operator} '${pattern ?? ''}'`;
    return `SELECT arrayJoin([${[...QUERYABLE_TABLES].sort().map((name) => `'${name}'`).join(', ')}]) AS name${where} ORDER BY name`; // prettier-ignore
  }
  for (const [form, statement] of FORMS) {
    const name = form.exec(sql)?.[1];
    if (name === undefined) continue;
    if (!READABLE_TABLES.has(name)) throw new Refusal(`table ${name} cannot be read`, TABLE_FIX);
    return `${statement}${name}`;
  }
  return null;
}
