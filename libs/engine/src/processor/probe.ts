/** Named points of the range protocol at which a crash test may end the process. */
export const PROBE_POINTS = ['after_intent', 'after_insert', 'before_commit', 'mid_transaction', 'during_restore'] as const;
export type ProbePoint = (typeof PROBE_POINTS)[number];
export type Probe = (point: ProbePoint) => void;
export const noProbe: Probe = () => undefined;
