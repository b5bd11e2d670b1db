import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { text, wholeNumberIn } from '../define/params';
import { numberOf, textOf } from '../define/row-values';
import { type ExploredField, exploredField, type Source, SOURCES, whyNoField } from './explored-field';
import { exploredParams, exploredRows, fromRows, RANGE, sampleOfMatching } from './explored-rows';
import { scalarText } from './value-text';

/** More rows that match are sampled: counts beside a filter need two digits. */
const MOST_ROWS = 100_000;
const MAX_FIELDS = 12;
const DEFAULTS: Readonly<Record<Source, readonly string[]>> = {
  turns: ['outcome', 'status', 'intent', 'service_name', 'service_version', 'deployment_environment', 'region', 'language', 'models', 'tools'],
  events: ['kind', 'status', 'name', 'error_type', 'service_name', 'service_version', 'response_model', 'tool_name', 'severity'],
}; // prettier-ignore

function fieldsOf(source: Source, list: string | undefined): ExploredField[] {
  const names = list === undefined ? DEFAULTS[source] : [...new Set(list.split(',').map((name) => name.trim()).filter((name) => name !== ''))]; // prettier-ignore
  if (names.length === 0 || names.length > MAX_FIELDS) throw badParameter('fields', `names ${names.length} fields`, `give 1 to ${MAX_FIELDS} fields with commas between`); // prettier-ignore
  return names.map((name) => {
    const field = exploredField(source, name);
    if (!field) {
      const { problem, fix } = whyNoField(source, name);
      throw badParameter('fields', problem, fix);
    }
    if (field.form === 'time' || field.form === 'sequence' || field.measure) throw badParameter('fields', `has ${name}, which is no dimension`, 'give dimensions: GET /api/fields lists them'); // prettier-ignore
    return field;
  });
}

export const exploreFacets = defineQuery({
  name: 'exploreFacets',
  about: 'The most frequent values of some fields among the rows that filters let through; the filters of a field itself do not bind its own values.',
  tag: 'explore',
  scope: 'read',
  path: '/api/explore/facets',
  params: {
    ...exploredParams,
    fields: text('Dimensions, at most 12, with commas between; those that are filtered by most when left out').optional(),
    containing: text('Only values that hold this text, in any case', 200).optional(),
    values: wholeNumberIn(1, 50, 'Most values of a field').default(8),
  },
  example: { where: 'status:error', fields: 'intent,tools' },
  answer: named(
    'ExploreFacetsAnswer',
    z.object({
      of: z.enum(SOURCES),
      facets: z.array(
        z.object({
          field: z.string(),
          values: z.array(z.object({ value: z.string().describe('Empty where rows have none'), count: z.number() })),
          more: z.boolean().describe('There are more values'),
        }),
      ),
      sampled_one_in: z.int().describe('1: counts are exact; else one turn in so many was read, and counts are about right'),
    }),
  ),
  limits: { maxRows: MAX_FIELDS, maxRangeMs: RANGE.maxMs },
  run: async ({ fields: list, values: most, containing, ...given }, { clock, rowsOf }) => {
    const rows = exploredRows(given, clock.now());
    const fields = fieldsOf(rows.source, list);
    const ofFacets = rows.conditions.filter(({ field }) => fields.some(({ name }) => name === field.name));
    const rest = { ...rows, conditions: rows.conditions.filter((one) => !ofFacets.includes(one)) };
    const filtered = [...new Set(ofFacets.map(({ field }) => field.name))];
    const sampled = await sampleOfMatching(rest, MOST_ROWS, rowsOf);
    const { from, params } = fromRows(rest, [...fields, ...ofFacets.map(({ field }) => field)], sampled);
    const holdsOf = (name: string): string => ofFacets.filter(({ field }) => field.name === name).map(({ sql }) => sql).join(' AND ');
    const placeOf = (name: string): number => 1 + fields.findIndex((field) => field.name === name);
    const fails = filtered.map((name) => ({ sql: `NOT (${holdsOf(name)})`, place: placeOf(name) }));
    const sumOf = (terms: readonly string[]): string => (terms.length === 0 ? '0' : terms.join(' + '));
    // A row that fails by the filters of one field alone still counts for the values of that field.
    const failures = sumOf(fails.map(({ sql }) => `(${sql})`));
    const failedPlace = sumOf(fails.map(({ sql, place }) => `if(${sql}, ${place}, 0)`));
    const ones = fields.flatMap((field, i) => (field.form === 'list' ? [] : [`(${i + 1}, ${scalarText(field, i)})`]));
    const lists = fields.flatMap((field, i) => (field.form === 'list' ? [`arrayMap(v -> (${i + 1}, toString(v)), ${field.expression})`] : []));
    const tags = `arrayConcat(${[...(ones.length === 0 ? [] : [`[${ones.join(', ')}]`]), ...lists].join(', ')})`;
    const keys = Object.fromEntries(fields.flatMap(({ key }, i) => (key === undefined ? [] : [[`key${i}`, key]])));
    const found = await rowsOf({
      sql: `SELECT tag.1 AS place, tag.2 AS value, sum(sampling_weight) AS n, count() OVER (PARTITION BY place) AS n_values
        FROM (SELECT sampling_weight, arrayJoin(arrayFilter(t -> (${failures}) = 0 OR t.1 = (${failedPlace}), ${tags})) AS tag FROM ${from} AND (${failures}) <= 1)
        ${containing === undefined ? '' : 'WHERE positionCaseInsensitiveUTF8(value, {containing:String}) > 0'}
        GROUP BY place, value ORDER BY place, n DESC, value LIMIT {most:UInt32} BY place`,
      params: { ...params, ...Object.assign({}, ...ofFacets.map((one) => one.params)), ...keys, most, ...(containing === undefined ? {} : { containing }) },
    });
    return {
      of: rows.source,
      facets: fields.map(({ name }, i) => {
        const own = found.filter((row) => numberOf(row, 'place') === i + 1);
        return {
          field: name,
          values: own.map((row) => ({ value: textOf(row, 'value'), count: Math.round(numberOf(row, 'n') * sampled * 100) / 100 })),
          more: numberOf(own[0], 'n_values') > own.length,
        };
      }),
      sampled_one_in: sampled,
    };
  },
}); // prettier-ignore
