import { newTestClock } from '../clock.fixture';
import { type Directive } from './directive';
import { createInForce } from './in-force';
import { createSubject, NO_OPERATION } from './match';
import { createFloor } from './floor';
import { judge, type Weighed } from './verdict';

const directive = (fields: Partial<Directive>): Directive => ({
  id: 'd1', class: 'boost', priority: 0, version: 1, target: { hasUnknownField: false }, set: { min_severity: 'debug' }, limits: {}, livesMs: 60_000, ...fields,
}); // prettier-ignore
const line = (severity: number, fields: Partial<Weighed> = {}): Weighed => ({
  isLog: true, logger: 'shop', operation: NO_OPERATION, subject: createSubject('abc', '', ''), severity, isExempt: severity >= 3, hasContent: false, bytes: 100, ...fields,
}); // prettier-ignore

function newTestJudge(baseline: Partial<Parameters<typeof createInForce>[0]> = {}) {
  const clock = newTestClock();
  const inForce = createInForce(
    { minRank: 2, keep: 1, content: 'full', ...baseline },
    { service: 'shop', environment: '', serviceVersion: '' },
    clock,
  );
  const floor = createFloor();
  const ask = (record: Weighed) => {
    const verdict = judge(record, inForce.rulesFor(record), floor, clock.mono());
    return verdict.isSent ? verdict.weight : verdict.reason;
  };
  return { clock, inForce, ask, apply: (...directives: Directive[]) => inForce.apply({ hash: 'h', directives }) };
}

describe('a record', () => {
  it.each([
    [0, 'below_severity'],
    [1, 'below_severity'],
    [2, 1],
    [3, 1],
    [5, 1],
  ])('of severity %s is judged by the settings where there is no directive', (severity, expected) => {
    expect(newTestJudge().ask(line(severity))).toBe(expected);
  });

  it('that warns is sent though the settings ask for errors only', () => {
    expect([2, 3].map((severity) => newTestJudge({ minRank: 4 }).ask(line(severity)))).toEqual(['below_severity', 1]);
  });

  it('is judged by directives until they end, without being reported', () => {
    const { clock, ask, apply, inForce } = newTestJudge();
    apply(directive({ livesMs: 1_000 }));
    expect([ask(line(1)), inForce.leastRank()]).toEqual([1, 1]);
    clock.advance(999);
    expect(ask(line(1))).toBe(1);
    clock.advance(1);
    expect([ask(line(1)), inForce.leastRank()]).toEqual(['below_severity', 2]);
  });

  it('is judged by the new set alone', () => {
    const { ask, apply } = newTestJudge();
    apply(directive({}));
    apply();
    expect(ask(line(1))).toBe('below_severity');
  });

  it('weighs what it stands for', () => {
    const { ask } = newTestJudge({ keep: 0.25 });
    const kept = line(2, { subject: createSubject('trace 3', '', '') });
    const dropped = line(2, { subject: createSubject('abc', '', '') });
    // Of each logger one is sent in 10 s, which stands for nothing: those that are kept stand for all.
    expect([kept, dropped].map((record) => (record.subject.hash() ?? 1) < 0.25)).toEqual([false, false]);
    expect([ask(dropped), ask(dropped), ask(line(4)), ask(line(2, { subject: createSubject('', '', '') }))]).toEqual([0, 'not_kept', 1, 1]); // prettier-ignore
  });

  it('is sent once in 10 s for each logger, with no weight', () => {
    const { clock, ask } = newTestJudge({ keep: 0.1 });
    expect([ask(line(2)), ask(line(2)), ask(line(2)), ask(line(2, { logger: 'other' }))]).toEqual([0, 'not_kept', 'not_kept', 0]);
    clock.advance(10_000);
    expect([ask(line(2)), ask(line(2))]).toEqual([0, 'not_kept']);
  });

  it('is kept by its trace, alike for all of it', () => {
    const ids = Array.from({ length: 200 }, (_, n) => `t${n}`);
    const { ask } = newTestJudge({ keep: 0.5 });
    const verdicts = ids.map((id) => ask(line(2, { subject: createSubject(id, '', '') })));
    expect(verdicts.filter((verdict) => verdict === 2)).toHaveLength(ids.filter((id) => (createSubject(id, '', '').hash() ?? 1) < 0.5).length); // prettier-ignore
  });
});

describe('the hits of a directive', () => {
  it('are the records that it changed, not all that match', () => {
    const { ask, apply, inForce } = newTestJudge();
    apply(directive({ id: 'debug' }), directive({ id: 'trace', set: { min_severity: 'trace' } }), directive({ id: 'full', set: { content: 'full' } })); // prettier-ignore
    // An informative line and an operation are sent anyway, a warning whatever directives say.
    for (const severity of [0, 1, 2, 3]) ask(line(severity));
    ask(line(2, { isLog: false, logger: '', severity: null }));
    expect(inForce.takeCounts().map(({ id, hits }) => [id, hits])).toEqual([['debug', 1], ['trace', 2], ['full', 0]]); // prettier-ignore
  });

  it('are also what a restrict held back or gave less content', () => {
    const { ask, apply, inForce } = newTestJudge();
    apply(directive({ id: 'quiet', class: 'restrict', set: { min_severity: 'warn' } }), directive({ id: 'short', class: 'restrict', set: { content: 'metadata' } })); // prettier-ignore
    expect([1, 2, 3].map((severity) => ask(line(severity)))).toEqual(['below_severity', 'below_severity', 1]);
    expect(inForce.takeCounts().map(({ id, hits }) => [id, hits])).toEqual([['quiet', 1], ['short', 1]]); // prettier-ignore
  });

  it('are all turns under a share that is kept', () => {
    const { ask, apply, inForce } = newTestJudge();
    apply(directive({ class: 'restrict', set: { keep: 0.25 } }));
    for (let n = 0; n < 20; n++) ask(line(2, { subject: createSubject(`t${n}`, '', '') }));
    ask(line(3));
    ask(line(2, { subject: createSubject('', '', '') }));
    expect(inForce.takeCounts().map(({ hits }) => hits)).toEqual([20]);
  });
});

describe('a directive that is gone from the set', () => {
  it('has its last counts reported once, also where the first telling failed', () => {
    const { ask, apply, inForce } = newTestJudge();
    apply(directive({ id: 'over' }));
    ask(line(1));
    apply();
    const counts = inForce.takeCounts();
    expect(counts).toEqual([{ id: 'over', hits: 1, drops: 0, bytes: 0 }]);
    inForce.putBack(counts);
    expect(inForce.takeCounts()).toEqual(counts);
    expect(inForce.takeCounts()).toEqual([]);
  });
});

describe('limits', () => {
  it('of a boost bound what it adds, and count what they hold back', () => {
    const { clock, ask, apply, inForce } = newTestJudge();
    apply(directive({ limits: { records_per_s: 2 } }));
    expect([ask(line(1)), ask(line(1)), ask(line(1)), ask(line(2))]).toEqual([1, 1, 'below_severity', 1]);
    clock.advance(500);
    expect([ask(line(1)), ask(line(1))]).toEqual([1, 'below_severity']);
    expect(inForce.takeCounts()).toEqual([{ id: 'd1', hits: 3, drops: 2, bytes: 0 }]);
  });

  it('of a boost are not used up by what is sent anyway', () => {
    const { ask, apply } = newTestJudge();
    apply(directive({ limits: { records_per_s: 1 } }));
    expect([ask(line(2)), ask(line(2)), ask(line(1))]).toEqual([1, 1, 1]);
  });

  it('of a boost in bytes fill up over a minute', () => {
    const { clock, ask, apply } = newTestJudge();
    apply(directive({ limits: { bytes_per_min: 150 }, livesMs: 600_000 }));
    expect([ask(line(1)), ask(line(1)), ask(line(1))]).toEqual([1, 'below_severity', 'below_severity']);
    clock.advance(60_000);
    expect(ask(line(1))).toBe(1);
  });

  it('of a restrict bound all that matches, but for warnings', () => {
    const { ask, apply, inForce } = newTestJudge();
    apply(directive({ class: 'restrict', set: { keep: 1 }, limits: { records_per_s: 1 } }));
    expect([ask(line(2)), ask(line(2)), ask(line(3))]).toEqual([1, 'over_limits', 1]);
    expect(inForce.takeCounts()[0]).toMatchObject({ drops: 1 });
  });

  it('stay used up when a set says the same directive again', () => {
    const { ask, apply } = newTestJudge();
    apply(directive({ limits: { records_per_s: 1 } }));
    ask(line(1));
    apply(directive({ limits: { records_per_s: 1 }, version: 2 }));
    expect(ask(line(1))).toBe('below_severity');
  });
});

it('gives counts back that could not be reported', () => {
  const { ask, apply, inForce } = newTestJudge();
  apply(directive({}));
  ask(line(1));
  const counts = inForce.takeCounts();
  ask(line(1));
  inForce.putBack(counts);
  expect(inForce.takeCounts()).toEqual([{ id: 'd1', hits: 2, drops: 0, bytes: 0 }]);
});
