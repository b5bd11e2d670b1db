import { confidenceOf, featuresOf } from '@telltale/domain-rootcause';
import { quantile } from 'simple-statistics';
import { calibrationError, fitConfidence, type Observed, reliability, type ReliabilityBin } from './calibrate';
import { isRight } from './case';
import { countIncidents } from './incidents-of-faults';
import { type PeerName, peersOf } from './rootcause-peers';
import { type AnsweredCase, runCases } from './run-cases';

interface TopK {
  readonly top1: number;
  readonly top3: number;
}

export interface RootcauseFigures extends TopK {
  readonly cases: number;
  /** Three values at random of those that the turns of a case have, of cases with a fault that lies in them. */
  readonly chance_top3: number;
  readonly lift: number;
  readonly false_incidents_share: number;
  readonly incidents_per_fault: number;
  readonly faults_with_incident: string;
  readonly seconds_p95: number;
  readonly seconds_median: number;
  /** Of the first cause of each case. */
  readonly calibration_error: number;
  /** Of every cause that was named. */
  readonly calibration_error_all: number;
  readonly reliability: readonly ReliabilityBin[];
  readonly by_kind: Readonly<Record<string, TopK & { readonly cases: number }>>;
  readonly peers: Readonly<Record<PeerName, TopK>>;
  /** Weights of the confidence that fit these seeds best; those in force were fitted on others. */
  readonly fitted?: object;
}

export interface RootcauseOptions {
  readonly cases: number;
  readonly firstSeed: number;
  /** Also fits the weights of the confidence to these seeds. */
  readonly fit: boolean;
}

/** Fleets whose incidents are counted; a fleet's random numbers come from its seed and the one after it. */
const FLEETS = 3;
const FLEET_SEEDS_APART = 10;
const rounded = (value: number): number => Math.round(1_000 * value) / 1_000;
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : rounded(values.reduce((sum, value) => sum + value, 0) / values.length)); // prettier-ignore
const topK = (places: readonly number[]): TopK => ({
  top1: mean(places.map((place) => (place === 0 ? 1 : 0))),
  top3: mean(places.map((place) => (place >= 0 && place < 3 ? 1 : 0))),
});

/** What is kept of a case: its turns are not. */
interface Result {
  readonly kind: string;
  readonly place: number;
  readonly seconds: number;
  readonly chance: number | null;
  readonly peers: Readonly<Record<PeerName, number>>;
  readonly causes: readonly (Observed & { readonly features: ReturnType<typeof featuresOf> })[];
}

function resultOf({ planted, answer, seconds, place }: AnsweredCase): Result {
  const { fault } = planted;
  const { ranked, values } = peersOf(planted);
  const truths = fault.truths ?? [];
  const placeIn = (name: PeerName): number =>
    ranked[name].findIndex(({ dimension, value }) => truths.some((truth) => truth.length === 1 && truth[0]?.dimension === dimension && truth[0].value === value)); // prettier-ignore
  const isInValues = truths.some((truth) => truth.length === 1);
  return {
    kind: fault.kind,
    place,
    seconds,
    chance: isInValues ? Math.min(1, 3 / values) : null,
    peers: { largest_lift: placeIn('largest_lift'), earliest_onset: placeIn('earliest_onset'), largest_share: placeIn('largest_share') },
    causes: answer.causes.map((cause) => ({ confidence: cause.confidence ?? confidenceOf(cause.support), isRight: isRight(cause, fault), features: featuresOf(cause.support) })),
  }; // prettier-ignore
}

/** Planted faults among distractors, asked about in words over the real tables. */
export async function evaluateRootcause({ cases, firstSeed, fit }: RootcauseOptions): Promise<RootcauseFigures> {
  const results: Result[] = [];
  const seeds = Array.from({ length: cases }, (_, i) => firstSeed + i);
  await runCases(seeds, (one) => void results.push(resultOf(one)));
  const {
    faults,
    faults_with_incident: seen,
    ...incidents
  } = countIncidents(Array.from({ length: FLEETS }, (_, i) => firstSeed + FLEET_SEEDS_APART * i));
  const chance = mean(results.flatMap(({ chance: one }) => (one === null ? [] : [one])));
  const own = topK(results.map(({ place }) => place));
  const firsts = results.flatMap(({ causes }) => causes.slice(0, 1));
  const all = results.flatMap(({ causes }) => causes);
  const kinds = [...new Set(results.map(({ kind }) => kind))].sort();
  const seconds = results.map((one) => one.seconds);
  const peer = (name: PeerName): TopK => topK(results.map(({ peers }) => peers[name]));
  return {
    cases: results.length,
    ...own,
    chance_top3: chance,
    lift: rounded(own.top3 / Math.max(chance, 1e-9)),
    false_incidents_share: incidents.false_incidents_share,
    incidents_per_fault: incidents.incidents_per_fault,
    faults_with_incident: `${seen} of ${faults}`,
    seconds_p95: rounded(quantile(seconds, 0.95)),
    seconds_median: rounded(quantile(seconds, 0.5)),
    calibration_error: calibrationError(firsts),
    calibration_error_all: calibrationError(all),
    reliability: reliability(all),
    by_kind: Object.fromEntries(
      kinds.map((kind) => {
        const places = results.filter((one) => one.kind === kind).map(({ place }) => place);
        return [kind, { cases: places.length, ...topK(places) }];
      }),
    ),
    peers: { largest_lift: peer('largest_lift'), earliest_onset: peer('earliest_onset'), largest_share: peer('largest_share') },
    ...(fit && { fitted: fitConfidence(all) }),
  };
}
