import { type EventDraft, newDraft } from './draft';
import { tieToolCalls } from './tool-askers';

const draft = (kind: 'llm' | 'tool', span: string, at: number, of: Partial<EventDraft['event']> = {}): EventDraft => {
  const made = newDraft('acme', kind, 'otlp-traces', at);
  Object.assign(made.event, { trace_id: 't', span_id: span, ...of });
  return made;
};
const asks = (span: string, at: number, of: Partial<EventDraft['event']> = {}) =>
  draft('llm', span, at, { decision_chosen: 'weather', ...of });
const runs = (at: number, of: Partial<EventDraft['event']> = {}) => draft('tool', 'run', at, { tool_name: 'weather', ...of });
const askerOf = (...drafts: EventDraft[]): string | undefined => {
  tieToolCalls(drafts);
  return drafts.find(({ event }) => event.kind === 'tool')?.event.requested_by_span_id;
};

describe('a call of a tool without an id', () => {
  it.each<[string, EventDraft[], string]>([
    ['is tied to the call that asked for its name', [asks('a', 1), runs(2)], 'a'],
    ['is tied to the nearest of them, in whatever order they come', [runs(5), asks('b', 4), asks('a', 1)], 'b'],
    ['is not tied to a later one', [asks('a', 3), runs(2)], ''],
    ['is tied to one that asked for several tools', [asks('a', 1, { decision_chosen: 'time, weather' }), runs(2)], 'a'],
    ['is not tied to one that asked for another', [asks('a', 1, { decision_chosen: 'weather_in' }), runs(2)], ''],
    ['is not tied to one of another trace', [asks('a', 1, { trace_id: 'u' }), runs(2)], ''],
    ['is not tied to one of another tenant', [asks('a', 1, { tenant: 'other' }), runs(2)], ''],
    ['is tied by name where only the tool has an id', [asks('a', 1), runs(2, { tool_call_id: 'c1' })], 'a'],
    ['is left to its id where a call asked under it', [asks('a', 1, { requested_tool_call_ids: ['c1'] }), asks('b', 2), runs(3, { tool_call_id: 'c1' })], ''],
    ['keeps what its producer said', [asks('a', 1), runs(2, { requested_by_span_id: 'z' })], 'z'],
  ])('%s', (_, drafts, expected) => expect(askerOf(...drafts)).toBe(expected)); // prettier-ignore
});
