/** One call of a tool as the conversation shows it. */
export interface ToolCall {
  /** Index of the message that made it. */
  readonly step: number;
  readonly tool: string;
  /** As JSON; text where it is none; undefined where nothing is known of it. */
  readonly args: unknown;
  readonly result: string;
  /** The result as JSON; undefined where it is none. */
  readonly value: unknown;
  readonly failed: boolean;
  readonly error: string;
  /** The event it is stored as; '' in a conversation that is none of events. */
  readonly eventId: string;
}

export interface Step {
  /** 0-based index of the message in its conversation. */
  readonly index: number;
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** What failed in it besides a call of a tool: a call of a model, an agent. */
  readonly error: string;
  readonly eventId: string;
}

export type Ending = 'failed' | 'succeeded' | 'unknown';

export interface Conversation {
  readonly id: string;
  readonly steps: readonly Step[];
  /** As somebody judged it: a score, a label, feedback; the outcome of a turn is none. */
  readonly ending: Ending;
}

export const MAX_STEPS = 1_000;
/** Characters that are kept of what was said; instructions are longer. */
export const keptOf = (role: Step['role'], text: string): string => text.slice(0, role === 'system' ? 40_000 : 6_000);

/** Rules that look at each change beside all that was said look at so many of them. */
export const MAX_CHANGES = 60;

export const callsIn = ({ steps }: Pick<Conversation, 'steps'>): ToolCall[] => steps.flatMap(({ calls }) => calls);
export const policyOf = ({ steps }: Pick<Conversation, 'steps'>): string =>
  steps.filter(({ role }) => role === 'system').map(({ text }) => text).join('\n'); // prettier-ignore

/** The nearest step of a role before `index`. */
export const before = (steps: readonly Step[], index: number, role: Step['role']): Step | undefined =>
  steps.findLast((step) => step.index < index && step.role === role && (step.text !== '' || step.calls.length > 0));
