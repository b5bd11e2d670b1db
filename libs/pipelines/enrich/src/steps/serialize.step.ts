import { dlq, ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';

/** A record of a topic stays below 1 MB, with room for its headers. */
export const MAX_EVENT_BYTES = 900_000;

/** Half of a surrogate pair, which JSON can carry and tables refuse; even numbers of backslashes before it are text. */
const LONE_SURROGATE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** The one text that becomes the record on the topic and the row of the table. */
export function createSerializeStep(): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function serialize(draft) {
    const json = JSON.stringify(draft.event);
    draft.json = json.includes('\\ud') ? json.replace(LONE_SURROGATE, '$1\\ufffd') : json;
    if (json.length * 3 > MAX_EVENT_BYTES) {
      const bytes = Buffer.byteLength(draft.json);
      if (bytes > MAX_EVENT_BYTES)
        return dlq('too_large', `the event has ${bytes} bytes, ${MAX_EVENT_BYTES} is the most: shorten its longest field`);
    }
    return ok(draft);
  };
}
