import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { createRandom } from '@telltale/simulator';
import { type Call, turnEvents } from './turns';

export const BROKEN = { turn: 'fare-broken', first: 'find_booking', failed: 'get_fare_rules' } as const;
const WORKED = 60;
const EVERY_MS = 3 * MINUTE_MS;

/** Five steps, each with what the one before it found. `reference`: what the first step answers as the booking. */
function stepsOf(n: number, reference: string, passenger: string, breaks: boolean): Call[] {
  const fare = `FARE-${7_100 + n}`;
  const steps: Call[] = [
    { tool: 'find_booking', ms: 140, arguments: { last_name: 'Silva', flight: `TP${300 + n}` }, result: { booking: reference, status: 'confirmed' } },
    { tool: 'get_passenger', ms: 80, arguments: { flight: `TP${300 + n}`, last_name: 'Silva' }, result: { passenger, tier: 'gold' } },
    { tool: 'get_fare_rules', ms: 120, arguments: { booking: reference }, result: { fare, refundable: true } },
    { tool: 'quote_change', ms: 200, arguments: { fare, date: '2026-12-04' }, result: { quote: `QT-${n}`, price: 40 } },
    { tool: 'hold_seat', ms: 90, arguments: { quote: `QT-${n}` }, result: { held: true } },
  ];
  if (!breaks) return steps;
  return [...steps.slice(0, 2), { tool: 'get_fare_rules', ms: 110, arguments: { booking: reference }, error: { type: 'NotFound', message: `no such booking: ${reference}` } }];
} // prettier-ignore

/** A chain of five steps that fails at the third one once, for the first one answered with the passenger's number where it answers with the booking's. */
export function wrongId(end: number): NativeEvent[] {
  const random = createRandom(20_261_130);
  return Array.from({ length: WORKED + 1 }, (_, n) => {
    const isBroken = n === WORKED;
    const passenger = `PAX-${88_000 + n}`;
    const steps = stepsOf(n, isBroken ? passenger : `BK-${52_000 + n}`, passenger, isBroken);
    const turn = {
      id: isBroken ? BROKEN.turn : `fare-${n}`, session: `fares-${n}`, user: `user-${n}`, service: 'fares', version: '1.8', region: 'eu', prompt: ['fares', 'v2'] as const,
      at: end - (WORKED + 1 - n) * EVERY_MS, asked: 'Can I move my flight to the fourth of December?', status: isBroken ? ('error' as const) : ('ok' as const),
      answer: isBroken ? 'Something went wrong, please try again later.' : 'Yes, that costs 40 euros. I hold the seat for you.',
    };
    return turnEvents(turn, steps, random);
  }).flat();
} // prettier-ignore
