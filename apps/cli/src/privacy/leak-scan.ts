import { findLeaks, type Mode, type PrivacyPolicy } from '@telltale/domain-privacy';

/** A stored value and where it lies. */
export interface StoredValue {
  readonly table: string;
  readonly column: string;
  /** Id of its row. */
  readonly row: string;
  readonly value: string;
}

export interface Leak {
  readonly table: string;
  readonly column: string;
  /** What it looks to be: `EMAIL`, `CARD`. Never what stands there. */
  readonly type: string;
  readonly values: number;
  /** Ids of the first rows it lies in. */
  readonly rows: readonly string[];
}

export interface LeakScan {
  look(value: StoredValue): void;
  /** What was found, most first. */
  leaks(): Leak[];
}

const MAX_ROWS = 5;
/** Columns of what people and models said; in others a name is that of a thing. */
const PROSE = new Set(['input', 'output', 'input_preview', 'output_preview', 'tool_arguments', 'tool_result', 'body', 'error_message', 'decision_chosen', 'decision_reason', 'score_label']); // prettier-ignore
/** Columns of ids: digits in them are no phones and no cards. */
const IDENTIFIER =
  /(?:^|_)(?:ids?|hash|simhash|version|fingerprints?|by)$|^(?:id|tenant|release|encrypted|pseudonym|subject|merged_into)$/;

const modeOf = (column: string): Mode => (PROSE.has(column) ? 'prose' : IDENTIFIER.test(column) ? 'identifier' : 'content');

/** Looks through stored values for what should have been masked, and tells where it lies. Memory grows with tables × columns × types. `policy`: of the tenant whose they are. */
export function createLeakScan({ kept }: Pick<PrivacyPolicy, 'kept'>): LeakScan {
  const found = new Map<string, { leak: Leak; values: number; rows: string[] }>();
  return {
    look({ table, column, row, value }) {
      for (const type of findLeaks(value, modeOf(column), column, kept)) {
        const name = JSON.stringify([table, column, type]);
        const known = found.get(name) ?? { leak: { table, column, type, values: 0, rows: [] }, values: 0, rows: [] };
        found.set(name, known);
        known.values++;
        if (known.rows.length < MAX_ROWS && known.rows.at(-1) !== row) known.rows.push(row);
      }
    },
    leaks: () =>
      [...found.values()].map(({ leak, values, rows }) => ({ ...leak, values, rows })).sort((a, b) => b.values - a.values),
  };
}
