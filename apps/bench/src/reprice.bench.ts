import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient, type Io, repriceInSlices } from '@telltale/cli';
import { DAY_MS } from '@telltale/kernel';

const CALLS = 300_000;
const AT_ONCE = 10_000;
const MB = 1_048_576;
const round = (seconds: number): number => Math.round(seconds * 100) / 100;
/** By the table each costs 2,500,000 nano-dollars; two thirds are stored with another price, or none. */
const COSTS = [2_500_000, 1, null] as const;

const callAt = (i: number, from: number): string => {
  const ts = new Date(from + Math.floor((i * DAY_MS) / CALLS));
  return JSON.stringify({
    tenant: 'default', id: `e${i}`, kind: 'llm', name: 'chat', ts, received_at: ts, expires_on: new Date(from + 30 * DAY_MS).toISOString().slice(0, 10),
    status: 'ok', trace_id: `t${i >> 2}`, service_name: `service-${i % 7}`, provider: 'openai', request_model: 'gpt-4o', usage_input_uncached: 1_000, usage_output: 0,
    sampling_weight: 1, cost_nano_usd: COSTS[i % COSTS.length], price_version: 'old/1',
  }); // prettier-ignore
};

const silent: Io = {
  out: () => undefined,
  err: () => undefined,
  redraw: () => undefined,
  isOutTty: false,
  isErrTty: false,
  columns: Infinity,
  env: {},
  signal: new AbortController().signal,
};

/** A day of calls priced again over embedded storage, as the command does it: read, priced, sent, stored by costs. */
export async function benchReprice(): Promise<{
  reprice_calls: number;
  reprice_corrections: number;
  reprice_seconds: number;
  reprice_cpu_seconds: number;
  reprice_again_seconds: number;
  reprice_rss_growth_mb: number;
}> {
  const { startStandalone } = await import('@telltale/app-standalone');
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const running = await startStandalone({ home, targets: ['costs', 'insights'], port: 0, grpcPort: null, quiet: true, env: {} });
  const own = { settled: () => Promise.resolve(null), close: () => Promise.resolve() };
  const client = createHttpClient(running.url, running.apiKey, own);
  const from = Math.floor(Date.now() / DAY_MS - 3) * DAY_MS;
  const timed = async () => {
    const start = performance.now();
    const cpu = process.cpuUsage();
    const report = await repriceInSlices(silent, client, from, from + DAY_MS, false);
    const { user, system } = process.cpuUsage(cpu);
    return { report, seconds: round((performance.now() - start) / 1e3), cpuSeconds: round((user + system) / 1e6) };
  };
  try {
    for (let i = 0; i < CALLS; i += AT_ONCE) {
      const rows = Array.from({ length: AT_ONCE }, (_, nth) => callAt(i + nth, from));
      await running.rows.insert({ table: 'events', rows, token: `bench:${i}`, comment: 'bench' });
    }
    const before = process.memoryUsage.rss();
    let peak = before;
    const looking = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
    const first = await timed();
    clearInterval(looking);
    const again = await timed();
    return {
      reprice_calls: first.report.calls,
      reprice_corrections: first.report.corrections,
      reprice_seconds: first.seconds,
      reprice_cpu_seconds: first.cpuSeconds,
      reprice_again_seconds: again.seconds,
      reprice_rss_growth_mb: Math.round((peak - before) / MB),
    };
  } finally {
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
