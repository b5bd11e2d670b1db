/** One server-sent event: its name and its data. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** More than this without an end of an event is no stream of ours. */
const MOST_CHARACTERS = 8_000_000;

function parse(block: string): ServerEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) event = line.slice('event:'.length).trim();
    else if (line.startsWith('data:')) data.push(line.slice('data:'.length).replace(/^ /, ''));
  }
  return data.length > 0 ? { event, data: data.join('\n') } : null;
}

/** Takes a stream in pieces, cut anywhere, and hands out each event once it is whole. Comments say nothing. */
export function createEventParser(): (bytes: Uint8Array) => ServerEvent[] {
  const decoder = new TextDecoder();
  let rest = '';
  return (bytes) => {
    const text = rest + decoder.decode(bytes, { stream: true });
    // The line break of a carriage return at the very end may still come.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const blocks = whole.replaceAll('\r\n', '\n').split('\n\n');
    rest = (blocks.pop() ?? '') + text.slice(whole.length);
    if (rest.length > MOST_CHARACTERS) throw new Error('the stream has an event without an end');
    return blocks.flatMap((block) => parse(block) ?? []);
  };
}
