import { HOUR_MS, DAY_MS } from '@telltale/kernel';

/** A fault as the simulator takes it; the simulator itself is loaded only when it runs. */
interface Planted {
  readonly service: string;
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}
type Fault = (Planted & { readonly kind: 'slow_tool'; readonly tool: string }) | (Planted & { readonly kind: 'cost_jump' });

export const DEMO_SEED = 20_261_123;
export const EVENTS_OF_DAY = 24_000;
export const LIVE_EVENTS_PER_SECOND = 60;
/** How long the live slowdown lasts from the start of the live part; where the machine has other work, it takes longer to be called often. */
export const LIVE_FAULT_MS = 45_000;
/** Another one than in the day, which would be known for turning slow. */
export const LIVE_SLOW_TOOL = { service: 'support-bot', tool: 'search_orders' };
/** Of the live events, one in so many cannot be taken. */
export const POISON_EVERY = 150;

/** Directives expire, and windows close, fast enough to be watched. */
export const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  VERBOSITY_BOOST_TTL_MS: '4000',
  SCORER_GRACE_MS: '500',
  BATCH_LINGER_MS: '50',
  PUNCTUATE_INTERVAL_MS: '250',
};

/** Hours before the end between which the slow tool's middle lies: the day has taught what is normal by then, and is not over. */
const SLOW_BETWEEN = [7, 4] as const;

/** Of the times between two, the one nearest to the hour of the day at which most is said. */
function busiestBetween(from: number, to: number, hourUtc: number): number {
  const busiest = from + ((((hourUtc * HOUR_MS - from) % DAY_MS) + DAY_MS) % DAY_MS);
  if (busiest <= to) return busiest;
  return busiest - to < from - (busiest - DAY_MS) ? to : from;
}

/** What goes wrong on the simulated day: a tool that turns slow, when it is called as often as can be, and tokens that multiply. */
export function faultsOfDay(end: number, busiestHourUtc: number): Fault[] {
  const [most, least] = SLOW_BETWEEN;
  const middle = busiestBetween(end - most * HOUR_MS, end - least * HOUR_MS, busiestHourUtc);
  return [
    {
      kind: 'slow_tool',
      service: 'support-bot',
      tool: 'lookup_customer',
      from: middle - 1.5 * HOUR_MS,
      to: middle + 1.5 * HOUR_MS,
      factor: 8,
    },
    { kind: 'cost_jump', service: 'shop-assistant', from: end - 5 * HOUR_MS, to: end - 3 * HOUR_MS, factor: 6 },
  ];
}

/** What goes wrong while we watch. */
export const faultsOfNow = (start: number): Fault[] => [
  { kind: 'slow_tool', ...LIVE_SLOW_TOOL, from: start, to: start + LIVE_FAULT_MS, factor: 8 },
];
export const isOfLiveFault = (dimensions: Readonly<Record<string, string>>): boolean =>
  dimensions['service_name'] === LIVE_SLOW_TOOL.service && dimensions['name'] === LIVE_SLOW_TOOL.tool;
