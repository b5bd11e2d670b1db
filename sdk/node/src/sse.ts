export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads an event stream piece by piece, however it is cut. A comment is an event without data. */
export function createStreamReader(maxChars: number, onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let size = 0;

  function line(text: string): void {
    if (text === '') {
      if (data.length > 0) onEvent({ event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    if (name === 'data') {
      size += value.length;
      data.push(value);
    }
  }

  return (text) => {
    rest += text;
    let from = 0;
    for (;;) {
      const end = rest.indexOf('\n', from);
      if (end === -1) break;
      line(rest.slice(from, rest[end - 1] === '\r' ? end - 1 : end));
      from = end + 1;
    }
    rest = rest.slice(from);
    if (rest.length + size > maxChars) throw new Error(`an event is over ${maxChars} characters`);
  };
}
