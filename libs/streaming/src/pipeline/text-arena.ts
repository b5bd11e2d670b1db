const CHUNK_BYTES = 1_048_576;
/** Most memory that waits to be used again, of all tasks of the process together. */
const MOST_FREE_CHUNKS = 32;
const NEWLINE = 10;
/** UTF-8 takes at most three bytes for each UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;

/** The texts of a batch as bytes in a few large pieces of memory, which later batches use again. */
export interface TextArena {
  /** The UTF-8 bytes of `text`, as a view; a newline stands behind it, so that texts added one after another are lines of one body. */
  add(text: string): Buffer;
  /** Begins a batch. If the batch before was not released, its bytes stay as they are. */
  startBatch(): void;
  /** Nothing reads the bytes of this batch any more: they may be overwritten. */
  release(): void;
}

/** Tasks take turns: while one waits for its insert, another fills what a third has given back. */
const free: Buffer[] = [];

export function createTextArena(): TextArena {
  let chunks: Buffer[] = [];
  let chunk: Buffer = Buffer.alloc(0);
  let at = CHUNK_BYTES;

  function nextChunk(): void {
    chunk = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    chunks.push(chunk);
    at = 0;
  }
  function forget(): void {
    chunks = [];
    at = CHUNK_BYTES;
  }

  return {
    startBatch: forget,
    release() {
      for (const used of chunks) if (free.length < MOST_FREE_CHUNKS) free.push(used);
      forget();
    },
    add(text) {
      const most = text.length * MOST_BYTES_PER_UNIT + 1;
      if (most > CHUNK_BYTES) return Buffer.from(text);
      if (at + most > CHUNK_BYTES) nextChunk();
      const from = at;
      const to = from + chunk.write(text, from);
      chunk[to] = NEWLINE;
      at = to + 1;
      return chunk.subarray(from, to);
    },
  };
}
