import { directiveTarget } from '@telltale/contracts';
import { type z } from 'zod';

export type Target = z.infer<typeof directiveTarget>;

/** Fields of a target that are columns of stored events, as they are. */
const COLUMNS = ['service_name', 'deployment_environment', 'service_version', 'kind', 'name', 'tool_name', 'session_id'] as const;

export interface TargetScope {
  /** Condition over events_core; empty where all of the target is. */
  readonly condition: string;
  readonly params: Readonly<Record<string, string>>;
  /** Fields that no stored column has: what matches them is among what is counted, with more. */
  readonly wider: readonly string[];
}

/** Which stored events a target is about. Log lines inside of an operation are stored without its tool and model, so they are not among them. */
export function scopeOfTarget(target: Target): TargetScope {
  const given = COLUMNS.flatMap((column) => {
    const value = target[column];
    return value === undefined ? [] : [[column, value] as const];
  });
  const conditions = given.map(([column]) => `${column} = {target_${column}:String}`);
  if (target.model !== undefined) conditions.push('{target_model:String} IN (request_model, response_model)');
  return {
    condition: conditions.map((one) => ` AND ${one}`).join(''),
    params: {
      ...Object.fromEntries(given.map(([column, value]) => [`target_${column}`, value])),
      ...(target.model === undefined ? {} : { target_model: target.model }),
    },
    wider: (['logger', 'user', 'trace_hash'] as const).filter((field) => target[field] !== undefined),
  };
}

/** A target as a row of table directives has it; null where it is none. */
export function targetIn(json: unknown): Target | null {
  try {
    return directiveTarget.safeParse(JSON.parse(String(json))).data ?? null;
  } catch {
    return null;
  }
}
