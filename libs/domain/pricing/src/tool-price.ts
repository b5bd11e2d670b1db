import { isRecord, parseJson } from '@telltale/kernel';

/** What a tenant says that calls of a tool cost. */
export interface ToolPrice {
  /** Name of the tool. */
  readonly name: string;
  readonly per_call_nano_usd?: number | undefined;
  readonly per_unit_nano_usd?: number | undefined;
  /** Where the number of units is: `arguments` or `result`, then keys and indices. */
  readonly unit_path?: string | undefined;
}

/** What a call of a tool was given and gave, as it came. */
export interface ToolContent {
  readonly arguments: unknown;
  readonly result: unknown;
}

const MAX_TEXT = 250_000;
const MAX_DEPTH = 64;

/** Texts may be JSON, also within JSON, as in what a tool of MCP returns. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > MAX_TEXT) return value;
  try {
    return parseJson(value, MAX_DEPTH);
  } catch {
    return value;
  }
}

function childOf(value: unknown, key: string): unknown {
  if (!isRecord(value) && !Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

/** The number of units at a path such as `result.pages`; null where there is no finite number that is at least 0. */
export function unitsAt(path: string, content: ToolContent): number | null {
  const found = path.split('.').reduce<unknown>((value, key) => parsed(childOf(value, key)), content);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
}

/** What one call costs in nano-dollars, rounded once; null where units are priced but unknown, or the cost is beyond what can be counted. */
export function toolCost(
  { per_call_nano_usd: perCall = 0, per_unit_nano_usd: perUnit }: ToolPrice,
  units: number | null,
): number | null {
  if (perUnit === undefined) return perCall;
  if (units === null) return null;
  const cost = Math.round(perCall + perUnit * units);
  return Number.isSafeInteger(cost) ? cost : null;
}

/** What events say of where their cost comes from. */
export const toolPriceVersion = ({ name }: ToolPrice): string => `tool_price/${name}`;
