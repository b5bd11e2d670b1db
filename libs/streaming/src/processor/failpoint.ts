/** Named points of the batch protocol at which a crash test may end the process. */
export const PROBE_POINTS = ['after_intent', 'after_insert', 'before_commit', 'mid_transaction', 'during_restore'] as const;
export type FailpointName = (typeof PROBE_POINTS)[number];
export type Failpoint = (point: FailpointName) => void;
export const noFailpoint: Failpoint = () => undefined;
