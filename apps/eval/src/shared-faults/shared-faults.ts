import { median } from 'simple-statistics';
import { type Call, isOverAll, playServices, type Seen, type Trouble } from './live-services';

/** Of one fault, over the seeds. */
export interface SharedFaultFigures {
  /** Runs with exactly one anomaly over all services. */
  readonly one_over_all: string;
  /** From the beginning of the fault until that anomaly was reported; median of the runs with one, null without any. */
  readonly windows_until_it: number | null;
  /** The same of the first anomaly of a service: when people would have heard of it without series over all services. */
  readonly windows_until_first_of_service: number | null;
  /** Anomalies of operations of services, and how many of them name the one over all services. */
  readonly of_services: number;
  readonly that_name_it: number;
  /** Runs that ended with exactly one incident since the fault began. */
  readonly one_incident: string;
}

const SEEDS = Array.from({ length: 8 }, (_, i) => 101 + i);
const WINDOWS = { windows: 620, fault: 540 };

const CALLS: readonly Call[] = [
  { service: 'search', kind: 'llm', name: 'chat gpt-4o', model: 'gpt-4o', provider: 'openai', rate: 0.2 },
  { service: 'shop', kind: 'llm', name: 'chat gpt-4o', model: 'gpt-4o', provider: 'openai', rate: 1 },
  { service: 'travel', kind: 'llm', name: 'chat gpt-4o-mini', model: 'gpt-4o-mini', provider: 'openai', rate: 4.5 },
  { service: 'desk', kind: 'llm', name: 'chat claude', model: 'claude', provider: 'anthropic', rate: 2 },
  { service: 'search', kind: 'tool', name: 'find', rate: 4.5 },
  { service: 'shop', kind: 'tool', name: 'find', rate: 0.2 },
  { service: 'desk', kind: 'tool', name: 'find', rate: 1 },
  { service: 'shop', kind: 'tool', name: 'refund', rate: 1 },
  { service: 'travel', kind: 'tool', name: 'flights', rate: 2 },
];

const SHARED: Readonly<Record<string, { readonly isOf: (call: Call) => boolean; readonly busiest: string }>> = {
  provider: { isOf: ({ provider }) => provider === 'openai', busiest: 'travel' },
  tool: { isOf: ({ name }) => name === 'find', busiest: 'search' },
};
const FAULTS: readonly (readonly [name: string, how: Omit<Trouble, 'hits'>, ofOneService?: boolean])[] = [
  ['30 % of its calls fail', { failing: 0.3 }],
  ['all of its calls fail', { failing: 1 }],
  ['twice as slow', { slower: 2 }],
  ['8 times as slow', { slower: 8 }],
  ['60 % of those of its busiest service fail', { failing: 0.6 }, true],
  ['those of its busiest service are 4 times as slow', { slower: 4 }, true],
];

const medianOf = (values: readonly number[]): number | null => (values.length === 0 ? null : median([...values]));

function figuresOf(runs: readonly Seen[]): SharedFaultFigures {
  const each = runs.map(({ anomalies, incidents }) => {
    const overAll = anomalies.filter(({ anomaly }) => isOverAll(anomaly) && !anomaly.metric.startsWith('tenant.turn.'));
    const ofServices = anomalies.filter(({ anomaly }) => anomaly.metric.startsWith('operation.'));
    const named = ofServices.filter(({ anomaly }) => overAll.some((one) => one.anomaly.id === anomaly.parent_anomaly_id));
    return { overAll, ofServices, named, first: ofServices.map(({ after }) => after).sort((a, b) => a - b)[0], incidents };
  });
  const countOf = (isSuch: (run: (typeof each)[number]) => boolean): string => `${each.filter(isSuch).length} of ${each.length}`;
  return {
    one_over_all: countOf(({ overAll }) => overAll.length === 1),
    windows_until_it: medianOf(each.flatMap(({ overAll }) => overAll.slice(0, 1).map(({ after }) => after))),
    windows_until_first_of_service: medianOf(each.flatMap(({ first }) => (first === undefined ? [] : [first]))),
    of_services: each.reduce((sum, { ofServices }) => sum + ofServices.length, 0),
    that_name_it: each.reduce((sum, { named }) => sum + named.length, 0),
    one_incident: countOf(({ incidents }) => incidents.length === 1),
  };
}

/** Faults of what several services call, and of one of these services, from events through the scorer to incidents, live; one run a seed. */
export function evaluateSharedFaults(seeds: readonly number[] = SEEDS): Promise<Record<string, SharedFaultFigures>> {
  const figures: Record<string, SharedFaultFigures> = {};
  for (const [what, { isOf, busiest }] of Object.entries(SHARED))
    for (const [name, how, ofOneService = false] of FAULTS) {
      const hits = (call: Call): boolean => isOf(call) && (!ofOneService || call.service === busiest);
      figures[`${what}: ${name}`] = figuresOf(seeds.map((seed) => playServices(CALLS, { ...how, hits }, { ...WINDOWS, seed })));
    }
  return Promise.resolve(figures);
}
