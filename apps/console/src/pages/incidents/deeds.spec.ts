import { type Deed, doneOf, isTaken, NO_TIME_MS, undoOf } from './deeds';
import { type IncidentAnswer } from './questions';

const HOUR = 3_600_000;
const incident = (of: object = {}) => ({ owner: 'ann', state: 'open', anomaly_ids: ['a1', 'a2'], acknowledged_at: null, silenced_until: null, ...of }) as unknown as IncidentAnswer['incident']; // prettier-ignore
const entry = (ref: string) => ({ at: '2026-03-16T10:00:00.000Z', kind: 'triage', text: '', ref, by: 'me' }) as const;
const seen = (of: object = {}, refs: readonly string[] = [], isCut = false) => ({ incident: incident(of), timeline: refs.map(entry), timeline_truncated: isCut }); // prettier-ignore

const silence: Deed = { kind: 'silence', forMs: HOUR, note: '' };
const label: Deed = { kind: 'label', anomalyId: 'a1', label: 'expected', forMs: HOUR };

describe('what is done with an incident', () => {
  it.each<[Deed, string]>([
    [{ kind: 'acknowledge' }, 'Acknowledged'],
    [{ kind: 'assign', owner: 'bea' }, 'Assigned to bea'],
    [{ kind: 'assign', owner: '' }, 'Nobody owns it any more'],
    [silence, 'Silenced for 1 h: it sends no firing alert until then'],
    [{ ...label, label: 'false_positive' }, 'Labelled a false positive: its series alerts a tenth as often for 1 h'],
  ])('is said: %j', (deed, said) => expect(doneOf(deed)).toBe(said)); // prettier-ignore

  it('is taken back where it can be: who owned it before owns it again, a silence ends, a label is lifted', () => {
    expect(undoOf({ kind: 'assign', owner: 'bea' }, incident())).toEqual({ kind: 'assign', owner: 'ann' });
    expect(undoOf(silence, incident())).toMatchObject({ kind: 'silence', forMs: NO_TIME_MS });
    expect(undoOf({ ...silence, forMs: NO_TIME_MS }, incident())).toBeNull();
    expect(undoOf(label, incident())).toMatchObject({ kind: 'label', label: 'real', anomalyId: 'a1' });
    const lasting: readonly Deed[] = [{ kind: 'acknowledge' }, { kind: 'resolve', note: '' }, { kind: 'note', note: 'x' }];
    expect(lasting.map((deed) => undoOf(deed, incident()))).toEqual([null, null, null]);
  });

  it('is taken once the timeline has it and the incident is so', () => {
    const sentAt = Date.parse('2026-03-16T10:00:00Z');
    const silenced = { silenced_until: '2026-03-16T11:00:01.000Z' };
    expect(isTaken(silence, 't1', seen(silenced), sentAt)).toBe(false);
    expect(isTaken(silence, 't1', seen({}, ['t1']), sentAt)).toBe(false);
    expect(isTaken(silence, 't1', seen(silenced, ['t0', 't1']), sentAt)).toBe(true);
    expect(isTaken({ ...silence, forMs: NO_TIME_MS }, 't1', seen(silenced, ['t1']), sentAt)).toBe(false);
    expect(isTaken({ kind: 'note', note: 'x' }, 't1', seen({}, ['t1']), sentAt)).toBe(true);
  });

  it.each<[Deed, object]>([
    [{ kind: 'acknowledge' }, { acknowledged_at: '2026-03-16T10:00:00.000Z' }],
    [{ kind: 'assign', owner: 'bea' }, { owner: 'bea' }],
    [silence, { silenced_until: '2026-03-16T11:00:00.000Z' }],
    [{ kind: 'resolve', note: '' }, { state: 'closed' }],
  ])('is taken, where the timeline is cut, once the incident is so: %j', (deed, of) => {
    const sentAt = Date.parse('2026-03-16T10:00:00Z');
    expect(isTaken(deed, 't1', seen({}, [], true), sentAt)).toBe(false);
    expect(isTaken(deed, 't1', seen(of, [], true), sentAt)).toBe(true);
  });

  it('is taken of a label once the anomaly has left; what is real stays', () => {
    expect(isTaken(label, 't1', seen(), 0)).toBe(false);
    expect(isTaken(label, 't1', seen({ anomaly_ids: ['a2'] }), 0)).toBe(true);
    expect(isTaken(label, 't1', seen({ state: 'closed' }), 0)).toBe(true);
    expect(isTaken({ ...label, label: 'real' }, 't1', seen(), 0)).toBe(true);
  });
});
