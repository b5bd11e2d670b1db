import { isDeeperThan } from '@telltale/kernel';

const MAX_DEPTH = 64;
const BEGINS = /^\s*["[{]/;

/** The value of a text that is a JSON object, list or text; anything else as it is. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string' || !BEGINS.test(value) || isDeeperThan(value, MAX_DEPTH)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
