import { type CorrectionRecord } from '@telltale/contracts';
import { correctionOf, type Difference, type StoredCall } from '@telltale/domain-cost';
import { createPriceBook } from '@telltale/domain-pricing';
import { createDice, DAY_MS, type Dice, HOUR_MS, isoTime, MINUTE_MS, SECOND_MS, windowStart } from '@telltale/kernel';
import { seedOf } from '../spikes/traffic';

/** A model whose bill differs from what was recorded, and why. */
export interface BillCase {
  readonly name: string;
  /** What explains most of the difference; null where the bill has what was never recorded. */
  readonly why: Difference | null;
  readonly provider: string;
  /** As the calls name it. */
  readonly model: string;
  /** As the bill names it; a bill has one line for input and one for output. */
  readonly billedAs: string;
  /** Taken off list prices by contract, 0 to 1. */
  readonly discount?: number;
  /** USD for a million tokens, of a model that Telltale has no price of. */
  readonly unknown?: { readonly input: number; readonly output: number };
  /** Of the calls, those whose usage was counted from the content, 0 to 1. */
  readonly counted?: number;
  /** What the calls were recorded at, as a factor of the right price; corrected later. */
  readonly recordedAt?: number;
  /** Half of the calls take longer than this, ms. */
  readonly medianMs?: number;
  /** Of the calls, those that were never recorded, 0 to 1. */
  readonly missing?: number;
}

export const BILL_CASES: readonly BillCase[] = [
  { name: 'calls across midnight', why: 'late', provider: 'openai', model: 'gpt-4o', billedAs: 'gpt-4o-2024-08-06', medianMs: 6 * MINUTE_MS },
  { name: 'counted usage', why: 'estimated', provider: 'openai', model: 'gpt-4o-mini', billedAs: 'gpt-4o-mini-2024-07-18', counted: 0.3 },
  { name: 'prices corrected later', why: 'corrected', provider: 'openai', model: 'gpt-4.1-2025-04-14', billedAs: 'gpt-4.1-2025-04-14', recordedAt: 1.25, counted: 0.02 },
  { name: 'a model without a price', why: 'unpriced', provider: 'openai', model: 'acme-large-2', billedAs: 'acme-large-2', unknown: { input: 1.7, output: 6.3 } },
  { name: 'a discount by contract', why: 'discount', provider: 'anthropic', model: 'claude-sonnet-4-20250514', billedAs: 'Claude Sonnet 4', discount: 0.15 },
  { name: 'a discount and counted usage', why: 'discount', provider: 'anthropic', model: 'claude-opus-4-20250514', billedAs: 'Claude Opus 4', discount: 0.15, counted: 0.05 },
  { name: 'calls that were never recorded', why: null, provider: 'mistral', model: 'mistral-large-latest', billedAs: 'mistral-large-latest', missing: 0.08 },
]; // prettier-ignore

export interface BillLine {
  readonly day: string;
  readonly model: string;
  readonly usd: number;
}
export interface SimulatedBill {
  readonly lines: readonly BillLine[];
  /** Rows of events. */
  readonly events: readonly object[];
  readonly corrections: readonly CorrectionRecord[];
  /** Billed of calls that were never recorded, nano-dollars. */
  readonly missingNano: number;
}

const CALLS_A_DAY = 100;
/** The usage that is counted from the content is off by this much, as the standard deviation of its logarithm. */
const COUNT_ERROR = 0.2;
/** An agent's call may take many minutes. */
const [MEDIAN_MS, DURATION_SPREAD] = [20 * SECOND_MS, 1.5];
const MAX_MS = HOUR_MS;
/** A bill is in whole ten-thousandths of a dollar. */
const BILL_DIGITS = 4;

const BOOK = createPriceBook();
const around = (dice: Dice, median: number, spread: number): number =>
  Math.max(1, Math.round(median * Math.exp(spread * dice.normal())));

/** Nano-dollars of the input and of the output of a call; null without a price. */
function priceOf({ provider, model, unknown }: BillCase, at: number, input: number, output: number, isProvider: boolean): readonly [number, number] | null {
  if (unknown) return isProvider ? [Math.round(input * unknown.input * 1_000), Math.round(output * unknown.output * 1_000)] : null;
  const of = (inputUncached: number, outputTokens: number): number => {
    const price = BOOK.priceOf({ provider, requestModel: model, responseModel: model, at, inputUncached, cacheRead: null, cacheWrite: null, output: outputTokens, reasoning: null });
    if (!price) throw new Error(`the price table has no price of ${provider}/${model}`);
    return price.costNanoUsd;
  };
  return [of(input, 0), of(0, output)];
} // prettier-ignore

/** Calls of some days and what their provider bills: by the day on which a call ends, at what was agreed, with the true usage. */
export function simulateBill(one: BillCase, { seed, tenant, firstDay, days }: { readonly seed: number; readonly tenant: string; readonly firstDay: number; readonly days: number }): SimulatedBill {
  const dice = createDice(seedOf(`${one.name} ${seed}`));
  const { provider, model, discount = 0, counted = 0, recordedAt = 1, missing = 0, medianMs = MEDIAN_MS } = one;
  const billed = new Map<string, number>();
  const events: object[] = [];
  const corrections: CorrectionRecord[] = [];
  let missingNano = 0;
  const lastDay = firstDay + days * DAY_MS;
  // Calls of the day before are on the first day of the bill, when they end there.
  for (let day = firstDay - DAY_MS; day < lastDay; day += DAY_MS) {
    const calls = Math.round(CALLS_A_DAY * (0.7 + 0.6 * dice.uniform()));
    for (let nth = 0; nth < calls; nth++) {
      const at = day + Math.floor(dice.uniform() * DAY_MS);
      const end = at + Math.min(MAX_MS, around(dice, medianMs, DURATION_SPREAD));
      const [input, output] = [around(dice, 9_000, 0.6), around(dice, 600, 0.6)];
      const isMissing = dice.uniform() < missing;
      const isCounted = dice.uniform() < counted;
      const error = isCounted ? Math.exp(COUNT_ERROR * dice.normal()) : 1;
      const charged = priceOf(one, at, input, output, true);
      const billedOn = isoTime(end).slice(0, 10);
      if (charged && end >= firstDay && end < lastDay) {
        for (const [i, what] of ['input', 'output'].entries()) {
          const line = JSON.stringify([billedOn, `${one.billedAs}, ${what}`]);
          billed.set(line, (billed.get(line) ?? 0) + (charged[i] ?? 0) * (1 - discount));
        }
        if (isMissing) missingNano += (charged[0] + charged[1]) * (1 - discount);
      }
      if (isMissing) continue;
      const [seenInput, seenOutput] = [Math.max(1, Math.round(input * error)), Math.max(1, Math.round(output * error))];
      const seen = priceOf(one, at, seenInput, seenOutput, false);
      const right = seen && seen[0] + seen[1];
      const recorded = right === null ? null : Math.round(right * recordedAt);
      const id = `${tenant}-${(day - firstDay) / DAY_MS}-${nth}`;
      events.push({
        tenant, id, kind: 'llm', name: 'chat', ts: isoTime(at), received_at: isoTime(end), expires_on: '2080-01-01', status: 'ok', trace_id: id, service_name: 'shop', provider,
        request_model: model, response_model: model, usage_input_uncached: seenInput, usage_output: seenOutput, usage_estimated: isCounted, sampling_weight: 1,
        cost_nano_usd: recorded, price_version: recorded === null ? '' : 'table',
      }); // prettier-ignore
      if (right === null || recorded === right) continue;
      const stored: StoredCall = {
        tenant, id, at, service_name: 'shop', provider, model, kind: 'llm', name: 'chat', tool_name: '', trace_id: id, deployment_environment: '', service_version: '', prompt_version: '',
        user_id: '', agent_name: '', region: '', release: '', estimated: isCounted, backfill: false, sampling_weight: 1, cost_nano_usd: recorded, price_version: 'table', corrected_nano_usd: null,
      }; // prettier-ignore
      const correction = correctionOf(stored, { costNanoUsd: right, version: 'corrected' }, lastDay);
      if (correction) corrections.push(correction);
    }
  }
  const lines = [...billed].map(([line, nano]): BillLine => {
    const [day, name] = JSON.parse(line) as [string, string];
    return { day, model: name, usd: Number((nano / 1e9).toFixed(BILL_DIGITS)) };
  });
  return { lines, events, corrections, missingNano };
} // prettier-ignore

/** The row of a correction as the costs service writes it. */
export function correctionRow(correction: CorrectionRecord): string {
  const hour = isoTime(windowStart(Date.parse(correction.ts), HOUR_MS));
  const others = { previous_cost_nano_usd: undefined, previous_unpriced: undefined, user_id: undefined, agent_name: undefined, region: undefined, release: undefined }; // prettier-ignore
  return JSON.stringify({ ...correction, hour, ...others });
}
