import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { askWhy } from '@telltale/query';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRight, newCase, type PlantedCase } from './case';

export type WhyAnswer = Awaited<ReturnType<typeof askWhy>>;

export interface AnsweredCase {
  readonly planted: PlantedCase;
  readonly answer: WhyAnswer;
  readonly seconds: number;
  /** Place of the right cause, from 0; -1: not named. Of a case without a fault 0 where none was named. */
  readonly place: number;
}

const NOW = Date.UTC(2026, 8, 14, 15, 20);

function placeOf(answer: WhyAnswer, { fault }: PlantedCase): number {
  if (fault.truths === null) return answer.causes.length === 0 ? 0 : -1;
  return answer.causes.findIndex((cause) => isRight(cause, fault));
}

/** Plants cases in real tables, one tenant each, and asks in words why. */
export async function runCases(seeds: readonly number[], each: (one: AnsweredCase) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-rootcause-'));
  const rows = createChdbRowStore({ path: folder });
  try {
    await rows.migrate('apply');
    for (const seed of seeds) {
      const planted = newCase(seed, NOW);
      const { tenant, turns, question } = planted;
      await rows.insert({
        table: 'turns',
        rows: turns.map((row) => JSON.stringify(row)),
        token: tenant,
        comment: 'telltale.eval',
      });
      const from = performance.now();
      const answer = await askWhy(question, ({ sql, params }) => rows.query(sql, { ...params, tenant }), NOW);
      each({ planted, answer, seconds: (performance.now() - from) / 1e3, place: placeOf(answer, planted) });
    }
  } finally {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
