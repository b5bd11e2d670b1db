import { type RowStore } from '@telltale/streaming';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImportFile } from './import-file';
import { cpuSeconds, mainThreadCpuSeconds, ownMb } from './process-figures';

const MB = 1_000_000;
const LOOK_EVERY_MS = 100;
/** Keys of hashes and pseudonyms, the same in every run. */
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/** What follows from the file alone: without when it arrived, how often a session was written meanwhile, and into how many sums spend fell. */
const COMPARED = {
  events: 'SELECT * EXCEPT (received_at, expires_on) FROM telltale.events',
  turns: 'SELECT * EXCEPT (received_at, expires_on) FROM telltale.turns FINAL',
  sessions: 'SELECT * EXCEPT (revision, expires_on) FROM telltale.sessions FINAL',
  spend: 'SELECT * FROM telltale.spend FINAL',
} as const;

export interface ImportFigures {
  import_events: number;
  import_seconds: number;
  import_events_per_second: number;
  import_cpu_seconds: number;
  import_cpu_us_per_event: number;
  import_main_thread_us_per_event: number;
  import_peak_mb: number;
  [digest: `import_${string}_digest`]: string;
}

/** The number of rows of a table, and a sum of the hashes of their content: equal for equal rows, in whatever order. */
async function digestOf(rows: RowStore, selected: string): Promise<string> {
  const sql = `SELECT concat(toString(count()), ':', hex(sum(cityHash64(formatRow('JSONEachRow', *))))) AS digest FROM (${selected})`;
  return (await rows.query<{ digest: string }>(sql))[0]?.digest ?? '';
}

/** `telltale import` of a file of JSON events into an empty home, until all of it can be queried: a process of its own, all services embedded. */
export async function benchImport(mb: number): Promise<ImportFigures> {
  const [{ createChdbRowStore }, { systemClock }] = await Promise.all([
    import('@telltale/adapter-clickhouse'),
    import('@telltale/platform-telemetry'),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  try {
    const file = join(folder, 'events.ndjson');
    const home = join(folder, 'home');
    const events = await writeImportFile(file, mb * MB);
    const from = systemClock.monotonic();
    const child = spawn(process.execPath, ['--max-semi-space-size=64', join(__dirname, '..', 'cli', 'main.cjs'), 'import', file, '--format', 'ndjson', '--json'], {
      // NODE_OPTIONS, so that it can be run with an inspector, a profile, other limits.
      env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '', TELLTALE_HOME: home, TELLTALE_MASTER_KEY: MASTER_KEY, LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }); // prettier-ignore
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let cpu = 0;
    let peak = 0;
    let mainCpu = 0;
    const looking = setInterval(() => {
      const { pid = 0 } = child;
      if (child.exitCode !== null) return;
      cpu = cpuSeconds(pid) || cpu;
      mainCpu = mainThreadCpuSeconds(pid) || mainCpu;
      peak = Math.max(peak, ownMb(pid));
    }, LOOK_EVERY_MS);
    const code = await ended.finally(() => clearInterval(looking));
    const seconds = (systemClock.monotonic() - from) / 1000;
    if (code !== 0) throw new Error(`telltale import ended with ${String(code)}`);
    const rows = createChdbRowStore({ path: join(home, 'tables') });
    const digests: Record<string, string> = {};
    for (const [table, rowsOf] of Object.entries(COMPARED)) digests[`import_${table}_digest`] = await digestOf(rows, rowsOf);
    await rows.close();
    return {
      import_events: events,
      import_seconds: Math.round(seconds * 10) / 10,
      import_events_per_second: Math.round(events / seconds),
      import_cpu_seconds: Math.round(cpu * 10) / 10,
      import_cpu_us_per_event: Math.round((cpu / events) * 1e6),
      import_main_thread_us_per_event: Math.round((mainCpu / events) * 1e6),
      import_peak_mb: peak,
      ...digests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
