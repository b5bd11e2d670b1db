const CHUNK_BYTES = 1_048_576;
/** Most memory kept from one batch to the next. */
const MOST_KEPT_CHUNKS = 32;
const NEWLINE = 10;
/** UTF-8 takes at most three bytes for each UTF-16 code unit. */
const MOST_BYTES_PER_UNIT = 3;

/** The texts of a batch as bytes in a few large pieces of memory, which the next batch uses again. */
export interface TextArena {
  /** The UTF-8 bytes of `text`, as a view; a newline stands behind it, so that texts added one after another are lines of one body. */
  add(text: string): Buffer;
  /** Begins a batch. If the batch before was not released, its bytes stay and this one gets other memory. */
  startBatch(): void;
  /** Nothing reads the bytes of this batch any more: the next one may overwrite them. */
  release(): void;
}

export function createTextArena(): TextArena {
  let chunks: Buffer[] = [];
  let isReleased = true;
  let current = -1;
  let at = CHUNK_BYTES;

  function nextChunk(): Buffer {
    current++;
    at = 0;
    return (chunks[current] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
  }

  return {
    startBatch() {
      if (!isReleased) chunks = [];
      if (chunks.length > MOST_KEPT_CHUNKS) chunks.length = MOST_KEPT_CHUNKS;
      isReleased = false;
      current = -1;
      at = CHUNK_BYTES;
    },
    release: () => void (isReleased = true),
    add(text) {
      const most = text.length * MOST_BYTES_PER_UNIT + 1;
      if (most > CHUNK_BYTES) return Buffer.from(text);
      const chunk = at + most > CHUNK_BYTES ? nextChunk() : (chunks[current] as Buffer);
      const from = at;
      const to = from + chunk.write(text, from, 'utf8');
      chunk[to] = NEWLINE;
      at = to + 1;
      return chunk.subarray(from, to);
    },
  };
}
