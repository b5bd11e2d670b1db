import { type TurnRecord, turnRecord } from '@telltale/contracts';
import { type Spend, type Spender, spendOf, sumSpend } from '@telltale/domain-cost';
import { createPriceBook } from '@telltale/domain-pricing';
import { createDice, hashId, DAY_MS, type Dice, isoTime, MINUTE_MS, windowStart } from '@telltale/kernel';

/** A kind of request that a service gets: what its turns call. */
export interface Route {
  readonly service: string;
  readonly intent: string;
  readonly version: string;
  readonly prompt: string;
  readonly provider: string;
  readonly model: string;
  /** Turns a day. */
  readonly turns: number;
  readonly sessions: number;
  readonly callsPerTurn: number;
  /** Of the calls, those that are made again after an error. */
  readonly retryShare: number;
  readonly inputTokens: number;
  readonly cacheShare: number;
  readonly outputTokens: number;
  /** Users that the turns are spread over. */
  readonly users: readonly string[];
  readonly region: string;
  readonly flag: string;
}

/** The store deletes what expired by the clock of the machine. */
const EXPIRES_ON = '2080-01-01';

/** Prices of one day, as a factor on those of the table, by model. */
export type PriceFactors = Readonly<Record<string, number>>;

const BOOK = createPriceBook();
/** Nano-dollars of one call by the table at the time. */
function costOf(route: Route, at: number, uncached: number, cached: number, output: number, factors: PriceFactors): number {
  const { provider, model } = route;
  const price = BOOK.priceOf({ provider, requestModel: model, responseModel: model, at, inputUncached: uncached, cacheRead: cached, cacheWrite: null, output, reasoning: null }); // prettier-ignore
  if (!price) throw new Error(`the price table has no price of ${provider}/${model}`);
  return Math.round(price.costNanoUsd * (factors[model] ?? 1));
}

/** The seed of dice that a text names. */
export const seedOf = (text: string): number => parseInt(hashId(8, text), 16);
const around = (dice: Dice, mean: number, spread: number): number => Math.max(1, Math.round(mean * Math.exp(spread * dice.normal() - spread ** 2 / 2))); // prettier-ignore

/** Spend and turns of one day as the services write them. `day`: its start, ms since the epoch. */
export function trafficOf(routes: readonly Route[], tenant: string, day: number, seed: string, factors: PriceFactors = {}): { readonly spend: Spend[]; readonly turns: TurnRecord[] } {
  const dice = createDice(seedOf(seed));
  const spends: Spend[] = [];
  const turns: TurnRecord[] = [];
  for (const [r, route] of routes.entries())
    for (let t = 0; t < route.turns; t++) {
      const at = day + Math.floor(dice.uniform() * DAY_MS);
      const id = `${seed}-${r}-${t}`;
      const whole = Math.floor(route.callsPerTurn);
      const first = whole + (dice.uniform() < route.callsPerTurn - whole ? 1 : 0);
      const sums = { calls: 0, retries: 0, uncached: 0, cached: 0, output: 0, nano: 0 };
      for (let c = 0; c < first; c++)
        for (let attempt = 0; attempt === 0 || (attempt < 5 && dice.uniform() < route.retryShare); attempt++) {
          const input = around(dice, route.inputTokens, 0.3);
          const cached = Math.round(input * route.cacheShare);
          const output = around(dice, route.outputTokens, 0.4);
          const nano = costOf(route, at, input - cached, cached, output, factors);
          const call: Spender = {
            tenant, kind: 'llm', ts: isoTime(at), service_name: route.service, service_version: route.version, deployment_environment: 'prod', provider: route.provider,
            request_model: route.model, response_model: route.model, tool_name: '', prompt_name: route.prompt.split('@')[0] ?? '', prompt_version: route.prompt.split('@')[1] ?? '',
            usage_estimated: false, cost_nano_usd: nano, price_version: 'table', sampling_weight: 1, backfill: false,
            usage_input_uncached: input - cached, usage_cache_read: cached, usage_output: output,
          }; // prettier-ignore
          spends.push(spendOf(call));
          sums.calls++;
          sums.retries += attempt > 0 ? 1 : 0;
          sums.uncached += input - cached;
          sums.cached += cached;
          sums.output += output;
          sums.nano += nano;
        }
      const user = route.users[Math.floor(dice.uniform() * route.users.length)] ?? '';
      turns.push(
        turnRecord.parse({
          tenant, turn_id: id, revision: 1, trace_id: id, session_id: `${seed}-${r}-s${t % Math.max(1, route.sessions)}`, user_id: user, name: 'turn', ts: isoTime(at),
          first_minute: isoTime(windowStart(at, MINUTE_MS)), received_at: isoTime(at), expires_on: EXPIRES_ON, outcome: 'answered', intent: route.intent,
          service_name: route.service, service_version: route.version, deployment_environment: 'prod', region: route.region, models: [route.model], providers: [route.provider],
          prompt_versions: [route.prompt], feature_flags: { compact: route.flag }, calls: { llm: sums.calls }, retries: sums.retries, usage_input_uncached: sums.uncached,
          usage_cache_read: sums.cached, usage_output: sums.output, cost_nano_usd: sums.nano,
        } satisfies Partial<TurnRecord>),
      ); // prettier-ignore
    }
  return { spend: sumSpend(spends), turns };
} // prettier-ignore
