import { type Timed } from './session';

/** Events by time, those of equal time as they came: a binary heap. */
export interface EventQueue {
  readonly size: number;
  push(item: Timed): void;
  /** The earliest, when it lies before `time`. */
  popBefore(time: number): Timed | undefined;
}

interface Node {
  readonly item: Timed;
  readonly order: number;
}

const isBefore = (a: Node, b: Node): boolean => a.item.at < b.item.at || (a.item.at === b.item.at && a.order < b.order);

export function createEventQueue(): EventQueue {
  const heap: Node[] = [];
  let pushed = 0;

  function sinkFromTop(node: Node): void {
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = heap[leftIndex];
      if (left === undefined) break;
      const right = heap[leftIndex + 1];
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, node)) break;
      heap[index] = child;
      index = isRight ? leftIndex + 1 : leftIndex;
    }
    heap[index] = node;
  }

  return {
    get size() {
      return heap.length;
    },
    push(item) {
      const node: Node = { item, order: pushed++ };
      let index = heap.length;
      while (index > 0) {
        const parentIndex = (index - 1) >> 1;
        const parent = heap[parentIndex];
        if (parent === undefined || !isBefore(node, parent)) break;
        heap[index] = parent;
        index = parentIndex;
      }
      heap[index] = node;
    },
    popBefore(time) {
      const top = heap[0];
      if (top === undefined || top.item.at >= time) return undefined;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sinkFromTop(last);
      return top.item;
    },
  };
}
