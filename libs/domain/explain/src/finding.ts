import { type Conversation } from './conversation';
import { type Sources } from './sources';
import { type Facts } from './tool-facts';

/** Kinds of causes, with what each says. */
export const CAUSES = {
  tool_error: 'a tool answered with an error',
  call_failed: 'a call of a model or another operation failed',
  wrong_arguments: 'arguments differ from those of calls that worked',
  wrong_id_carried: 'an id of the wrong kind came from an earlier result',
  missing_precondition: 'a call that comes before in conversations that worked was not made',
  ungrounded_value: 'a value that nobody gave',
  contradicts_user: 'a call differs from what the person said',
  contradicts_result: 'a call differs from an earlier result',
  breaks_policy: 'a call that the instructions forbid',
  not_confirmed: 'a change without the agreement that the instructions ask for',
  repeated_change: 'the same change was made twice',
  claim_without_call: 'something is said to be done that no call did',
  call_never_made: 'the person agreed and the call never came',
  unfinished: 'it ends before an answer',
  corrected_by_user: 'the person said that it was wrong',
  asked_again: 'the person had to say the same again',
  handed_over: 'it was given to somebody else',
  refused: 'the request was turned down',
  departs_from_others: 'conversations like it that went well did something else',
  by_position: 'nothing in it is wrong by itself: the place where failures most often begin',
} as const;
export type Cause = keyof typeof CAUSES;

export interface Finding {
  readonly cause: Cause;
  /** Index of the message. */
  readonly step: number;
  /** The tool it is about; '' where it is about what was said. */
  readonly tool: string;
  /** One sentence. */
  readonly reason: string;
  /** 0 to 1: how much it says by itself that the step is where things went wrong. */
  readonly weight: number;
  /** Earlier steps that it rests on. */
  readonly evidence: readonly number[];
}

/** What rules may look at. */
export interface Scene {
  readonly conversation: Conversation;
  readonly facts: Facts;
  readonly sources: Sources;
  /** Conversations like it, the most alike first. */
  readonly similar: readonly Similar[];
}

export interface Similar {
  readonly id: string;
  /** 0 to 1. */
  readonly likeness: number;
  /** Share of the ids and numbers that both name: about the same thing, not only the same kind of thing. */
  readonly sharedIds: number;
  readonly ending: string;
  /** Known to have gone well, or known not to have. */
  readonly wentWell: boolean | null;
  /** Changes it made that worked: tool and arguments as canonical text. */
  readonly changes: readonly { readonly tool: string; readonly args: string; readonly value: unknown }[];
}

export type Rule = (scene: Scene) => Finding[];
