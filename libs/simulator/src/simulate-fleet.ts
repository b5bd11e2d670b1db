import { type NativeEvent } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { createEventQueue } from './event-queue';
import { type Fault } from './faults';
import { FLEET, type SimulatedService } from './fleet';
import { createRandom, type Random } from './random';
import { createSession } from './session';

export interface SimulationOptions {
  readonly seed: number;
  /** Ms since the epoch; events begin in [start, end). */
  readonly start: number;
  readonly end: number;
  /** Mean over a day, with its rhythm: nights are quiet. 40,000 when neither rate is given. */
  readonly eventsPerDay?: number;
  /** Even rate, without the rhythm of the day. */
  readonly ratePerSecond?: number;
  readonly faults?: readonly Fault[];
  /** Every so many events, one with a time no reader can take. */
  readonly poisonEvery?: number;
}

/** Sessions that began this long before the start are still talking. */
const WARM_UP_MS = 10 * 60_000;
/** Mean of `createSession` over many seeds; a test holds it to what it is. */
export const EVENTS_PER_SESSION = 13.3;
export const BUSIEST_HOUR_UTC = 15;

const rhythm = (at: number): number => 1 + 0.7 * Math.cos(((at / 3_600_000 - BUSIEST_HOUR_UTC) / 24) * 2 * Math.PI);

function pickService(random: Random): SimulatedService {
  let dice = random.next();
  for (const service of FLEET) {
    if (dice < service.share) return service;
    dice -= service.share;
  }
  return FLEET[0];
}

/** Small enough to be let in; escaped twice, as a message is inside an event, it is larger than a topic takes. */
const QUOTES = '"'.repeat(250_000);
const poisoned = (event: NativeEvent): NativeEvent => ({ ...event, input: [{ role: 'user', content: QUOTES }] });

/** What a fleet of chatbots says between start and end, by the time things began. The same options give the same events. */
export function* simulateFleet(options: SimulationOptions): Generator<NativeEvent, void, undefined> {
  const random = createRandom(options.seed);
  const perMs = options.ratePerSecond === undefined ? (options.eventsPerDay ?? 40_000) / DAY_MS : options.ratePerSecond / 1_000;
  if (!(perMs > 0) || !(options.end > options.start)) return;
  const faults = options.faults ?? [];
  const meanGapMs = EVENTS_PER_SESSION / perMs;
  const queue = createEventQueue();
  let count = 0;

  function* drainTo(time: number): Generator<NativeEvent, void, undefined> {
    for (let item = queue.popBefore(time); item !== undefined; item = queue.popBefore(time)) {
      if (item.at < options.start) continue;
      count++;
      yield options.poisonEvery !== undefined && count % options.poisonEvery === 0 ? poisoned(item.event) : item.event;
    }
  }

  let began = options.start - WARM_UP_MS;
  for (;;) {
    began += random.exponential(meanGapMs / (options.ratePerSecond === undefined ? rhythm(began) : 1));
    if (began >= options.end) break;
    yield* drainTo(began);
    for (const timed of createSession(random, pickService(random), Math.round(began), faults)) queue.push(timed);
  }
  yield* drainTo(options.end);
}
