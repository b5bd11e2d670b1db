import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { createRandom, type Random } from '@telltale/simulator';
import { turnEvents, type TurnOf } from './turns';

export const ASKS_AGAIN = { before: 'intake@v6', after: 'intake@v7' } as const;
const SESSIONS_BEFORE = 160;
const SESSIONS_AFTER = 120;
const SPAN_MINUTES = 300;

interface Said {
  readonly user: string;
  readonly bot: string;
}
/** The bot asks for what it needs, gets it, and does what it was asked for. */
const GOES_WELL: readonly Said[] = [
  { user: 'My parcel has not come. The order number is 4417, I live in Porto.', bot: 'I have found order 4417. Shall I send the parcel again to Porto?' },
  { user: 'Yes, please.', bot: 'Done. The new parcel for order 4417 is on its way and comes on Thursday.' },
]; // prettier-ignore
/** It asks for what was said, until the user has had enough. */
const ASKED_AGAIN: readonly Said[] = [
  { user: 'My parcel has not come. The order number is 4417, I live in Porto.', bot: 'I can help with that. What is your order number?' },
  { user: 'I already said it: the order number is 4417.', bot: 'Thank you. And which city do you live in?' },
  { user: 'Porto, as I said before! My parcel has not come.', bot: 'Could you please give me your order number?' },
]; // prettier-ignore

/**
 * A new version of a prompt forgets what users said: most of its sessions are given up. At the same time a new version of the service goes out,
 * and more of the users are in one region; neither matters.
 */
export function asksAgain(end: number): NativeEvent[] {
  const random = createRandom(20_261_131);
  const events: NativeEvent[] = [];
  const since = end - SPAN_MINUTES * MINUTE_MS;
  for (let n = 0; n < SESSIONS_BEFORE + SESSIONS_AFTER; n++) {
    const isAfter = n >= SESSIONS_BEFORE;
    const version = isAfter && random.chance(0.8) ? 'v7' : 'v6';
    const forgets = version === 'v7' ? random.chance(0.7) : random.chance(0.04);
    const at = since + ((n + 0.5) * SPAN_MINUTES * MINUTE_MS) / (SESSIONS_BEFORE + SESSIONS_AFTER);
    const of = { session: `care-${n}`, user: `user-${n}`, service: 'care', version: isAfter ? '5.1' : '5.0', region: random.chance(isAfter ? 0.7 : 0.5) ? 'south' : 'north', prompt: ['intake', version] as const }; // prettier-ignore
    events.push(...sessionEvents(of, forgets ? ASKED_AGAIN : GOES_WELL, at, random));
  }
  return events;
}

type SessionOf = Pick<TurnOf, 'session' | 'user' | 'service' | 'version' | 'region' | 'prompt'>;

function sessionEvents(of: SessionOf, said: readonly Said[], begin: number, random: Random): NativeEvent[] {
  let at = Math.round(begin);
  return said.flatMap(({ user: asked, bot: answer }, i) => {
    const events = turnEvents({ ...of, id: `${of.session}-${i}`, at, asked, answer, status: 'ok' }, [], random);
    at += 40_000 + random.int(0, 30_000);
    return events;
  });
}
