import { type Clock } from './clock';
import { createSubject } from './directives/match';
import { type EventKind } from './event';
import { type createLogs, type LogFields } from './log';
import {
  type Attributes,
  beginOperation,
  type OperationHandle,
  type OperationOptions,
  type RunningOperation,
  spanHere,
} from './operation';
import { type Pipeline } from './pipeline';
import { type EventFields } from './record';
import { currentScope, newSpanId, runIn, settle } from './scope';
import { INFO } from './severity';
import { snapshot } from './snapshot';

export interface TurnOptions extends OperationOptions {
  readonly name?: string;
}
export interface LlmOptions extends OperationOptions {
  readonly name?: string;
  readonly provider?: string;
  readonly model?: string;
}
export interface ToolOptions extends OperationOptions {
  readonly name: string;
}
export interface KindOptions extends OperationOptions {
  readonly kind: Exclude<EventKind, 'turn' | 'log' | 'session' | 'feedback'>;
  readonly name: string;
}
export interface Who {
  readonly id?: string;
  readonly user_id?: string;
}
export interface Decision {
  readonly options?: readonly string[];
  readonly chosen: string;
  readonly why?: string;
}
export interface Feedback {
  /** What is judged, such as `thumbs`. */
  readonly name: string;
  readonly value?: number;
  readonly label?: string;
  readonly comment?: string;
  /** Whether it is negative; when left out, a value below 0 or a label such as `negative` says so. */
  readonly negative?: boolean;
  /** The turn; the one this is called in when left out. */
  readonly trace_id?: string;
  readonly session_id?: string;
}

type Run<O, H = OperationHandle> = <T>(options: O, fn: (handle: H) => T) => T;

export interface Operations {
  session<T>(who: string | Who, fn: () => T): T;
  turn: Run<TurnOptions>;
  llmCall: Run<LlmOptions>;
  toolCall: Run<ToolOptions>;
  /** Any other operation: retrieval, agent, guardrail … */
  operation: Run<KindOptions>;
  /** A function that is recorded as a tool whenever it is called. */
  tool<A extends unknown[], R, S = unknown>(name: string, fn: (this: S, ...args: A) => R): (this: S, ...args: A) => R;
  /** Begins an operation that ends when it is reported to; for what is no single function. */
  begin(options: KindOptions): RunningOperation;
  decision(decision: Decision): void;
  feedback(feedback: Feedback): void;
  /** Says that something is not as it should be, by a category that can be counted. */
  report(category: string, detail?: LogFields | Error): void;
  /** Nothing of what `fn` does is recorded. */
  mute<T>(fn: () => T): T;
}

interface Deps {
  readonly clock: Clock;
  readonly pipeline: Pipeline;
  readonly logs: ReturnType<typeof createLogs>;
  readonly isDisabled: boolean;
  guard(fn: () => void): void;
}

const NEGATIVE = /^(?:negative|bad|poor|wrong|fail(?:ed)?|down|thumbs?[_ -]?down|dislike|no)$/i;
const MAX_ATTRIBUTES_BYTES = 32_000;

const isNegative = ({ negative, value, label }: Feedback): boolean =>
  negative ?? ((value !== undefined && value < 0) || (label !== undefined && NEGATIVE.test(label)));

const NOTHING: RunningOperation = {
  traceId: '',
  spanId: '',
  setInput: () => undefined,
  setOutput: () => undefined,
  set: () => undefined,
  setAttributes: () => undefined,
  fail: () => undefined,
  run: (fn) => fn(),
  end: () => undefined,
};

/** The same operation, of which nothing that goes wrong in it reaches the application. */
const guarded = (one: RunningOperation, guard: Deps['guard']): RunningOperation => ({
  traceId: one.traceId,
  spanId: one.spanId,
  setInput: (value) => guard(() => one.setInput(value)),
  setOutput: (value) => guard(() => one.setOutput(value)),
  set: (fields) => guard(() => one.set(fields)),
  setAttributes: (attributes) => guard(() => one.setAttributes(attributes)),
  fail: (error) => guard(() => one.fail(error)),
  run: (fn) => one.run(fn),
  end: () => guard(() => one.end()),
});

export function createOperations(deps: Deps): Operations {
  const { clock, pipeline, logs, guard, isDisabled } = deps;

  function start(kind: EventKind, name: string, options: OperationOptions): RunningOperation {
    let begun = NOTHING;
    guard(() => {
      begun = guarded(beginOperation(kind, name, options, deps), guard);
    });
    return begun;
  }

  function run<T>(running: RunningOperation, fn: (handle: OperationHandle) => T, keepResult: (value: unknown) => boolean): T {
    return settle(
      () => running.run(() => fn(running)),
      (value) => {
        if (keepResult(value)) running.setOutput(value);
        running.end();
      },
      (error) => {
        running.fail(error);
        running.end();
      },
    );
  }

  /** Records something that has no duration. */
  function note(kind: EventKind, fields: EventFields, attributes: Attributes, traceId?: string, sessionId?: string): void {
    const scope = currentScope();
    if (scope.isMuted) return;
    const { subject } = scope;
    const isOther = traceId !== undefined || sessionId !== undefined;
    const copy = snapshot(attributes, MAX_ATTRIBUTES_BYTES);
    const turn = traceId === undefined ? scope.turn : pipeline.turns.find(traceId);
    pipeline.take(
      {
        kind,
        rank: INFO,
        isLog: false,
        severity: null,
        isExempt: false,
        isFailure: false,
        hasContent: false,
        bytes: 400 + copy.bytes,
        at: clock.now(),
        spanId: newSpanId(),
        parentSpanId: traceId === undefined ? spanHere(scope) : '',
        logger: '',
        operation: scope.operation,
        subject: isOther ? createSubject(traceId ?? subject.traceId, sessionId ?? subject.sessionId, subject.userId) : subject,
        fields,
        attributes: copy.value as Record<string, unknown>,
        content: null,
      },
      turn,
    );
  }

  const isText = (value: unknown): boolean => typeof value === 'string';
  const isAny = (): boolean => true;
  const isNever = (): boolean => false;

  return {
    session(who, fn) {
      if (isDisabled) return fn();
      const outer = currentScope();
      const { id, user_id: user } = typeof who === 'string' ? { id: who, user_id: undefined } : who;
      const { traceId, sessionId, userId } = outer.subject;
      return runIn({ ...outer, subject: createSubject(traceId, id ?? sessionId, user ?? userId) }, fn);
    },
    turn({ name = 'turn', ...options }, fn) {
      return run(start('turn', name, options), fn, isText);
    },
    llmCall({ name, model, ...options }, fn) {
      const request_model = options.request_model ?? model;
      const fields = request_model === undefined ? options : { ...options, request_model };
      return run(start('llm', name ?? (request_model ? `chat ${request_model}` : 'chat'), fields), fn, isText);
    },
    toolCall: ({ name, ...options }, fn) => run(start('tool', name, options), fn, isAny),
    operation: ({ kind, name, ...options }, fn) => run(start(kind, name, options), fn, isNever),
    tool(name, fn) {
      return function (this, ...args) {
        const given: unknown = args.length === 1 ? args[0] : args;
        return run(start('tool', name, { arguments: given }), () => fn.apply(this, args), isAny);
      };
    },
    begin: ({ kind, name, ...options }) => start(kind, name, options),
    decision: ({ options, chosen, why }) =>
      guard(() =>
        note(
          'chain',
          {
            name: 'decision',
            status: 'ok',
            decision: {
              ...(options ? { options: options.map(String) } : {}),
              chosen: String(chosen),
              ...(why === undefined ? {} : { why }),
            },
          },
          {},
        ),
      ),
    feedback: (given) =>
      guard(() => {
        const { name, value, label, comment, trace_id: traceId, session_id: sessionId } = given;
        const score = { name, ...(value === undefined ? {} : { value }), ...(label === undefined ? {} : { label }) };
        const turn = traceId === undefined ? currentScope().turn : pipeline.turns.find(traceId);
        if (isNegative(given)) turn?.sendWhole(`feedback ${newSpanId()}`);
        note('feedback', { name, score }, comment === undefined ? {} : { comment }, traceId, sessionId);
      }),
    report: (category, detail) =>
      guard(() =>
        logs.write({
          severity: 'warn',
          logger: 'report',
          message: category,
          fields: detail instanceof Error ? { category, err: detail } : { ...detail, category },
        }),
      ),
    mute: (fn) => runIn({ ...currentScope(), isMuted: true }, fn),
  };
}
