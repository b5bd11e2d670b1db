import { type EventDraft } from './draft';

const traceOf = ({ event }: EventDraft): string => `${event.tenant}/${event.trace_id}`;
const asks = ({ event }: EventDraft, tool: string): boolean => event.decision_chosen.split(', ').includes(tool);

/**
 * Ties calls of tools to the calls of models that asked for them where no id does, since one side sends none: the nearest call before it, in
 * its trace, that asked for a tool of its name. Calls that are not among `drafts` are not known.
 */
export function tieToolCalls(drafts: readonly EventDraft[]): void {
  const calls = new Map<string, EventDraft[]>();
  for (const draft of drafts)
    if (draft.event.kind === 'llm' && draft.event.trace_id !== '' && draft.event.decision_chosen !== '')
      calls.set(traceOf(draft), [...(calls.get(traceOf(draft)) ?? []), draft]);
  if (calls.size === 0) return;
  for (const { event, at, ...rest } of drafts) {
    if (event.kind !== 'tool' || event.tool_name === '' || event.requested_by_span_id !== '') continue;
    const own = calls.get(traceOf({ event, at, ...rest })) ?? [];
    // An id that some call asked under ties the two itself.
    if (event.tool_call_id !== '' && own.some((call) => call.event.requested_tool_call_ids.includes(event.tool_call_id)))
      continue;
    const before = own.filter((call) => call.at <= at && asks(call, event.tool_name));
    const asker = before.reduce<EventDraft | null>((latest, call) => (latest && latest.at >= call.at ? latest : call), null);
    if (asker) event.requested_by_span_id = asker.event.span_id;
  }
}
