import { type Finding } from './finding';

/** What to change so that it does not happen again. */
export function fixOf({ cause, tool }: Pick<Finding, 'cause' | 'tool'>): string {
  const name = tool === '' ? 'the tool' : tool;
  switch (cause) {
    case 'tool_error':
      return `let ${name} check this before the agent calls it, or tell the agent in the description of ${name} what it answers here and what to do then`;
    case 'call_failed':
      return 'look at the error of the call; retry it where the error passes by itself';
    case 'wrong_arguments':
      return `state this in the argument schema of ${name} (type, required, enum, pattern) so that a wrong call is refused before it runs`;
    case 'wrong_id_carried':
      return `name ids by their kind in results and arguments, and let ${name} refuse an id of another kind with a message that says which it wants`;
    case 'missing_precondition':
      return `say in the description of ${name} what must be called before it, or let it refuse otherwise`;
    case 'ungrounded_value':
      return `tell the agent to ask for what it does not know, and let ${name} check that the value exists`;
    case 'contradicts_user':
      return `let the agent repeat what it understood before it calls ${name}, and compare the call with it`;
    case 'contradicts_result':
      return `let ${name} compare its arguments with what is stored, and refuse where they differ`;
    case 'breaks_policy':
      return `check this rule in ${name} itself; an instruction alone did not hold`;
    case 'not_confirmed':
      return `let ${name} ask for a confirmation that the agent can only have from the person`;
    case 'repeated_change':
      return `give ${name} an idempotency key, so that the same change is made once`;
    case 'claim_without_call':
      return 'check answers that say something is done against the calls that were made';
    case 'call_never_made':
      return 'instruct the agent to make the call as soon as the person agrees, and watch for agreement without a call';
    case 'unfinished':
      return 'look for a limit of steps or time, or a crash, and let the agent answer before it';
    case 'corrected_by_user':
    case 'asked_again':
      return 'keep what the person said in the context, and look at what the agent was given when it answered';
    case 'handed_over':
    case 'refused':
      return 'say in the instructions what is within reach and what is not; compare with conversations of the same request that went well';
    case 'departs_from_others':
      return 'compare this step with the same step of the similar conversations named';
    case 'by_position':
      return 'read this step first; a score or label on more conversations of this kind makes the next explanation better';
  }
}
