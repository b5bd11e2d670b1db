import { createEffects } from '@telltale/streaming';
import { createSessionSubjects, createTurnSubjects, type TurnSubjects } from './turn-subjects';

const HOUR = 3_600_000;
const id = (n: number) => ({ pseudonym: `u_${n}`, length: 8 });

/** Runs a batch; the keys that it changed, with whether they are kept. */
function batch(subjects: TurnSubjects, now: number, work: () => void = () => undefined): [key: string, isKept: boolean][] {
  const effects = createEffects();
  subjects.startBatch(now);
  work();
  subjects.flush(effects);
  return [...effects.done().state].map(([key, value]) => [key, value !== null]);
}

describe('the people that turns are about', () => {
  it('are known in later batches, of the same tenant and turn alone', () => {
    const subjects = createTurnSubjects(new Map());
    expect(batch(subjects, 0, () => subjects.add('acme', 't1', [id(1), id(2)]))).toEqual([[expect.stringMatching(/^subjects\/acme\/[0-9a-f]{32}$/), true]]);
    expect(subjects.of('acme', 't1')).toEqual([id(1), id(2)]);
    expect([subjects.of('acme', 't2'), subjects.of('other', 't1')]).toEqual([[], []]);
  }); // prettier-ignore
  it('are written once', () => {
    const subjects = createTurnSubjects(new Map());
    batch(subjects, 0, () => subjects.add('acme', 't1', [id(1)]));
    expect(batch(subjects, 1, () => subjects.add('acme', 't1', [id(1)]))).toEqual([]);
    expect(batch(subjects, 2, () => subjects.add('acme', 't1', [id(1), id(2)]))).toHaveLength(1);
    expect(subjects.of('acme', 't1')).toEqual([id(1), id(2)]);
  });
  it('are 64 of a turn at most, and of 10,000 turns of a tenant', () => {
    const subjects = createTurnSubjects(new Map());
    batch(subjects, 0, () =>
      subjects.add(
        'acme',
        't',
        Array.from({ length: 100 }, (_, i) => id(i)),
      ),
    );
    expect(subjects.of('acme', 't')).toHaveLength(64);
    batch(subjects, 1, () => {
      for (let i = 0; i < 10_000; i++) subjects.add('acme', `t${i}`, [id(1)]);
    });
    expect(subjects.of('acme', 't')).toEqual([]);
    expect(subjects.of('acme', 't9999')).toEqual([id(1)]);
  });
  it('are forgotten an hour after the last new one', () => {
    const subjects = createTurnSubjects(new Map());
    const [[key] = ['']] = batch(subjects, 0, () => subjects.add('acme', 't1', [id(1)]));
    expect(batch(subjects, HOUR - 1)).toEqual([]);
    expect(batch(subjects, HOUR)).toEqual([[key, false]]);
    expect(subjects.of('acme', 't1')).toEqual([]);
  });
  it('are known of a session for a day', () => {
    const subjects = createSessionSubjects(new Map());
    const [[key] = ['']] = batch(subjects, 0, () => subjects.add('acme', 's1', [id(1)]));
    expect(key).toMatch(/^session-subjects\/acme\//);
    expect(batch(subjects, 24 * HOUR - 1)).toEqual([]);
    expect(batch(subjects, 24 * HOUR)).toEqual([[key, false]]);
  });
});
