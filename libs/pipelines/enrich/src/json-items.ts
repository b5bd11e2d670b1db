import { type DlqReason } from '@telltale/streaming';
import { isDeeperThan, jsonErrorPosition } from '@telltale/kernel';

export const MAX_DEPTH = 64;

export interface JsonProblem {
  readonly reason: DlqReason;
  readonly error: string;
}
type Parsed = { readonly value: unknown } | { readonly problem: JsonProblem };

function parse(text: string): Parsed {
  if (isDeeperThan(text, MAX_DEPTH))
    return {
      problem: {
        reason: 'too_deep',
        error: `JSON nests deeper than ${MAX_DEPTH} levels: flatten it, or send the inner part as text`,
      },
    };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return {
      problem: { reason: 'undecodable', error: `not JSON: it breaks at position ${jsonErrorPosition(text)} of ${text.length}` },
    };
  }
}

export interface JsonItems {
  readonly values: unknown[];
  /** Lines that cannot be read. */
  readonly bad: { readonly text: string; readonly problem: JsonProblem }[];
}

function parseLines(text: string): JsonItems {
  const values: unknown[] = [];
  const bad: JsonItems['bad'] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parse(line);
    if ('problem' in parsed) bad.push({ text: line, problem: parsed.problem });
    else if (Array.isArray(parsed.value)) values.push(...(parsed.value as unknown[]));
    else values.push(parsed.value);
  }
  return { values, bad };
}

/** The items of a body of UTF-8 text: a JSON array, one object, or one object a line. */
export function readJsonItems(body: Buffer): JsonItems | JsonProblem {
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const newline = text.indexOf('\n');
  const isOneDocument = newline < 0 || text.trimStart().startsWith('[') || text.slice(newline).trim() === '';
  if (!isOneDocument && !('problem' in parse(text.slice(0, newline)))) return parseLines(text);
  const whole = parse(text);
  if (!('problem' in whole)) return { values: Array.isArray(whole.value) ? (whole.value as unknown[]) : [whole.value], bad: [] };
  if (isOneDocument) return whole.problem;
  const lines = parseLines(text);
  return lines.values.length > 0 ? lines : whole.problem;
}
