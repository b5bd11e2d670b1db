import { type Rejection } from '../processor/task-processor';
import { type Effects } from './effects';
import { type DlqReason, type DropReason, type StepResult } from './results';
import { type StepTimer } from './step-timer';

/**
 * A step that adds fields: `Need` is what it reads, `Adds` is what it adds. The types enforce the order of steps: a step that needs a field
 * which only a later step adds does not compile. A step is a named function; its name becomes its metric label and DLQ header.
 */
export type Step<Need, Adds, Ctx> = <T extends Need>(item: T, ctx: Ctx) => StepResult<T & Adds>;

/** Why an item ended in the DLQ, and in which step. */
export interface Failure {
  readonly reason: DlqReason;
  readonly step: string;
  readonly error: string;
}

/** Builds the DLQ entry of a failed item: from the whole input record, or from the part of it that the item is. */
export type Reject<T, R = Rejection> = (item: T, failure: Failure) => R;

export interface BatchResult<T, R = Rejection> {
  readonly passed: readonly T[];
  readonly rejections: readonly R[];
  /** Dropped items by `dropped_<reason>`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Turns a batch of records into items that are ready to be written, through a list of steps in order. `Base` is what all items of this
 * level have in common; a rejection is built from it, whatever step fails.
 */
export interface BatchPipeline<In, T extends Base, Ctx, R = Rejection, Base = T> {
  readonly stepNames: readonly string[];
  /** One item at a time. */
  pipe<Next extends Base>(step: (item: T, ctx: Ctx) => StepResult<Next>): BatchPipeline<In, Next, Ctx, R, Base>;
  /** One item becomes several. After this step, each part fails on its own and is rejected through `reject`. */
  expand<Part>(
    step: (item: T, ctx: Ctx) => StepResult<readonly Part[]>,
    reject: Reject<Part, R>,
  ): BatchPipeline<In, Part, Ctx, R, Part>;
  /**
   * Gets all items of the batch at once, for work that is cheaper in bulk or asynchronous. It may remove and add items. Only this kind of
   * step may reject its promise; the whole batch is then retried, so the steps before it must not change state.
   */
  gather<Next extends Base>(
    step: (items: readonly T[], ctx: Ctx) => readonly Next[] | Promise<readonly Next[]>,
  ): BatchPipeline<In, Next, Ctx, R, Base>;
  /** Items with the same `keyOf` pass as a group or not at all: when one fails, the group is rejected once, with that failure. */
  together(keyOf: (item: T) => unknown): BatchPipeline<In, T, Ctx, R, Base>;
  run(items: readonly In[], ctx: Ctx): BatchResult<T, R> | Promise<BatchResult<T, R>>;
  /** `run` for a pipeline without asynchronous steps; throws a TypeError when a step returns a promise. */
  runSync(items: readonly In[], ctx: Ctx): BatchResult<T, R>;
}

/** An item in progress. An item with a `failure` stays until its group is complete. */
interface Flow {
  value: unknown;
  failure: Failure | null;
}

interface Run {
  flows: Flow[];
  reject: Reject<unknown, unknown>;
  readonly rejections: unknown[];
  readonly dropped: Record<string, number>;
}

type Stage<Ctx> = (run: Run, ctx: Ctx) => void | Promise<void>;

/** Steps that take turns are measured on one item of so many: reading the clock after each would cost a quarter of the time of the enricher. */
const SAMPLED_EVERY = 32;
/** While traces are on, the context of a batch has a timer of its steps. */
const timerOf = (ctx: unknown): StepTimer | undefined => (ctx as { readonly timer?: StepTimer } | undefined)?.timer;

/** Only the class of the error: its message may quote content. */
const failureOf = (step: string, error: unknown): Failure => ({
  reason: 'step_failed',
  step,
  error: error instanceof Error ? error.name : typeof error,
});

const countDrop = (run: Run, reason: string): void => {
  const name = `dropped_${reason}`;
  run.dropped[name] = (run.dropped[name] ?? 0) + 1;
};

/** Turns failed items into rejections. */
function settle(run: Run): void {
  const passed: Flow[] = [];
  for (const flow of run.flows)
    if (flow.failure) run.rejections.push(run.reject(flow.value, flow.failure));
    else passed.push(flow);
  run.flows = passed;
}

type ItemStep<Ctx> = (item: unknown, ctx: Ctx) => StepResult<unknown>;

/** Takes an item through steps, until one drops it (answers the reason) or fails. */
function takeThrough<Ctx>(flow: Flow, steps: readonly ItemStep<Ctx>[], ctx: Ctx, timer?: StepTimer): DropReason | null {
  let name = '';
  try {
    for (const step of steps) {
      name = step.name;
      const result = step(flow.value, ctx);
      timer?.passed(name);
      if (result.kind === 'drop') return result.reason;
      if (result.kind === 'dlq') {
        flow.failure = { reason: result.reason, step: name, error: result.error };
        return null;
      }
      flow.value = result.value;
    }
  } catch (error) {
    flow.failure = failureOf(name, error);
  }
  return null;
}

/** One item after another through all steps, so that what they allocate for one is gone before the next. */
const pipeStage =
  <Ctx>(steps: readonly ItemStep<Ctx>[]): Stage<Ctx> =>
  (run, ctx) => {
    const timer = timerOf(ctx);
    const sample = timer?.sample();
    let kept = 0;
    let taken = 0;
    for (const flow of run.flows) {
      const isSampled = sample !== undefined && taken++ % SAMPLED_EVERY === 0;
      if (isSampled) sample.started();
      const dropped = flow.failure ? null : takeThrough(flow, steps, ctx, isSampled ? sample : undefined);
      if (dropped !== null) countDrop(run, dropped);
      else run.flows[kept++] = flow;
    }
    run.flows.length = kept;
    if (!timer || !sample) return;
    const shares = sample.take();
    timer.passedTogether(shares.length > 0 ? shares : steps.map(({ name }) => [name, 1] as const));
  };

const expandStage =
  <Ctx>(step: ItemStep<Ctx>, reject: Reject<unknown, unknown>): Stage<Ctx> =>
  (run, ctx) => {
    const parts: Flow[] = [];
    for (const flow of run.flows) {
      if (flow.failure) continue;
      const dropped = takeThrough(flow, [step], ctx);
      if (dropped !== null) countDrop(run, dropped);
      else if (!flow.failure) for (const value of flow.value as readonly unknown[]) parts.push({ value, failure: null });
    }
    settle(run);
    run.flows = parts;
    run.reject = reject;
    timerOf(ctx)?.passed(step.name);
  };

const gatherStage =
  <Ctx>(step: (items: readonly unknown[], ctx: Ctx) => readonly unknown[] | Promise<readonly unknown[]>): Stage<Ctx> =>
  (run, ctx) => {
    settle(run);
    const keep = (values: readonly unknown[]): void => {
      timerOf(ctx)?.passed(step.name);
      run.flows = values.map((value) => ({ value, failure: null }));
    };
    const gathered = step(run.flows.map(({ value }) => value), ctx); // prettier-ignore
    return gathered instanceof Promise ? gathered.then(keep) : keep(gathered);
  };

const togetherStage =
  <Ctx>(keyOf: (item: unknown) => unknown): Stage<Ctx> =>
  (run) => {
    const failed = new Map<unknown, Flow>();
    for (const flow of run.flows) if (flow.failure && !failed.has(keyOf(flow.value))) failed.set(keyOf(flow.value), flow);
    if (failed.size === 0) return;
    run.flows = run.flows.filter((flow) => !failed.has(keyOf(flow.value)) || failed.get(keyOf(flow.value)) === flow);
    settle(run);
  };

/** A bundler adds a number to a name that occurs twice in the bundle; labels and dead letters have the name of the source. */
const BUNDLED = /\d+$/;
function named(step: { readonly name: string }): string {
  const name = step.name.replace(BUNDLED, '');
  if (!name) throw new TypeError('a step is a named function: return function price(…) {…} from its factory');
  if (name !== step.name) Object.defineProperty(step, 'name', { value: name });
  return name;
}

function build<In, T extends Base, Ctx, R, Base>(
  reject: Reject<never, R>,
  done: readonly Stage<Ctx>[],
  /** Steps behind `done` that take one item at a time. */
  open: readonly ItemStep<Ctx>[],
  stepNames: readonly string[],
): BatchPipeline<In, T, Ctx, R, Base> {
  const stages = open.length > 0 ? [...done, pipeStage(open)] : done;
  const add = <Next extends Level, Level>(stage: Stage<Ctx>, name?: string): BatchPipeline<In, Next, Ctx, R, Level> =>
    build<In, Next, Ctx, R, Level>(reject, [...stages, stage], [], name === undefined ? stepNames : [...stepNames, name]);

  /** Runs the stages from `at` on; asynchronous only when one of them is. */
  function runFrom(at: number, run: Run, ctx: Ctx): void | Promise<void> {
    const stage = stages[at];
    if (!stage) return settle(run);
    const waits = stage(run, ctx);
    return waits ? waits.then(() => runFrom(at + 1, run, ctx)) : runFrom(at + 1, run, ctx);
  }

  function runAll(items: readonly In[], ctx: Ctx): BatchResult<T, R> | Promise<BatchResult<T, R>> {
    const run: Run = {
      flows: items.map((value) => ({ value, failure: null })),
      reject: reject as Reject<unknown, unknown>,
      rejections: [],
      dropped: {},
    };
    const resultOf = (): BatchResult<T, R> => ({
      passed: run.flows.map(({ value }) => value as T),
      rejections: run.rejections as R[],
      dropped: run.dropped,
    });
    timerOf(ctx)?.started();
    const waits = runFrom(0, run, ctx);
    return waits ? waits.then(resultOf) : resultOf();
  }

  return {
    stepNames,
    pipe: <Next extends Base>(step: (item: T, ctx: Ctx) => StepResult<Next>) =>
      build<In, Next, Ctx, R, Base>(reject, done, [...open, step as ItemStep<Ctx>], [...stepNames, named(step)]),
    expand: <Part extends Level, Level>(step: (item: T, ctx: Ctx) => StepResult<readonly Part[]>, rejectPart: Reject<Level, R>) =>
      add<Part, Level>(expandStage(step as ItemStep<Ctx>, rejectPart as Reject<unknown, unknown>), named(step)),
    gather: <Next extends Base>(step: (items: readonly T[], ctx: Ctx) => readonly Next[] | Promise<readonly Next[]>) =>
      add<Next, Base>(gatherStage(step as never), named(step)),
    together: (keyOf) => add<T, Base>(togetherStage(keyOf as never)),
    run: runAll,
    runSync(items, ctx) {
      const result = runAll(items, ctx);
      if (result instanceof Promise) throw new TypeError('a step of the pipeline returned a promise');
      return result;
    },
  };
}

/** An empty pipeline. `reject` builds the DLQ entry of a failed record, whatever steps it has passed. */
export const createBatchPipeline = <In extends Base, Ctx, R = Rejection, Base = In>(
  reject: Reject<Base, R>,
): BatchPipeline<In, In, Ctx, R, Base> => build<In, In, Ctx, R, Base>(reject, [], [], []);

/** Takes what did not pass over into the effects of the batch. */
export function reportResult(
  { rejections, dropped }: Omit<BatchResult<unknown>, 'passed'>,
  effects: Pick<Effects, 'reject' | 'count'>,
): void {
  rejections.forEach(effects.reject);
  for (const [reason, count] of Object.entries(dropped)) effects.count(reason, count);
}

/** Adds fields to an item in place, so that steps do not copy items. */
export const adding = <T extends object, Adds extends object>(item: T, adds: Adds): T & Adds => Object.assign(item, adds);
