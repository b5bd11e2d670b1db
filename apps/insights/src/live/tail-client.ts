/** Where a client's frames go: a socket that says when it is full. */
export interface FrameSink {
  /** False when it is full; `onDrain` tells when it is not any more. */
  write(frame: string): boolean;
  onDrain(next: () => void): void;
}

export interface TailClient {
  offer(line: string): void;
  /** Events this client did not get. */
  readonly skipped: number;
}

/**
 * One follower of the live tail. A slow one keeps `capacity` events waiting; what comes on top is left out and counted, and the
 * client gets their number, in place, before it goes on.
 */
export function createTailClient(sink: FrameSink, capacity: number, onSkipped: (count: number) => void): TailClient {
  let waiting: string[] = [];
  let isFull = false;
  let skipped = 0;
  let dropped = 0;

  function send(frame: string): void {
    if (sink.write(frame)) return;
    isFull = true;
    sink.onDrain(flush);
  }

  function flush(): void {
    isFull = false;
    const frames = waiting;
    waiting = [];
    for (let i = 0; i < frames.length; i++) {
      send(`event: event\ndata: ${frames[i] ?? ''}\n\n`);
      if (isFull) {
        waiting = frames.slice(i + 1);
        return;
      }
    }
    if (dropped === 0) return;
    const count = dropped;
    dropped = 0;
    send(`event: skipped\ndata: {"count":${count}}\n\n`);
  }

  return {
    get skipped() {
      return skipped;
    },
    offer(line) {
      if (!isFull) return send(`event: event\ndata: ${line}\n\n`);
      if (waiting.length < capacity && dropped === 0) return void waiting.push(line);
      skipped++;
      dropped++;
      onSkipped(1);
    },
  };
}
