const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

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
/** How long the live slowdown lasts from the start of the live part. */
export const LIVE_FAULT_MS = 25_000;
/** Of the live events, one in so many cannot be taken. */
export const POISON_EVERY = 150;

/** Directives expire, and windows close, fast enough to be watched. */
export const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  VERBOSITY_BOOST_TTL_MS: '4000',
  SCORER_GRACE_MS: '500',
  RANGE_LINGER_MS: '50',
  RANGE_IDLE_MS: '250',
};

/** What goes wrong on the simulated day: a tool that turns slow for long enough to be called often at any time of day, tokens that multiply later. */
export const faultsOfDay = (end: number): Fault[] => [
  {
    kind: 'slow_tool',
    service: 'support-bot',
    tool: 'search_orders',
    from: end - 10 * HOUR_MS,
    to: end - 7 * HOUR_MS,
    factor: 8,
  },
  { kind: 'cost_jump', service: 'shop-assistant', from: end - 5 * HOUR_MS, to: end - 3 * HOUR_MS, factor: 6 },
];

/** What goes wrong while we watch. */
export const faultsOfNow = (start: number): Fault[] => [
  { kind: 'slow_tool', service: 'support-bot', tool: 'search_orders', from: start, to: start + LIVE_FAULT_MS, factor: 8 },
];
