import { createRandom } from '@telltale/simulator';
import { type KafkaApi } from './kafka-frames';

/** A fault for one request of a client. */
export type KafkaFault =
  /** The connection is cut; the broker never receives the request. */
  | { readonly kind: 'request_lost' }
  /** The connection is cut; the broker receives the request `ms` later and its response is lost. */
  | { readonly kind: 'request_late'; readonly ms: number }
  /** The broker responds; the connection is cut before the response arrives. */
  | { readonly kind: 'reply_lost' }
  /** The response arrives `ms` later. */
  | { readonly kind: 'reply_late'; readonly ms: number };

/** Decides about the `nth` request (from 1) of an API. */
export type FaultPlan = (api: KafkaApi, nth: number) => KafkaFault | null;

/** APIs that change the state of a transaction or a producer. */
export const WRITING_APIS: readonly KafkaApi[] = [
  'Produce',
  'EndTxn',
  'AddPartitionsToTxn',
  'AddOffsetsToTxn',
  'TxnOffsetCommit',
];
const LONGEST_MS = 120;

/** Random faults of every kind over `apis`; deterministic for a seed and an order of requests. */
export function randomFaults(options: {
  readonly seed: number;
  readonly rate: number;
  readonly apis?: readonly KafkaApi[];
}): FaultPlan {
  const random = createRandom(options.seed);
  const apis = new Set(options.apis ?? WRITING_APIS);
  return (api) => {
    if (!apis.has(api) || !random.chance(options.rate)) return null;
    const ms = random.int(0, LONGEST_MS);
    return random.pick<KafkaFault>([
      { kind: 'request_lost' },
      { kind: 'request_late', ms },
      { kind: 'reply_lost' },
      { kind: 'reply_late', ms },
    ]);
  };
}

/** One fault at the next request of an API. */
export function faultOnce(at: KafkaApi, fault: KafkaFault): FaultPlan {
  let left = true;
  return (api) => {
    if (api !== at || !left) return null;
    left = false;
    return fault;
  };
}
