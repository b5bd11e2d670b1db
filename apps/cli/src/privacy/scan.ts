import { findSpans, type Mode } from '@telltale/domain-privacy';

/** A stored value and where it lies. */
export interface StoredValue {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

export interface Leak {
  readonly table: string;
  readonly column: string;
  /** What it looks to be: `EMAIL`, `CARD`. */
  readonly type: string;
  readonly values: number;
  /** Where the first ones lie: number of the row among those read, and characters from and to. Never what stands there. */
  readonly places: readonly { readonly row: number; readonly start: number; readonly end: number }[];
}

export interface LeakReport {
  readonly rows: number;
  readonly leaks: readonly Leak[];
}

const MAX_PLACES = 5;
/** Columns of what people and models said; in others a name is that of a thing. */
const PROSE = new Set(['input', 'output', 'tool_arguments', 'tool_result', 'body', 'error_message', 'decision_why', 'input_preview', 'output_preview']); // prettier-ignore
/** Columns of ids: digits in them are no phones and no cards. */
const IDENTIFIER = /(?:^|_)ids?$|^(?:id|tenant|fingerprint|version|release|service_version)$/;

const modeOf = (column: string): Mode => (PROSE.has(column) ? 'prose' : IDENTIFIER.test(column) ? 'identifier' : 'content');

/**
 * Looks through stored values for what should have been masked and tells where it lies, not what it is: the report may be shown. Memory
 * grows with tables × columns × types, not with rows.
 */
export function scanForLeaks(values: Iterable<StoredValue>): LeakReport {
  const leaks = new Map<string, { leak: Leak; values: number; places: Leak['places'][number][] }>();
  let rows = 0;
  for (const { table, column, value } of values) {
    for (const { start, end, placeholder } of findSpans(value, modeOf(column))) {
      const type = placeholder.slice(1, -1);
      const name = JSON.stringify([table, column, type]);
      let known = leaks.get(name);
      if (!known) leaks.set(name, (known = { leak: { table, column, type, values: 0, places: [] }, values: 0, places: [] }));
      known.values++;
      if (known.places.length < MAX_PLACES) known.places.push({ row: rows, start, end });
    }
    rows++;
  }
  const found = [...leaks.values()].map(({ leak, values: count, places }) => ({ ...leak, values: count, places }));
  return { rows, leaks: found.sort((a, b) => b.values - a.values) };
}
