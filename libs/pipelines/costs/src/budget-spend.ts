import { ALL_TENANTS, type BudgetSpendRecord, TOPICS } from '@telltale/contracts';
import {
  type Budget,
  budgetValueOf,
  isBySpend,
  mergeBudgets,
  nanoOfUsd,
  type Scoped,
  scopeOf,
  type Spend,
  sumSpend,
} from '@telltale/domain-cost';
import { type Effects, madeOfSettings, type TaskSettings } from '@telltale/streaming';
import { type OpenTurnCosts } from './state/open-turn-costs';

interface TurnLimit {
  readonly budget: Budget;
  readonly limit: number;
}
/** What of the budgets of a tenant only the service that sees each call can count. */
interface Watched {
  readonly ofCalls: readonly { readonly budget: Budget; readonly scope: string }[];
  readonly ofTurns: readonly TurnLimit[];
}

/** What only budgets ask of a call. */
export interface AboutCall {
  readonly user_id?: string | undefined;
  readonly agent_name?: string | undefined;
  readonly region?: string | undefined;
  readonly release?: string | undefined;
}

/** A call that is paid for: what it spends, or what a later price changes of that. */
export interface CountedCall {
  readonly about: AboutCall;
  readonly trace: string;
  readonly spend: Spend;
  /** Of the call itself, not weighted; null where a later price is meant. */
  readonly cost: number | null;
}

const scopedOf = ({ about, spend }: CountedCall): Scoped => ({
  ...spend,
  user_id: about.user_id ?? '',
  agent_name: about.agent_name ?? '',
  region: about.region ?? '',
  release: about.release ?? '',
});

export interface BudgetSpend {
  add(call: CountedCall): void;
  /** Sends what the batch added, and the turns that passed their bound in it. */
  flush(effects: Effects): void;
}

interface Part {
  readonly budget: string;
  readonly scope: string;
  readonly value: string;
  readonly isCorrection: boolean;
  readonly spends: Spend[];
}

/**
 * Counts for budgets what the topic of costs does not have: spend by user, agent, region and release, and what a turn costs so far. A tenant
 * without such a budget costs nothing.
 */
export function createBudgetSpend(settings: TaskSettings, turns: OpenTurnCosts): BudgetSpend {
  const watchedOf = madeOfSettings(settings, (tenant): Watched => {
    const budgets = mergeBudgets(settings.of('budget', ALL_TENANTS), settings.of('budget', tenant));
    return {
      ofCalls: budgets.filter((one) => !isBySpend(one)).map((budget) => ({ budget, scope: scopeOf(budget) })),
      ofTurns: budgets.flatMap((budget) => {
        const { max_turn_usd: most } = budget.value;
        return most === undefined ? [] : [{ budget, limit: nanoOfUsd(most) }];
      }),
    };
  });
  let parts = new Map<string, Part>();
  let findings: BudgetSpendRecord[] = [];

  function addToBudget(budget: Budget, scope: string, scoped: Scoped, { spend, cost }: CountedCall): void {
    const value = budgetValueOf(budget, scoped);
    if (value === null) return;
    const isCorrection = cost === null;
    const key = JSON.stringify([spend.tenant, budget.name, value, isCorrection]);
    const part = parts.get(key) ?? { budget: budget.name, scope, value, isCorrection, spends: [] };
    part.spends.push(spend);
    parts.set(key, part);
  }

  function addToTurn({ budget, limit }: TurnLimit, scoped: Scoped, { trace, spend, cost }: CountedCall): void {
    if (cost === null || spend.backfill || trace === '' || budgetValueOf(budget, scoped) === null) return;
    const turn = turns.add({ tenant: spend.tenant, budget: budget.name, trace, nano: cost, limit });
    if (turn === null) return;
    findings.push({
      kind: 'turn',
      tenant: spend.tenant,
      budget: budget.name,
      trace_id: trace,
      service_name: spend.service_name,
      cost_nano_usd: turn.nano,
      limit_nano_usd: limit,
      calls: turn.calls,
    });
  }

  function send(effects: Effects, record: BudgetSpendRecord): void {
    effects.output(TOPICS.budgetSpend, record.tenant, JSON.stringify(record));
  }

  return {
    add(call) {
      const { ofCalls, ofTurns } = watchedOf(call.spend.tenant);
      if (ofCalls.length === 0 && ofTurns.length === 0) return;
      const scoped = scopedOf(call);
      for (const { budget, scope } of ofCalls) addToBudget(budget, scope, scoped, call);
      for (const limit of ofTurns) addToTurn(limit, scoped, call);
    },
    flush(effects) {
      for (const { budget, scope, value, isCorrection, spends } of parts.values())
        for (const sum of sumSpend(spends.map(withoutDimensions))) {
          if (isCorrection && sum.cost_nano_usd === 0 && sum.unpriced_calls === 0) continue;
          send(effects, {
            kind: 'spend',
            tenant: sum.tenant,
            budget,
            scope,
            value,
            hour: sum.hour,
            calls: sum.calls,
            unpriced_calls: isCorrection ? 0 : sum.unpriced_calls,
            cost_nano_usd: sum.cost_nano_usd,
            cost_by_5_minutes: [...sum.cost_by_5_minutes],
            backfill: sum.backfill,
            correction: isCorrection,
            newly_priced_calls: isCorrection ? -sum.unpriced_calls : 0,
          });
        }
      for (const finding of findings) send(effects, finding);
      if (findings.length > 0) effects.count('expensive_turns', findings.length);
      parts = new Map();
      findings = [];
    },
  };
}

const withoutDimensions = (spend: Spend): Spend => ({
  ...spend,
  service_name: '', provider: '', model: '', kind: '', tool_name: '', deployment_environment: '', service_version: '', prompt_version: '',
}); // prettier-ignore
