import { type Conversation, type Step } from './conversation';
import { shortened } from './words';

export interface TreeNode {
  readonly step: number;
  readonly kind: 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly failed: boolean;
  /** It is the step that was named. */
  readonly marked: boolean;
  readonly event_id: string;
  readonly steps: readonly TreeNode[];
}

const MAX_NODES = 300;
const MAX_TEXT = 160;

function nodeOf(step: Step, marked: number | null): TreeNode {
  const isMarked = step.index === marked;
  const tools = step.calls.map((call): TreeNode => ({
    step: step.index, kind: 'tool', text: shortened(`${call.tool} ${JSON.stringify(call.args) ?? ''} → ${call.result}`, MAX_TEXT), failed: call.failed, marked: isMarked, event_id: call.eventId, steps: [],
  })); // prettier-ignore
  const [only] = tools;
  if (step.text === '' && step.error === '' && only && tools.length === 1) return only;
  return { step: step.index, kind: step.role === 'user' ? 'user' : 'assistant', text: shortened(step.error === '' ? step.text : step.error, MAX_TEXT), failed: step.error !== '', marked: isMarked && tools.length === 0, event_id: step.eventId, steps: tools };
} // prettier-ignore

/** What the person said, and under it what was done; at most 300 steps, the marked one among them. */
export function treeOf({ steps }: Conversation, marked: number | null): TreeNode[] {
  const shown = steps.filter(({ role, text, calls, error }) => (role === 'user' || role === 'assistant') && (text !== '' || error !== '' || calls.length > 0));
  const at = shown.findIndex(({ index }) => index === marked);
  const from = Math.max(0, at - MAX_NODES + 1);
  const roots: (Omit<TreeNode, 'steps'> & { readonly steps: TreeNode[] })[] = [];
  for (const step of shown.slice(from, from + MAX_NODES)) {
    const node = nodeOf(step, marked);
    const request = roots.at(-1);
    if (step.role === 'user' || request === undefined || request.kind !== 'user') roots.push({ ...node, steps: [...node.steps] });
    else request.steps.push(node);
  }
  return roots;
} // prettier-ignore
