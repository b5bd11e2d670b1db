import { DAY_MS } from '@telltale/kernel';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BENCH_SPAN_MS, benchEvent } from './bench-events';

/** The same in every run, so that two imports of as many bytes can be compared row by row. */
const START = Date.parse('2026-10-01T00:00:00Z');
/** Turns of eight events, sessions of four turns. */
const EVENTS_OF_SESSION = 32;
const EVENTS_PER_DAY = 338_000;
const AT_ONCE = 1_000;

/** The nth event of the file, one line. */
function lineOf(i: number): string {
  const at = START + Math.floor((i * DAY_MS) / EVENTS_PER_DAY);
  const event = benchEvent(i, at - (i % BENCH_SPAN_MS), { names: 3 });
  return `${JSON.stringify({ ...event, session_id: `session-${Math.floor(i / EVENTS_OF_SESSION)}` })}\n`;
}

/** Writes events in order of time, a day in 500 MB, until the file has `bytes`; answers how many. */
export async function writeImportFile(path: string, bytes: number): Promise<number> {
  let events = 0;
  function* pieces(): Generator<string> {
    for (let written = 0; written < bytes;) {
      const lines = Array.from({ length: AT_ONCE }, (_, nth) => lineOf(events + nth));
      const piece = lines.join('');
      events += AT_ONCE;
      written += piece.length;
      yield piece;
    }
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  return events;
}
