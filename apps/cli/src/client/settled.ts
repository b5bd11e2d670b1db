import { type Topic } from '@telltale/api-client';
import { type Client } from './http-client';

const LOOK_AGAIN_MS = 150;
/** A group looks idle between two ranges; it must look so this often in a row. */
const QUIET_LOOKS = 3;
/** Aborted records count as lag where a group has never committed. As few as this are taken for such when nothing changes for so long. */
const FEW = 64;
const UNCHANGED_MS = 10_000;
/** A service that has read nothing for so long does not run, or is stalled. */
const STUCK_MS = 60_000;

/** Ends after `ms` (never, for Infinity) or when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
    signal.addEventListener('abort', done, { once: true });
  });
}

const lagOf = ({ lag }: Topic): number =>
  Object.values<unknown>(lag).reduce<number>((sum, records) => sum + (typeof records === 'number' ? records : 0), 0);

const waitingIn = ({ name, lag }: Topic): string[] =>
  Object.entries(lag).flatMap(([group, records]) => (records > 0 ? [`${records} of ${name} for ${group}`] : []));

/** Polls the lag of all groups until there is none, or nothing has moved for a minute: then it says what waits. */
export async function visible(
  client: Client,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<string | null> {
  let quiet = 0;
  let before = NaN;
  let changedAt = now();
  while (quiet < QUIET_LOOKS && !signal.aborted) {
    const { topics } = await client.api.listTopics();
    const lag = topics.reduce((sum, topic) => sum + lagOf(topic), 0);
    quiet = lag === 0 ? quiet + 1 : 0;
    if (lag !== before) changedAt = now();
    else if (lag <= FEW && now() - changedAt > UNCHANGED_MS) return null;
    else if (now() - changedAt > STUCK_MS) return topics.flatMap(waitingIn).join(', ');
    before = lag;
    await sleep(LOOK_AGAIN_MS, signal);
  }
  return null;
}
