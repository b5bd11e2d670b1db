import { DIMENSIONS } from '../fields/dimensions';
import { type Measure, MEASURES } from '../fields/measures';

/** What is explored: turns, or events (operations and log lines). */
export const SOURCES = ['turns', 'events'] as const;
export type Source = (typeof SOURCES)[number];

/** A field of the catalogue, or a list or map of turns or events, as a statement reads it. */
export interface ExploredField {
  readonly name: string;
  readonly form: 'text' | 'boolean' | 'number' | 'list' | 'time' | 'sequence';
  /** SQL; names `{key:String}` where it is the value of a map. */
  readonly expression: string;
  /** Key of the map. */
  readonly key?: string;
  /** Can be NULL. */
  readonly nullable: boolean;
  readonly cardinality: 'few' | 'many';
  /** Only the table with content has it. */
  readonly wide: boolean;
  readonly measure?: Measure;
}

/** Lists of turns, whose values events have one by one. */
const LISTS: Readonly<Record<string, 'few' | 'many'>> = {
  models: 'few', tools: 'few', agents: 'few', providers: 'few', prompt_versions: 'few', error_fingerprints: 'many', log_template_ids: 'many',
}; // prettier-ignore
/** Maps of names that producers and tenants make up: `flag.NAME`, `dimension.NAME`. */
const MAPS: Readonly<Record<string, { readonly column: string; readonly sources: readonly Source[] }>> = {
  flag: { column: 'feature_flags', sources: SOURCES },
  dimension: { column: 'dimensions', sources: ['turns'] },
};
/** Turns have a column of each of these; of events it may be NULL. */
const NEVER_NULL = new Set(['retries', 'repeated_call_count', 'unpriced_calls', 'sampling_weight', 'redactions']);

/** Calls of a turn in their order: to filter by only. */
const SEQUENCE: ExploredField = { name: 'sequence', form: 'sequence', expression: 'trace_id', nullable: false, cardinality: 'many', wide: false }; // prettier-ignore

const tableOf = (source: Source, wide: boolean) => (source === 'turns' ? 'turns' : wide ? 'events' : 'events_core');
const has = ({ tables }: { readonly tables: readonly string[] }, source: Source): boolean => tables.includes(tableOf(source, true)); // prettier-ignore

export const LIST_FIELDS = Object.keys(LISTS);
export const MAP_FIELDS = MAPS;

function listField(name: string): ExploredField | null {
  const cardinality = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
  return cardinality === undefined ? null : { name, form: 'list', expression: name, nullable: false, cardinality, wide: false };
}

function mapField(source: Source, name: string): ExploredField | null {
  const dot = name.indexOf('.');
  const prefix = name.slice(0, dot);
  const map = dot > 0 && Object.hasOwn(MAPS, prefix) ? MAPS[prefix] : undefined;
  if (!map?.sources.includes(source)) return null;
  return { name, form: 'text', expression: `${map.column}[{key:String}]`, key: name.slice(dot + 1), nullable: false, cardinality: 'few', wide: false }; // prettier-ignore
}

/** The field of this name that rows of the source have; null where they have none. */
export function exploredField(source: Source, name: string): ExploredField | null {
  const isWide = (one: { readonly tables: readonly string[] }): boolean => !one.tables.includes(tableOf(source, false));
  const dimension = DIMENSIONS.find((one) => one.name === name && has(one, source));
  if (dimension) {
    const { type, cardinality } = dimension;
    return { name, form: type, expression: name, nullable: type === 'number', cardinality, wide: isWide(dimension) };
  }
  const measure = MEASURES.find((one) => one.name === name && name !== 'rows' && has(one, source));
  if (measure) {
    const nullable = !NEVER_NULL.has(name) && !(source === 'turns' && name === 'duration_ms');
    return { name, form: 'number', expression: name, nullable, cardinality: 'many', wide: isWide(measure), measure };
  }
  if (name === SEQUENCE.name) return SEQUENCE;
  return (source === 'turns' ? listField(name) : null) ?? mapField(source, name);
}

/** Why a name is no field of the source, and what to do. */
export function whyNoField(source: Source, name: string): { readonly problem: string; readonly fix: string } {
  const other = source === 'turns' ? 'events' : 'turns';
  const shown = name.slice(0, 60);
  if (exploredField(other, name)) return { problem: `has ${shown}, a field of ${other} and not of ${source}`, fix: `explore ${other}, or leave it out` };
  return { problem: `has ${shown}, which is no field`, fix: 'GET /api/fields lists them; flag.NAME, dimension.NAME and sequence are fields, too' };
} // prettier-ignore
