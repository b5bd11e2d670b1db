/**
 * How much each rule says. Chosen on one half of the tasks of real airline conversations (docs/EXPLAIN.md has how often each is right on the
 * other half); only their order and the threshold matter.
 */
export const WEIGHTS = {
  wrong_id: 0.95,
  arguments_of_failed: 0.8,
  arguments: 0.55,
  precondition_of_failed: 0.75,
  precondition: 0.3,
  ungrounded: 0.5,
  error_left: 0.7,
  error_recovered: 0.2,
  step_failed: 0.7,
  program_failed: 0.3,
  contradicts_user: 0.7,
  contradicts_result: 0.6,
  policy: 0.7,
  not_confirmed: 0.35,
  repeated: 0.6,
  claim: 0.6,
  never_made: 0.5,
  made_late: 0.15,
  unfinished: 0.4,
  corrected: 0.4,
  asked_again: 0.3,
  nothing_changed: 0.15,
  handed_over: 0.2,
  refused: 0.2,
  departs: 0.85,
  tool_of_others: 0.4,
  /** The first change that worked; other places. */
  position_write: 0.3,
  position: 0.1,
} as const;

/** From here on a step is said to be wrong in a conversation that nobody judged. */
export const SURE_ENOUGH = 0.5;
