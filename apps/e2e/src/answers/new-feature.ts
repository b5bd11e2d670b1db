import { type NativeEvent } from '@telltale/contracts';
import { DAY_MS, MINUTE_MS } from '@telltale/kernel';
import { createRandom } from '@telltale/simulator';
import { turnEvents } from './turns';

export const NEW_FEATURE = { service: 'travel', before: '1.9', after: '2.0' } as const;
const SERVICES = ['travel', 'billing', 'care'] as const;
const DAYS_BEFORE = 6;
const DAYS_AFTER = 3;
const SESSIONS_A_DAY = 40;
/** A common model answers so much slower that every service has it. */
const SLOWER = 1.5;

/** When the version with the feature went out. */
export const releasedAt = (end: number): number => end - DAYS_AFTER * DAY_MS;

/**
 * One of three services gets a feature that no flag names: it remembers addresses, so that users need fewer turns. At the same hour lookups become
 * half as slow again for all three, and there are more users; neither is the feature's doing.
 */
export function newFeature(end: number): NativeEvent[] {
  const random = createRandom(20_261_130);
  const events: NativeEvent[] = [];
  const released = releasedAt(end);
  for (let day = -DAYS_BEFORE; day < DAYS_AFTER; day++) {
    const isAfter = day >= 0;
    for (const service of SERVICES) {
      const hasFeature = isAfter && service === NEW_FEATURE.service;
      const sessions = Math.round(SESSIONS_A_DAY * (isAfter ? 1.4 : 1));
      for (let n = 0; n < sessions; n++) {
        const session = `${service}-${day}-${n}`;
        let at = Math.round(released + day * DAY_MS + ((n + random.next()) * (DAY_MS - 10 * MINUTE_MS)) / sessions);
        const turns = 1 + (random.chance(0.8) ? 1 : 0) + (random.chance(hasFeature ? 0.25 : 0.8) ? 1 : 0);
        for (let i = 0; i < turns; i++) {
          const ms = Math.round(random.logNormal(400, 0.4) * (isAfter ? SLOWER : 1));
          const turn = { id: `${session}-${i}`, session, user: `user-${session}`, service, version: hasFeature ? NEW_FEATURE.after : NEW_FEATURE.before, region: 'eu', prompt: ['book', 'v1'] as const, at, asked: ASKED[i] ?? '', answer: 'Yes, that is done.', status: 'ok' as const }; // prettier-ignore
          events.push(...turnEvents(turn, [{ tool: 'lookup', ms, arguments: { n } }], random));
          at += MINUTE_MS + random.int(0, MINUTE_MS);
        }
      }
    }
  }
  return events;
}

/** Each asks for something else. */
const ASKED = ['book a table for four on friday', 'send the bill to my office', 'and a taxi at eight, please'];
