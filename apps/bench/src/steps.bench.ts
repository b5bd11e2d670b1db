import { benchEnrich } from '@telltale/pipeline-enrich/bench';

/** What each step of enrichment takes, in memory and without any IO. */
export function benchSteps(): Promise<Record<string, number>> {
  const { us_by_step, us_per_event, events_per_second, bytes_per_event } = benchEnrich();
  const steps = Object.entries(us_by_step).map(([step, us]) => [`step_${step}_us`, us] as const);
  return Promise.resolve({
    ...Object.fromEntries(steps),
    steps_us_per_event: us_per_event,
    steps_events_per_second: events_per_second,
    steps_bytes_per_event: bytes_per_event,
  });
}
