import { type BudgetAlertRecord, type BudgetSpendRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { newTestRecord, newTestSettingRecord, newTestTask, outputsOf } from '@telltale/streaming/testing';
import { budgetsConfig, budgetsService } from './index';

/** A Monday in the middle of a month. */
export const NOW = Date.parse('2026-03-16T12:00:00Z');
export const newTopology = (config: Record<string, unknown> = {}) => budgetsService.open(budgetsConfig.parse(config));
export const newSut = (config: Record<string, unknown> = {}) => newTestTask(newTopology(config));

const partsOf = (at: number, nano: number): number[] => {
  const part = Math.floor((at - windowStart(at, HOUR_MS)) / 300_000);
  return Array.from({ length: 12 }, (_, i) => (i === part ? nano : 0));
};
/** What was spent at a moment, dollars. */
export const cost = (at: number, usd: number, change: Partial<CostRecord> = {}): LogRecord => {
  const nano = Math.round(usd * 1e9);
  return newTestRecord(TOPICS.costs.name, {
    tenant: 'acme', hour: isoTime(windowStart(at, HOUR_MS)), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', calls: 1, unpriced_calls: 0, cost_nano_usd: nano,
    cost_by_5_minutes: change.backfill || change.correction ? [] : partsOf(at, nano), input_tokens: 1, output_tokens: 1, backfill: false, watermark: isoTime(at), ...change,
  }); // prettier-ignore
};
export const correction = (at: number, usd: number, change: Partial<CostRecord> = {}): LogRecord =>
  cost(at, usd, { calls: 0, correction: true, ...change });
export const budget = (value: object | null, { name = 'monthly', version = 1, tenant = 'acme' } = {}): LogRecord =>
  newTestSettingRecord('budget', tenant, value, { name, version });
type OfSpend = Extract<BudgetSpendRecord, { kind: 'spend' }>;
export const ofCalls = (at: number, usd: number, change: Partial<OfSpend>): LogRecord => {
  const nano = Math.round(usd * 1e9);
  return newTestRecord(TOPICS.budgetSpend.name, {
    kind: 'spend', tenant: 'acme', budget: 'monthly', scope: '', value: '', hour: isoTime(windowStart(at, HOUR_MS)), calls: 1, unpriced_calls: 0, cost_nano_usd: nano,
    cost_by_5_minutes: partsOf(at, nano), backfill: false, correction: false, newly_priced_calls: 0, ...change,
  }); // prettier-ignore
};
export const alertsOf = (effects: BatchEffects) => outputsOf<BudgetAlertRecord>(effects, TOPICS.budgets.name);
export const edgesOf = (effects: BatchEffects) =>
  alertsOf(effects).map(
    ({ budget: name, value, kind, severity, state }) => `${name}${value && `/${value}`} ${kind} ${severity} ${state}`,
  );
