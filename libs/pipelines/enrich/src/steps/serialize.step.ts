import { adding, dlq, ok, type TextArena } from '@telltale/streaming';
import { type Annotated, type EnrichStep, type Fingerprinted, type Priced, type Redacted, type Serialized } from '../types';

/** A record of a topic stays below 1 MB, with room for its headers. */
export const MAX_EVENT_BYTES = 900_000;

/** Half of a surrogate pair, which JSON can carry and tables refuse; even numbers of backslashes before it are text. */
const LONE_SURROGATE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Writes the whole event as JSON into the memory of the batch. */
export function createSerializeStep(
  arena: Pick<TextArena, 'add'>,
): EnrichStep<Redacted & Priced & Fingerprinted & Annotated, Serialized> {
  return function serialize(item) {
    const text = JSON.stringify(item.event);
    const json = text.includes('\\ud') ? text.replace(LONE_SURROGATE, '$1\\ufffd') : text;
    if (json.length * 3 > MAX_EVENT_BYTES) {
      const bytes = Buffer.byteLength(json);
      if (bytes > MAX_EVENT_BYTES)
        return dlq('too_large', `the event has ${bytes} bytes, ${MAX_EVENT_BYTES} is the most: shorten its longest field`);
    }
    return ok(adding(item, { json: arena.add(json) }));
  };
}
