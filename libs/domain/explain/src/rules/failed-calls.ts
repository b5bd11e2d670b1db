import { before, callsIn, type ToolCall } from '../conversation';
import { argumentProblems } from '../check-arguments';
import { type Finding, type Rule, type Scene } from '../finding';
import { isWrite } from '../tool-kind';
import { shortened } from '../words';
import { WEIGHTS } from '../weights';

const workedLater = (calls: readonly ToolCall[], failed: ToolCall): boolean =>
  calls.some(({ tool, step, failed: again }) => tool === failed.tool && step > failed.step && !again);

const LEAST_CALLS = 8;
/** What is left of a weight where the agent got over the failure by itself. */
const RECOVERED = 0.3;

/** Tools that came before in nearly every call that worked, and did not here. */
function missingBefore({ conversation, facts }: Scene, call: ToolCall): Finding[] {
  const known = facts.get(call.tool);
  if (!known?.before || known.unfailed < LEAST_CALLS || !(call.failed || isWrite(call.tool))) return [];
  const worked = new Set(callsIn(conversation).flatMap((one) => (one.step < call.step && !one.failed ? [one.tool] : [])));
  const [missing] = Object.entries(known.before)
    .filter(([tool, n]) => n / known.unfailed >= 0.97 && !worked.has(tool))
    .sort((a, b) => b[1] - a[1]);
  if (!missing) return [];
  const [tool, n] = missing;
  return [
    {
      cause: 'missing_precondition',
      step: call.step,
      tool: call.tool,
      reason: `${call.tool} was called without ${tool} before it, which came before in ${n} of ${known.unfailed} calls that worked`,
      weight: call.failed ? WEIGHTS.precondition_of_failed : WEIGHTS.precondition,
      evidence: [],
    },
  ];
}

/** Calls that failed, and why; calls that worked but differ from all others that did. */
export const callRules: Rule = (scene) => {
  const calls = callsIn(scene.conversation);
  return calls.flatMap((call) => {
    const problems = argumentProblems(scene, call);
    const missing = missingBefore(scene, call);
    if (!call.failed) return [...problems, ...missing];
    const isOver = workedLater(calls, call);
    const reason = `${call.tool} answered “${shortened(call.error, 160)}”${isOver ? '; a later call of it worked' : ''}`;
    const error: Finding = { cause: 'tool_error', step: call.step, tool: call.tool, reason, weight: isOver ? WEIGHTS.error_recovered : WEIGHTS.error_left, evidence: [] }; // prettier-ignore
    return [error, ...[...problems, ...missing].map((one) => (isOver ? { ...one, weight: one.weight * RECOVERED } : one))];
  });
};

const OUTPUT_OF_FAILURE = /^Traceback \(most recent call last\)|\bexit ?code:? [1-9]|^\w*(?:Error|Exception): /m;

/** Output of a program that failed, given to an agent as a message: what the agent had run before it is what failed. */
export const failedPrograms: Rule = ({ conversation: { steps } }) =>
  steps.flatMap((step): Finding[] => {
    const said = step.calls.length === 0 && step.index > 0 ? OUTPUT_OF_FAILURE.exec(step.text)?.[0] : undefined;
    const ran = said === undefined ? undefined : before(steps, step.index, 'assistant');
    return ran ? [{ cause: 'call_failed', step: ran.index, tool: '', reason: `what it ran answered “${shortened(said ?? '', 80)}” in step ${step.index}`, weight: WEIGHTS.program_failed, evidence: [step.index] }] : [];
  }); // prettier-ignore

/** Calls of models, agents and others that failed. */
export const failedSteps: Rule = ({ conversation: { steps } }) =>
  steps.flatMap(({ index, error }) =>
    error === ''
      ? []
      : [{ cause: 'call_failed' as const, step: index, tool: '', reason: `it failed with “${shortened(error, 160)}”`, weight: WEIGHTS.step_failed, evidence: [] }],
  ); // prettier-ignore
