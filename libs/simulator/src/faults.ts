/** Times in ms since the epoch; `to` is not part of the fault. */
export type Fault =
  | {
      readonly kind: 'slow_tool';
      readonly tool: string;
      readonly service: string;
      readonly from: number;
      readonly to: number;
      /** Durations times this. */
      readonly factor: number;
    }
  | {
      readonly kind: 'cost_jump';
      readonly service: string;
      readonly from: number;
      readonly to: number;
      /** Tokens times this. */
      readonly factor: number;
    };

const isActive = (fault: Fault, at: number): boolean => at >= fault.from && at < fault.to;

export const toolFactor = (faults: readonly Fault[], service: string, tool: string, at: number): number =>
  faults.reduce(
    (factor, fault) =>
      fault.kind === 'slow_tool' && fault.service === service && fault.tool === tool && isActive(fault, at)
        ? factor * fault.factor
        : factor,
    1,
  );

export const tokenFactor = (faults: readonly Fault[], service: string, at: number): number =>
  faults.reduce(
    (factor, fault) =>
      fault.kind === 'cost_jump' && fault.service === service && isActive(fault, at) ? factor * fault.factor : factor,
    1,
  );
