import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { billedModel, type Difference, DIFFERENCES, type Reconciliation } from '@telltale/domain-cost';
import { groupBy } from '@telltale/kernel';
import { type AskContext, COMMANDS } from '@telltale/query';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BILL_CASES, type BillCase, correctionRow, simulateBill } from './simulated-bills';

const FIRST_DAY = Date.UTC(2026, 9, 1);
const TENANT = 'acme';

interface CaseFigures {
  readonly billed_usd: number;
  /** What explains most. */
  readonly found: string;
  readonly plain_difference_share: number;
  readonly unexplained_share: number;
}
export interface ReconcileFigures {
  /** Of bills that have an explanation, what is left unexplained, by day and model and without sign. */
  readonly reconcile_unexplained_share: number;
  /** The simplest way: the difference of sums, by day and model. */
  readonly reconcile_plain_difference_share: number;
  /** Cases of which the planted reason explains most. */
  readonly reconcile_reasons_found: { readonly found: number; readonly of: number };
  /** Of what was billed and never recorded, the share that is called unexplained: an explanation that fits everything would hide it. */
  readonly reconcile_missing_found: number;
  readonly reconcile_cases: Readonly<Record<string, CaseFigures>>;
}

type Day = Reconciliation['days'][number];
const sumOf = <T>(of: readonly T[], value: (one: T) => number): number => of.reduce((sum, one) => sum + value(one), 0);
const unexplainedIn = (days: readonly Day[]): number => sumOf(days, ({ differences }) => Math.abs(differences.unexplained));
const plainIn = (days: readonly Day[]): number => sumOf(days, (day) => Math.abs(day.billed_nano_usd - day.recorded_nano_usd));
const billedIn = (days: readonly Day[]): number => sumOf(days, (day) => day.billed_nano_usd);
const round = (share: number): number => Math.round(share * 1e5) / 1e5;

/** The reason that explains most, by days and without sign. */
function mainReason(days: readonly Day[]): Difference {
  const by = (why: Difference): number => sumOf(days, ({ differences }) => Math.abs(differences[why]));
  return [...DIFFERENCES].sort((a, b) => by(b) - by(a))[0] ?? 'unexplained';
}

/** Bills of simulated calls, one of each provider, through the tables and the question that people ask. */
export async function evaluateReconcile({ seed, days }: { readonly seed: number; readonly days: number }): Promise<ReconcileFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-reconcile-'));
  const rows = createChdbRowStore({ path: folder });
  const reconcile = COMMANDS.find(({ name }) => name === 'reconcileBill');
  try {
    await rows.migrate('apply');
    const found: (readonly [BillCase, readonly Day[]])[] = [];
    let [missing, missed] = [0, 0];
    for (const [provider, cases] of groupBy(BILL_CASES, (one) => one.provider)) {
      const bills = cases.map((one, nth) => ({ one, ...simulateBill(one, { seed, tenant: `${TENANT}-${provider}-${nth}`, firstDay: FIRST_DAY, days }) }));
      for (const { one, events, corrections } of bills) {
        const insert = (table: string, list: readonly string[]): Promise<void> =>
          rows.insert({ table, rows: list, token: `${one.name} ${table}`, comment: 'evaluation of bills' });
        await insert('events', events.map((event) => JSON.stringify({ ...event, tenant: TENANT })));
        if (corrections.length > 0) await insert('cost_corrections', corrections.map((correction) => correctionRow({ ...correction, tenant: TENANT })));
      }
      const context = { tenant: TENANT, rows } satisfies Partial<AskContext>;
      const answer = (await reconcile?.ask?.({ lines: bills.flatMap(({ lines }) => lines) }, context as unknown as AskContext)) as Reconciliation;
      for (const { one, missingNano } of bills) {
        const own = answer.days.filter(({ model }) => model === billedModel(one.billedAs));
        found.push([one, own]);
        if (one.why !== null) continue;
        missing += missingNano;
        missed += sumOf(own, ({ differences }) => differences.unexplained);
      }
    }
    const explicable = found.filter(([{ why }]) => why !== null);
    const all = explicable.flatMap(([, of]) => of);
    return {
      reconcile_unexplained_share: round(unexplainedIn(all) / billedIn(all)),
      reconcile_plain_difference_share: round(plainIn(all) / billedIn(all)),
      reconcile_reasons_found: { found: explicable.filter(([{ why }, of]) => mainReason(of) === why).length, of: explicable.length },
      reconcile_missing_found: round(missed / missing),
      reconcile_cases: Object.fromEntries(
        found.map(([{ name }, of]) => [
          name,
          { billed_usd: round(billedIn(of) / 1e9), found: mainReason(of), plain_difference_share: round(plainIn(of) / billedIn(of)), unexplained_share: round(unexplainedIn(of) / billedIn(of)) },
        ]),
      ),
    };
  } finally {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  }
} // prettier-ignore
