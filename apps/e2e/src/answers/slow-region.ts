import { type NativeEvent } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { createRandom, type Random } from '@telltale/simulator';
import { type Call, turnEvents } from './turns';

export const SLOW = { tool: 'search_flights', region: 'eu', version: '2.4' } as const;
const REGIONS = ['eu', 'us', 'ap'] as const;
const ASKED = [
  'Find me a flight to Lisbon on Friday',
  'What does a seat to Oslo cost?',
  'Which flights go to Rome tomorrow?',
] as const;
const BEFORE_MINUTES = 240;
const AFTER_MINUTES = 60;

/** How long each tool takes, ms. */
const USUAL = { search_flights: 420, get_fare: 160, get_weather: 90 } as const;
const TIMES_SLOWER = 6;

/**
 * A bot that gets slow an hour before `end`: the upstream of one tool, in one region. At the same moment a new version is deployed to all regions,
 * traffic grows by half, and people begin to ask for the weather, too.
 */
export function slowRegion(end: number): NativeEvent[] {
  const random = createRandom(20_261_129);
  const since = end - AFTER_MINUTES * MINUTE_MS;
  const events: NativeEvent[] = [];
  let at = since - BEFORE_MINUTES * MINUTE_MS;
  for (let i = 0; at < end - MINUTE_MS; i++) {
    const isAfter = at >= since;
    at += random.exponential((isAfter ? 8 : 12) * 1_000);
    const region = random.pick(REGIONS);
    const isSlow = isAfter && region === SLOW.region;
    events.push(
      ...turnEvents(
        {
          id: `travel-${i}`, session: `session-${Math.floor(i / 3)}`, user: `user-${i % 211}`, service: 'travel', version: isAfter ? SLOW.version : '2.3', region,
          prompt: ['concierge', 'v3'], at: Math.round(at), asked: random.pick(ASKED), answer: 'There are three flights on that day, the first at nine.', status: 'ok',
        },
        callsOf(isSlow, isAfter && random.chance(0.5), random),
        random,
      ),
    ); // prettier-ignore
  }
  return events;
}

function callsOf(isSlow: boolean, asksForWeather: boolean, random: Random): Call[] {
  const call = (tool: keyof typeof USUAL, times = 1): Call => ({
    tool, ms: Math.round(random.logNormal(USUAL[tool] * times, 0.3)), arguments: { city: 'Lisbon' }, result: { items: 3 },
  }); // prettier-ignore
  return [call('search_flights', isSlow ? TIMES_SLOWER : 1), call('get_fare'), ...(asksForWeather ? [call('get_weather')] : [])];
}
