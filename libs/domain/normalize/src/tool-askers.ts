import { type EventDraft } from './draft';

const traceOf = ({ event }: EventDraft): string => `${event.tenant}/${event.trace_id}`;
const isCall = ({ event }: EventDraft): boolean => event.kind === 'llm' && event.trace_id !== '' && event.decision_chosen !== '';
const isUntied = ({ event }: EventDraft): boolean =>
  event.kind === 'tool' && event.tool_name !== '' && event.requested_by_span_id === '';

/** The last of `calls`, which are in order of time, that started no later than `at`. */
function lastBefore(calls: readonly EventDraft[], at: number): EventDraft | undefined {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return calls[low - 1];
}

/**
 * Ties calls of tools to the calls of models that asked for them where no id does, since one side sends none: the nearest call before it, in
 * its trace, that asked for a tool of its name. Calls that are not among `drafts` are not known.
 */
export function tieToolCalls(drafts: readonly EventDraft[]): void {
  const calls = drafts.filter(isCall).sort((a, b) => a.at - b.at);
  if (calls.length === 0) return;
  const byName = new Map<string, EventDraft[]>();
  const askedIds = new Set<string>();
  for (const call of calls) {
    const trace = traceOf(call);
    for (const id of call.event.requested_tool_call_ids) askedIds.add(`${trace}/${id}`);
    for (const tool of new Set(call.event.decision_chosen.split(', '))) {
      const same = byName.get(`${trace}/${tool}`);
      if (same) same.push(call);
      else byName.set(`${trace}/${tool}`, [call]);
    }
  }
  for (const draft of drafts) {
    // An id that some call asked under ties the two itself.
    if (!isUntied(draft) || askedIds.has(`${traceOf(draft)}/${draft.event.tool_call_id}`)) continue;
    const asker = lastBefore(byName.get(`${traceOf(draft)}/${draft.event.tool_name}`) ?? [], draft.at);
    if (asker) draft.event.requested_by_span_id = asker.event.span_id;
  }
}
