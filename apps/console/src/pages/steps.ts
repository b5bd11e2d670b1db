import { type Operation } from '@telltale/api-client';
import { timeOf } from '../format/times';

/** A row of the tree: an operation and where it lies on the axis of its turn, 0 to 1. */
export interface Step {
  readonly operation: Operation;
  readonly depth: number;
  readonly from: number;
  readonly width: number;
}

/** The operations of a turn in order, callers before what they called. */
export function stepsOf(operations: readonly Operation[]): Step[] {
  const flat: {
    operation: Operation;
    depth: number;
    start: number;
    end: number;
  }[] = [];
  const open = operations.map((operation) => ({ operation, depth: 0 })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { operation, depth } = next;
    const start = timeOf(operation.ts);
    flat.push({
      operation,
      depth,
      start,
      end: start + (operation.duration_ms ?? 0),
    });
    for (const child of [...operation.operations].reverse()) open.push({ operation: child, depth: depth + 1 });
  }
  const first = flat.reduce((least, { start }) => Math.min(least, start), Infinity);
  const last = flat.reduce((most, { end }) => Math.max(most, end), -Infinity);
  const span = Math.max(1, last - first);
  return flat.map(({ operation, depth, start, end }) => ({
    operation,
    depth,
    from: (start - first) / span,
    width: (end - start) / span,
  }));
}
