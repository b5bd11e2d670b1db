import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { turnRowAndRecord } from '@telltale/contracts';
import { ALL, type Cause, type ExplainedSlice } from '@telltale/domain-cost';
import { createPriceBook } from '@telltale/domain-pricing';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { type AskContext, QUERIES } from '@telltale/query';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantSpike, type PlantedSpike, SPIKE_KINDS } from './planted-spikes';
import { trafficOf } from './traffic';

const TODAY = Date.parse('2026-11-23T00:00:00Z');
/** Spend of the second day, as a multiple of the first: a little under and over twice. */
const [LEAST, MOST] = [1.6, 2.6];
/** Strengths that are tried, from weak to strong. */
const STRENGTHS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 40];

export interface SpikeFigures {
  readonly spikes: number;
  /** The first cause is the planted part of the planted slice. */
  readonly spike_top1: number;
  readonly spike_top3: number;
  /** The simplest rule: the value of any dimension whose spend changed most is the slice; what it says of parts does not count. */
  readonly largest_slice_top1: number;
  readonly spike_unexplained_nano_usd: number;
  readonly spikes_by_kind: Readonly<Record<string, { readonly spikes: number; readonly top1: number }>>;
}

/** A slice with more of the spend than this is nearly all of it, and no answer. */
const WHOLE = 0.9;

interface Explained {
  readonly after_nano_usd: number;
  readonly unexplained_nano_usd: number;
  readonly causes: readonly Cause[];
  readonly slices: readonly ExplainedSlice[];
}

const sumOf = (spend: readonly { readonly cost_nano_usd: number }[]): number =>
  spend.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0);
const isOf = ({ dimension, value }: { readonly dimension: string; readonly value: string }, { truth }: PlantedSpike): boolean =>
  truth.slices.some(([of, name]) => of === dimension && (dimension === ALL || value.includes(name)));

/** Traffic of the two days with the weakest planted change that makes about twice the spend; null where none does. */
function findSpike(kind: string, seed: string, tenant: string) {
  for (const strength of STRENGTHS) {
    const spike = plantSpike(kind, seed, strength);
    const before = trafficOf(spike.before, tenant, TODAY - DAY_MS, `${tenant}-b`);
    const after = trafficOf(spike.after, tenant, TODAY, `${tenant}-a`, spike.prices);
    const factor = sumOf(after.spend) / sumOf(before.spend);
    if (factor >= LEAST && factor <= MOST) return { spike, before, after };
  }
  return null;
}

export interface SpikeOptions {
  /** Chooses the spikes. */
  readonly seed: number;
  readonly perKind: number;
  readonly kinds?: readonly string[];
}

/** Spikes of every kind, through the tables and the question that people ask. */
export async function evaluateSpikes({ seed, perKind, kinds = SPIKE_KINDS }: SpikeOptions): Promise<SpikeFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-spikes-'));
  const rows = createChdbRowStore({ path: folder });
  const explain = QUERIES.find(({ name }) => name === 'explainSpend');
  const book = createPriceBook();
  try {
    await rows.migrate('apply');
    const insert = (table: string, list: readonly string[], of: string): Promise<void> =>
      rows.insert({ table, rows: list, token: `${table} ${of}`, comment: 'evaluation of spikes' });
    const counts = { spikes: 0, top1: 0, top3: 0, largest: 0, unexplained: 0 };
    const byKind: Record<string, { spikes: number; top1: number }> = {};
    for (const kind of kinds)
      for (let n = 0, tried = 0; n < perKind && tried < 4 * perKind; tried++) {
        const tenant = `${kind}-${seed}-${tried}`;
        const found = findSpike(kind, `${seed}-${tried}`, tenant);
        if (!found) continue;
        n++;
        for (const [day, { spend, turns }] of Object.entries({ before: found.before, after: found.after })) {
          await insert('spend', spend.map((row) => JSON.stringify({ ...row, cost_by_5_minutes: undefined })), `${tenant} ${day}`); // prettier-ignore
          await insert('turns', turns.map((turn) => turnRowAndRecord(turn)[0]), `${tenant} ${day}`); // prettier-ignore
        }
        const context = { tenant, rows, priceOf: (call) => book.priceOf(call), clock: { now: () => TODAY + DAY_MS + HOUR_MS, monotonic: () => 0, sleep: () => Promise.resolve() } } satisfies Partial<AskContext>;
        const answer = (await explain?.ask?.({ from: new Date(TODAY).toISOString(), to: new Date(TODAY + DAY_MS).toISOString() }, context as unknown as AskContext)) as Explained;
        const isRight = (cause: Cause): boolean => cause.part === found.spike.truth.part && isOf(cause, found.spike);
        const right = answer.causes.findIndex(isRight);
        const of = (byKind[kind] ??= { spikes: 0, top1: 0 });
        of.spikes++;
        counts.spikes++;
        if (right === 0) of.top1++;
        if (right === 0) counts.top1++;
        if (right >= 0 && right < 3) counts.top3++;
        const largest = answer.slices.find((slice) => slice.after_nano_usd < WHOLE * answer.after_nano_usd);
        if (largest && isOf(largest, found.spike)) counts.largest++;
        counts.unexplained += Math.abs(answer.unexplained_nano_usd);
      }
    const share = (count: number): number => Math.round((1_000 * count) / counts.spikes) / 1_000;
    return {
      spikes: counts.spikes,
      spike_top1: share(counts.top1),
      spike_top3: share(counts.top3),
      largest_slice_top1: share(counts.largest),
      spike_unexplained_nano_usd: counts.unexplained,
      spikes_by_kind: byKind,
    };
  } finally {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  }
} // prettier-ignore
