import { z } from 'zod';

/** What spend is grouped by: a column of spend, or something finer that only turns have. */
export interface Grouping {
  readonly by: string;
  /** Expression over `spend_corrected`; absent where spend is read from turns. */
  readonly inSpend?: string;
  /** Expression over `turns` for the value a turn counts under; a turn that used several models counts under each. */
  readonly inTurns: string;
  /** Bound as `{name:String}`. */
  readonly name: string;
}

const BY_SPEND: Readonly<Record<string, readonly [inSpend: string, inTurns: string]>> = {
  hour: ["toString(hour, 'UTC')", "toString(toStartOfHour(toDateTime(ts, 'UTC')), 'UTC')"],
  day: ["toString(toDate(hour, 'UTC'))", "toString(toDate(ts, 'UTC'))"],
  service: ['service_name', 'service_name'],
  environment: ['deployment_environment', 'deployment_environment'],
  version: ['service_version', 'service_version'],
  provider: ['provider', "arrayJoin(if(empty(providers), [''], providers))"],
  model: ['model', "arrayJoin(if(empty(models), [''], models))"],
  prompt: ['prompt_version', "arrayJoin(if(empty(prompt_versions), [''], prompt_versions))"],
  tool: ['tool_name', "arrayJoin(if(empty(tools), [''], tools))"],
  kind: ['kind', 'arrayJoin(mapKeys(calls))'],
};
const BY_TURN: Readonly<Record<string, string>> = {
  user: 'user_id',
  session: 'session_id',
  intent: 'intent',
  outcome: 'outcome',
  language: 'language',
  region: 'region',
  release: 'release',
  agent: "arrayJoin(if(empty(agents), [''], agents))",
};
/** Maps of names that producers and tenants make up. */
const BY_NAME = { flag: 'feature_flags', dimension: 'dimensions' } as const;
const NAMED = /^(flag|dimension):(.{1,100})$/s;

export const GROUPINGS = [...Object.keys(BY_SPEND), ...Object.keys(BY_TURN), 'flag:NAME', 'dimension:NAME'];

export function groupingOf(by: string): Grouping | null {
  const spend = Object.hasOwn(BY_SPEND, by) ? BY_SPEND[by] : undefined;
  if (spend) return { by, inSpend: spend[0], inTurns: spend[1], name: '' };
  const turn = Object.hasOwn(BY_TURN, by) ? BY_TURN[by] : undefined;
  if (turn !== undefined) return { by, inTurns: turn, name: '' };
  const [, map, name] = NAMED.exec(by) ?? [];
  if (map === undefined || name === undefined) return null;
  return { by, inTurns: `${BY_NAME[map as keyof typeof BY_NAME]}[{name:String}]`, name };
}

export const groupingParam = z
  .string({ error: `is not a text; give one of ${GROUPINGS.join(', ')}` })
  .max(120, `is no dimension; give one of ${GROUPINGS.join(', ')}`)
  .transform((by, context): Grouping => {
    const grouping = groupingOf(by);
    if (grouping) return grouping;
    context.addIssue({ code: 'custom', message: `is no dimension; give one of ${GROUPINGS.join(', ')}` });
    return z.NEVER;
  })
  .describe('What the spend is summed by');
