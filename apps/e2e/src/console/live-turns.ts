import { createRandom } from '@telltale/simulator';
import { SLOW } from '../answers/slow-region';
import { turnEvents } from '../answers/turns';

const EVERY_MS = 1_500;
/** Turns are written once they are over. */
const AGO_MS = 8_000;

/** Goes on sending turns of the bot whose upstream is slow in one region, so that its incident stays open. Answers how to stop it. */
export function goOnSlow({ url, apiKey }: { readonly url: string; readonly apiKey: string }): () => Promise<void> {
  const random = createRandom(20_261_130);
  const stopped = new AbortController();
  let sent = 0;
  async function sendOne(): Promise<void> {
    const i = sent++;
    const isSlow = i % 3 === 0;
    const turn = {
      id: `live-${i}`, session: `live-${i}`, user: `live-${i % 50}`, service: 'travel', version: SLOW.version, region: isSlow ? SLOW.region : 'us', prompt: ['concierge', 'v3'], at: Date.now() - AGO_MS,
      asked: 'Find me a flight to Lisbon', answer: 'There are three flights on that day.', status: 'ok',
    } as const; // prettier-ignore
    const calls = [{ tool: SLOW.tool, ms: Math.round(random.logNormal(isSlow ? 2_500 : 420, 0.3)), arguments: { city: 'Lisbon' }, result: { items: 3 } }]; // prettier-ignore
    await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(turnEvents(turn, calls, random)),
      signal: stopped.signal,
    });
  }
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await sendOne().catch((error: unknown) => {
        if (!stopped.signal.aborted) throw error;
      });
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return async () => {
    stopped.abort();
    await loop;
  };
}
