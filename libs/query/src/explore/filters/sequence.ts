import { FilterProblem, type FilterValue } from './parse-filters';

const MIN_STEPS = 2;
const MAX_STEPS = 4;
/** Operations of a turn start near it. */
const SLACK_MS = 86_400_000;
const FIX = 'give 2 to 4 names of tools or operations in their order, each with ! where it failed: sequence:find_order!,refund';

/**
 * SQL: the turn called these one after another, with anything between; `name!` is a call that failed. Names parameters `since` and `until` of the range, and
 * those that `bind` makes.
 */
export function sequenceCondition(values: readonly FilterValue[], bind: (type: string, value: string) => string): string {
  if (values.length < MIN_STEPS || values.length > MAX_STEPS) throw new FilterProblem(`has a sequence of ${values.length}`, FIX);
  const steps = values.map(({ form, text }) => {
    const failed = text.endsWith('!');
    const name = failed ? text.slice(0, -1) : text;
    if (form !== 'exact' || name === '') throw new FilterProblem('has a step of a sequence that is no name', FIX);
    const bound = bind('String', name);
    return `(tool_name = ${bound} OR name = ${bound})${failed ? " AND status = 'error'" : ''}`;
  });
  const moment = (name: string, slack: string): string => `fromUnixTimestamp64Milli({${name}:Int64} ${slack} ${SLACK_MS}, 'UTC')`;
  return `trace_id IN (SELECT trace_id FROM telltale.events_core WHERE tenant = {tenant:String} AND ts >= ${moment('since', '-')} AND ts < ${moment('until', '+')}
    AND trace_id != '' AND (${steps.map((step) => `(${step})`).join(' OR ')})
    GROUP BY trace_id HAVING sequenceMatch('${steps.map((_, i) => `(?${i + 1})`).join('.*')}')(toUInt64(toUnixTimestamp64Milli(ts)), ${steps.join(', ')}))`;
}
