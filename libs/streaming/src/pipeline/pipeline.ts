import { type DlqReason, type DropReason, type StepResult } from './results';

/** One named step: a pure rule adapted to the pipeline. Its function name is its metric label and DLQ header. */
export type Step<In, Out, Ctx> = (item: In, ctx: Ctx) => StepResult<Out>;

export type PipelineResult<Out> =
  | { readonly kind: 'ok'; readonly value: Out }
  | { readonly kind: 'drop'; readonly reason: DropReason; readonly step: string }
  | { readonly kind: 'dlq'; readonly reason: DlqReason; readonly step: string; readonly error: string };

export interface Pipeline<In, Out, Ctx> {
  readonly stepNames: readonly string[];
  then<Next>(step: Step<Out, Next, Ctx>): Pipeline<In, Next, Ctx>;
  run(item: In, ctx: Ctx): PipelineResult<Out>;
}

type AnyStep<Ctx> = Step<unknown, unknown, Ctx>;

function build<In, Out, Ctx>(steps: readonly AnyStep<Ctx>[]): Pipeline<In, Out, Ctx> {
  return {
    stepNames: steps.map((step) => step.name),
    then: <Next>(step: Step<Out, Next, Ctx>) => {
      if (!step.name) throw new TypeError('a step is a named function: return function priceStep(…) {…} from its factory');
      return build<In, Next, Ctx>([...steps, step as unknown as AnyStep<Ctx>]);
    },
    run(item, ctx) {
      let value: unknown = item;
      for (const step of steps) {
        let result: StepResult<unknown>;
        try {
          result = step(value, ctx);
        } catch (error) {
          // The class alone: a message may quote content.
          return {
            kind: 'dlq',
            reason: 'step_failed',
            step: step.name,
            error: error instanceof Error ? error.name : typeof error,
          };
        }
        if (result.kind === 'ok') value = result.value;
        else return { ...result, step: step.name };
      }
      return { kind: 'ok', value: value as Out };
    },
  };
}

/** Steps in the order an item meets them; anything but `ok` ends the walk. A step that throws sends its item to the DLQ. */
export const createPipeline = <In, Ctx>(): Pipeline<In, In, Ctx> => build<In, In, Ctx>([]);
