import { EVENT_KINDS, eventRecord } from '@telltale/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIMENSIONS } from './dimensions';
import { LEFT_OUT } from './left-out';
import { MEASURES } from './measures';

const COLUMNS = Object.keys(eventRecord.shape);
/** Measures that are no column. */
const COMPUTED = ['events'];
const names = [...DIMENSIONS, ...MEASURES].map(({ name }) => name);

describe('the field catalogue', () => {
  it('has every column of an event once, or says why it is left out', () => {
    const known = [...names.filter((name) => !COMPUTED.includes(name)), ...Object.keys(LEFT_OUT)];
    expect(known.sort()).toEqual([...COLUMNS].sort());
    expect(Object.values(LEFT_OUT).filter((reason) => reason.length < 8)).toEqual([]);
  });

  it('takes numbers as measures and nothing else', () => {
    const isNumber = (name: string): boolean => (eventRecord.shape as Record<string, { safeParse(value: unknown): { success: boolean } }>)[name]?.safeParse(1).success ?? false; // prettier-ignore
    expect(MEASURES.filter(({ name }) => !COMPUTED.includes(name) && !isNumber(name))).toEqual([]);
    expect(DIMENSIONS.filter(({ name }) => isNumber(name))).toEqual([]);
  });

  it('names kinds and values that there are', () => {
    const kinds = MEASURES.flatMap((measure) => measure.kinds ?? []);
    expect(kinds.filter((kind) => !EVENT_KINDS.some((known) => known === kind))).toEqual([]);
    expect(DIMENSIONS.filter(({ values, type }) => values !== undefined && (type !== 'text' || values.length === 0))).toEqual([]);
  });

  it('says of each field whether events_core has it', () => {
    const page = readFileSync(join(__dirname, '../../../../docs/TABLES.md'), 'utf8');
    const core = /^## events_core\n(.*?)\n## /ms.exec(page)?.[1] ?? '';
    const columns = [...core.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(columns.length).toBeGreaterThan(30);
    const said = [...DIMENSIONS, ...MEASURES].filter(({ name }) => !COMPUTED.includes(name));
    expect(said.filter(({ name, in_core }) => in_core !== columns.includes(name)).map(({ name }) => name)).toEqual([]);
  });
});
