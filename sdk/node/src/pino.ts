import { Writable } from 'node:stream';
import { createClient, type Client } from './client';
import { type Options } from './config';
import { init } from './index';
import { spanHere } from './operation';
import { currentScope } from './scope';
import { type Severity } from './severity';

/** What pino writes to: a stream of multistream, or the destination itself. */
export interface PinoStream {
  write(line: string): void;
}

/** pino's numbers; what is between two is the lower one. */
const LEVELS: readonly (readonly [number, Severity])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
];
const SEVERITY_OF_LABEL: Readonly<Record<string, Severity>> = {
  trace: 'trace', debug: 'debug', info: 'info', warn: 'warn', warning: 'warn', error: 'error', fatal: 'fatal',
}; // prettier-ignore
const FIRST_LEVEL = /^\{"level":(\d+|"\w+")/;

function severityOf(level: unknown): Severity {
  if (typeof level === 'string') return SEVERITY_OF_LABEL[level.toLowerCase()] ?? 'info';
  return LEVELS.find(([from]) => Number(level) >= from)?.[1] ?? 'trace';
}

/** What pino says of a line that has a place of its own in an event, or is known of the process. */
const OWN_FIELDS = new Set([
  'level',
  'time',
  'msg',
  'message',
  'name',
  'pid',
  'hostname',
  'v',
  'trace_id',
  'span_id',
  'session_id',
]);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Gives one line of pino to the SDK. */
function writeLine(client: Client, line: string): void {
  // pino writes the level first: what nobody wants is not parsed.
  const first = FIRST_LEVEL.exec(line)?.[1];
  if (first !== undefined && !client.wants(severityOf(first.startsWith('"') ? first.slice(1, -1) : Number(first)), line.length))
    return;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    client.write({ severity: 'info', logger: '', message: line.trimEnd(), fields: undefined });
    return;
  }
  if (typeof parsed !== 'object' || parsed === null) return;
  const all = parsed as Record<string, unknown>;
  const fields = Object.fromEntries(Object.entries(all).filter(([key]) => !OWN_FIELDS.has(key)));
  const { time } = all as { time?: unknown };
  const at = typeof time === 'number' ? time : typeof time === 'string' ? Date.parse(time) : NaN;
  client.write({
    severity: severityOf(all['level']),
    logger: textOf(all['name']),
    message: textOf(all['msg']) || textOf(all['message']),
    fields,
    ...(Number.isFinite(at) ? { at } : {}),
    ids: { traceId: textOf(all['trace_id']), spanId: textOf(all['span_id']), sessionId: textOf(all['session_id']) },
  });
}

/** A stream in the process of the application: what is logged in a turn belongs to it. */
export function createPinoStream(client: Client = init()): PinoStream {
  return { write: (line) => writeLine(client, line) };
}

/** pino's `mixin`: names trace, span and session in each line, for a transport, which runs in a thread of its own. */
export function mixin(): Record<string, string> {
  const scope = currentScope();
  const { traceId, sessionId } = scope.subject;
  return {
    ...(traceId ? { trace_id: traceId, span_id: spanHere(scope) } : {}),
    ...(sessionId ? { session_id: sessionId } : {}),
  };
}

/** pino's `transport` target: `pino.transport({ target: '@telltale/sdk/pino', options })`. */
export default function transport(options: Options = {}): Writable {
  const client = createClient(options);
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') writeLine(client, line);
      done();
    },
    final(done) {
      if (rest !== '') writeLine(client, rest);
      client.shutdown().then(
        () => done(),
        () => done(),
      );
    },
  });
}
