import { type Rank, SEVERITIES } from './severity';

/** What waits to be sent, in the order it came, bounded in items and bytes. */
export interface Queue<T> {
  /** True when it was taken; what had to go for it, or itself, was reported to `lose`. */
  push(item: T, rank: Rank, bytes: number): boolean;
  /** Takes the oldest items: as many as fit, at least one where there is one. */
  take(maxItems: number, maxBytes: number): T[];
  readonly size: number;
  readonly bytes: number;
}

interface Waiting<T> {
  readonly item: T;
  readonly order: number;
  readonly bytes: number;
}

/** First in, first out, cheap at both ends. */
function createFifo<T>() {
  let items: Waiting<T>[] = [];
  let head = 0;
  return {
    get first(): Waiting<T> | undefined {
      return items[head];
    },
    push: (item: Waiting<T>): void => void items.push(item),
    shift(): Waiting<T> | undefined {
      const first = items[head];
      if (first === undefined) return undefined;
      head++;
      if (head > 256 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return first;
    },
  };
}

export function createQueue<T>(maxItems: number, maxBytes: number, lose: (item: T) => void): Queue<T> {
  // A fifo for each severity: what is full loses its oldest of the lowest severity, and never a warning for an info.
  const fifos = SEVERITIES.map(() => createFifo<T>());
  let order = 0;
  let size = 0;
  let bytes = 0;

  function remove(fifo: ReturnType<typeof createFifo<T>> | undefined): T | undefined {
    const removed = fifo?.shift();
    if (removed === undefined) return undefined;
    size--;
    bytes -= removed.bytes;
    return removed.item;
  }
  const isFullWith = (more: number): boolean => size + 1 > maxItems || bytes + more > maxBytes;

  return {
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    push(item, rank, itemBytes) {
      if (itemBytes > maxBytes) {
        lose(item);
        return false;
      }
      while (isFullWith(itemBytes)) {
        const lowest = fifos.findIndex(({ first }) => first !== undefined);
        if (lowest === -1 || lowest > rank) {
          lose(item);
          return false;
        }
        const lost = remove(fifos[lowest]);
        if (lost !== undefined) lose(lost);
      }
      fifos[rank]?.push({ item, order: order++, bytes: itemBytes });
      size++;
      bytes += itemBytes;
      return true;
    },
    take(most, mostBytes) {
      const taken: T[] = [];
      let takenBytes = 0;
      while (taken.length < most) {
        let next: ReturnType<typeof createFifo<T>> | undefined;
        for (const fifo of fifos)
          if (fifo.first !== undefined && fifo.first.order < (next?.first?.order ?? Infinity)) next = fifo;
        const first = next?.first;
        if (first === undefined || (taken.length > 0 && takenBytes + first.bytes > mostBytes)) break;
        takenBytes += first.bytes;
        const item = remove(next);
        if (item !== undefined) taken.push(item);
      }
      return taken;
    },
  };
}
