import { perCore, warmPerCore } from './enricher.bench';
import { type EnricherLoad, runEnrichers } from './enricher-load';

type Load = Omit<EnricherLoad, 'signal'>;
const EVENTS = 200_000;
const BASE: Load = { events: EVENTS, input: 'native', tenants: 1, names: 3, processes: 1 };

/** What grows, one at a time. A tenant of 98 services with as many tools each has just under the 10,000 series that a task admits of it. */
const LOADS: readonly (readonly [name: string, load: Load])[] = [
  ['processes_1', BASE],
  ['processes_2', { ...BASE, processes: 2, events: 2 * EVENTS }],
  ['tenants_10', { ...BASE, tenants: 10 }],
  ['tenants_100', { ...BASE, tenants: 100 }],
  ['series_1k', { ...BASE, names: 31 }],
  ['series_10k', { ...BASE, names: 98 }],
  ['series_70k', { ...BASE, names: 98, tenants: 10, events: 2 * EVENTS }],
];

/**
 * What an event costs the enricher while processes, tenants and series grow, each beside the first run: CPU microseconds once warm, and the
 * ratio to that run; and events a second by the clock, with broker and store on the same machine.
 */
export async function benchScaling({ signal }: Pick<EnricherLoad, 'signal'>): Promise<Record<string, number | string>> {
  const figures: Record<string, number | string> = {};
  let base = 0;
  for (const [name, load] of LOADS) {
    const run = await runEnrichers({ ...load, signal });
    if (typeof run === 'string') return { scaling: run };
    const us = 1e6 / (warmPerCore(run) ?? perCore(load.events, run.cpuSeconds));
    base ||= us;
    Object.assign(figures, {
      [`scaling_${name}_us_per_event`]: Number(us.toFixed(1)),
      [`scaling_${name}_ratio`]: Number((us / base).toFixed(2)),
      [`scaling_${name}_events_per_second`]: Math.round(load.events / run.seconds),
      ...(name.startsWith('series') && { [`scaling_${name}_series`]: run.series }),
      scaling_how: run.how,
    });
  }
  return figures;
}
