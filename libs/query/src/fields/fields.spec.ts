import { EVENT_KINDS, eventRecord, turnRow } from '@telltale/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DIMENSIONS } from './dimensions';
import { LEFT_OUT } from './left-out';
import { MEASURES } from './measures';
import { FIELD_TABLES } from './tables';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = { ...turnRow.shape, ...eventRecord.shape };
/** Measures that are no column. */
const COMPUTED = ['rows'];
const fields = [...DIMENSIONS, ...MEASURES].filter(({ name }) => !COMPUTED.includes(name));

/** Columns that the generated page of tables names. */
function columnsOf(table: string): string[] {
  const page = readFileSync(join(__dirname, '../../../../docs/TABLES.md'), 'utf8');
  const [, section = ''] = new RegExp(`^## ${table}\\n(.*?)^## `, 'ms').exec(page) ?? [];
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
}

describe('the field catalogue', () => {
  it('has every column of events and turns once, or says why it is left out', () => {
    const known = [...fields.map(({ name }) => name), ...Object.keys(LEFT_OUT)];
    expect(known.sort()).toEqual(Object.keys(SCHEMAS).sort());
    expect(Object.values(LEFT_OUT).filter((reason) => reason.length < 8)).toEqual([]);
  });

  it.each(FIELD_TABLES)('says of each field whether %s has it', (table) => {
    const columns = columnsOf(table);
    expect(columns.length).toBeGreaterThan(30);
    expect(fields.filter(({ name, tables }) => tables.includes(table) !== columns.includes(name)).map(({ name }) => name)).toEqual([]); // prettier-ignore
  });

  it('takes numbers as measures, and as dimensions only where they are said to be numbers', () => {
    const isNumber = (name: string): boolean => z.safeParse(SCHEMAS[name] ?? z.never(), 1).success;
    expect(MEASURES.filter(({ name }) => !COMPUTED.includes(name) && !isNumber(name))).toEqual([]);
    expect(DIMENSIONS.filter(({ name, type }) => isNumber(name) !== (type === 'number'))).toEqual([]);
  });

  it('names kinds and values that there are', () => {
    const kinds = MEASURES.flatMap((measure) => measure.kinds ?? []);
    expect(kinds.filter((kind) => !EVENT_KINDS.some((known) => known === kind))).toEqual([]);
    expect(DIMENSIONS.filter(({ values, type }) => values !== undefined && (type !== 'text' || values.length === 0))).toEqual([]);
  });
});
