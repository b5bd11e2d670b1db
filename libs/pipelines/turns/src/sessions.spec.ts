import { type SessionRecord, TOPICS, type TurnRecord, turnRecord, turnRowAndRecord } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { newTestRecord, runWithRestores } from '@telltale/streaming/testing';
import { type LogRecord } from '@telltale/streaming';
import fc from 'fast-check';
import { sessionsConfig } from './config';
import { sessionsService } from './service';
import { turnKeyOf } from './turn-record';
import { latestBy, newSessionsTask, sessionsOf, T } from './turns.fixture';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const turn = (id: string, minute: number, of: Partial<TurnRecord> = {}): TurnRecord => {
  const ts = new Date(T + minute * MINUTE).toISOString();
  return turnRecord.parse({
    tenant: 'acme', turn_id: id, trace_id: id, revision: 1, ts, first_minute: ts, received_at: ts, expires_on: '2026-03-02', duration_ms: 1_000, service_name: 'bot', session_id: 's1', outcome: 'answered', ...of,
  }); // prettier-ignore
};
const derived = (id: string, minute: number, of: Partial<TurnRecord> = {}): TurnRecord =>
  turn(id, minute, { session_id: '', user_id: 'u1', ...of });
const sent = (one: TurnRecord, key = turnKeyOf(one)): LogRecord =>
  newTestRecord(TOPICS.turns.name, turnRowAndRecord(one)[0], key);
const run = (task: ReturnType<typeof newSessionsTask>, now: number, ...turns: readonly TurnRecord[]): SessionRecord[] =>
  sessionsOf(task.run({ now, records: turns.map((one) => sent(one)) })); // prettier-ignore
const isThere = ({ turns }: SessionRecord): boolean => turns > 0;

describe('a session by its messages', () => {
  const said = (id: string, minute: number, before: string, after: string, of: Partial<TurnRecord> = {}): TurnRecord =>
    turn(id, minute, { session_id: '', conversation_hashes: ['root', before, after], ...of });

  it('is known once a turn continues another, and says of which traces it is', () => {
    const task = newSessionsTask();
    expect(run(task, T, said('a', 0, '', 'x'))).toEqual([]);
    const [session] = run(task, T + 1, said('b', 2, 'x', 'xy'));
    expect(session).toMatchObject({
      revision: 1,
      derived: true,
      turns: 2,
      user_id: '',
      service_name: 'bot',
      trace_ids: ['a', 'b'],
    });
    expect(run(task, T + 2, said('c', 4, 'xy', 'xyz'))).toMatchObject([
      { session_id: session?.session_id, revision: 2, turns: 3, trace_ids: ['a', 'b', 'c'] },
    ]);
  });
  it('is taken back when a second turn turns out to have ended like its first', () => {
    const task = newSessionsTask();
    const [session] = run(task, T, said('a', 0, '', 'x'), said('b', 2, 'x', 'xy'), said('c', 4, 'xy', 'xyz'));
    const late = run(task, T + 1, said('other', 1, '', 'x'));
    expect(late.filter(isThere)).toMatchObject([{ revision: 1, turns: 2, trace_ids: ['b', 'c'] }]);
    expect(late.filter((one) => !isThere(one))).toMatchObject([
      { session_id: session?.session_id, revision: 2, turns: 0, merged_into: '' },
    ]);
  });
  it('follows late events that change what was said in the end, and is left by a turn that names its session', () => {
    const task = newSessionsTask();
    run(task, T, said('a', 0, '', 'unfinished'), said('b', 2, 'x', 'xy'));
    expect(run(task, T + 1, said('a', 0, '', 'x', { revision: 2 }))).toMatchObject([{ turns: 2, trace_ids: ['a', 'b'] }]);
    const named = turn('b', 2, { revision: 2 });
    const moved = sessionsOf(task.run({ now: T + 2, records: [sent(named), sent(named, 'root')] }));
    expect(moved.filter(isThere)).toMatchObject([{ session_id: 's1', turns: 1 }]);
    expect(moved.filter((one) => !isThere(one))).toMatchObject([{ derived: true, turns: 0 }]);
  });
  it('never holds turns of two services', () => {
    expect(run(newSessionsTask(), T, said('a', 0, '', 'x'), said('b', 2, 'x', 'xy', { service_name: 'other' }))).toEqual([]);
  });
  it('is forgotten after two hours, in which nobody continued it', () => {
    const task = newSessionsTask();
    run(task, T, said('a', 0, '', 'x'), said('b', 2, 'x', 'xy'));
    expect(task.run({ now: T + 121 * MINUTE, records: [] }).counts?.['sessions_expired']).toBe(1);
    expect(task.state.size).toBe(0);
  });
  it('does not continue another one when what it could have continued as well is forgotten', () => {
    const task = newSessionsTask();
    run(task, T, said('a', 0, '', 'x'), said('other', 5, '', 'x'), said('b', 6, 'x', 'xy'), said('c', 30, 'xy', 'xyz'));
    const many = (from: number, minute: number) =>
      Array.from({ length: 60 }, (_, i) => said(`t${from + i}`, minute, '', `x${from + i}`));
    // By now the first is over, and its twin is not.
    expect(run(task, T + 1, ...many(0, 62))).toEqual([]);
    expect([...task.state.keys()].filter((key) => /\/(a|other)$/.test(key))).toEqual([expect.stringMatching(/other$/)]);
    expect(run(task, T + 2, said('d', 50, 'xyz', 'xyzw'))).toMatchObject([{ turns: 3, trace_ids: ['b', 'c', 'd'] }]);
  });
  it('is bounded: of many that began alike those are kept that can be continued', () => {
    const task = newSessionsTask();
    const many = Array.from({ length: 80 }, (_, i) => said(`t${i}`, i, '', `x${i}`));
    const soon = Array.from({ length: 1_100 }, (_, i) => said(`s${i}`, 80, '', `y${i}`));
    run(task, T, ...many);
    const kept = (): number => [...task.state.keys()].filter((key) => key.startsWith('turn/')).length;
    expect(kept()).toBe(61);
    run(task, T + 1, ...soon);
    expect(kept()).toBe(1_000);
  });
});

describe('a session that its producer names', () => {
  it('is the sum of its turns, written once a batch', () => {
    const task = newSessionsTask();
    expect(run(task, T, turn('a', 0), turn('b', 1, { outcome: 'error', status: 'error' }))).toMatchObject([
      { session_id: 's1', revision: 1, derived: false, turns: 2, failed_turns: 1, outcomes: { answered: 1, error: 1 }, last_outcome: 'error' },
    ]);
    expect(run(task, T + 1, turn('c', 600, { expires_on: '2026-03-03' }))).toMatchObject([{ revision: 2, turns: 3, first_minute: '2026-01-31T12:00:00.000Z', expires_on: '2026-03-02' }]);
  }); // prettier-ignore
  it('follows the revisions of its turns, and takes none that is older or the same', () => {
    const task = newSessionsTask();
    run(task, T, turn('a', 0, { revision: 3, cost_nano_usd: 5 }));
    expect(run(task, T + 1, turn('a', 0, { revision: 4, cost_nano_usd: 7 }))).toMatchObject([
      { turns: 1, cost_nano_usd: 7, events: 4 },
    ]);
    expect(run(task, T + 2, turn('a', 0, { revision: 4 }), turn('a', 0, { revision: 2 }))).toEqual([]);
  });
  it('loses a turn that turns out to be of another one', () => {
    const task = newSessionsTask();
    run(task, T, turn('a', 0), turn('b', 1));
    const moved = turn('b', 1, { session_id: 's2', revision: 2 });
    expect(run(task, T + 1, moved)).toMatchObject([{ session_id: 's1', turns: 1 }, { session_id: 's2', turns: 1 }]); // prettier-ignore
  });
  it('loses a turn that another task has now', () => {
    const task = newSessionsTask();
    run(task, T, derived('a', 0), derived('b', 1));
    const moved = sent(turn('b', 1, { user_id: 'u1', revision: 2 }), 'u1');
    expect(sessionsOf(task.run({ now: T + 1, records: [moved] }))).toMatchObject([{ derived: true, turns: 1 }]);
  });
  it('with more than a thousand turns keeps the earliest as a sum', () => {
    const task = newSessionsTask();
    const many = Array.from({ length: 1_100 }, (_, i) => turn(`t${String(i).padStart(4, '0')}`, i, { cost_nano_usd: 1 }));
    expect(run(task, T, ...many)).toMatchObject([{ turns: 1_100, cost_nano_usd: 1_100, started_at: '2026-01-31T12:00:00.000Z' }]);
    expect([...task.state.keys()].filter((key) => key.startsWith('turn/'))).toHaveLength(1_000);
    expect(task.run({ now: T + 1, records: [sent(turn('t0000', 0, { revision: 9 }))] }).counts).toMatchObject({ late_turns: 1 });
  });
  it('is forgotten a week after its last turn', () => {
    const task = newSessionsTask();
    run(task, T, turn('a', 0));
    expect(task.task.due(T + 7 * DAY - 1)).toBe(false);
    expect(task.run({ now: T + 7 * DAY, records: [] }).counts).toMatchObject({ sessions_expired: 1 });
    expect(task.state.size).toBe(0);
  });
});

describe('a session that no producer names', () => {
  it('is the turns of a user of a service, each within half an hour of those before', () => {
    const sessions = run(newSessionsTask(), T, derived('a', 0), derived('b', 30), derived('c', 70), derived('d', 1, { service_name: 'other' }), derived('e', 1, { user_id: 'u2' }));
    expect(sessions.map(({ turns, derived: is, user_id: user, service_name: service }) => [turns, is, user, service])).toEqual([
      [2, true, 'u1', 'bot'], [1, true, 'u1', 'bot'], [1, true, 'u1', 'other'], [1, true, 'u2', 'bot'],
    ]);
  }); // prettier-ignore
  it('becomes part of another one when a turn between them comes late', () => {
    const task = newSessionsTask();
    const [first, second] = run(task, T, derived('a', 0), derived('c', 50));
    expect(run(task, T + 1, derived('b', 25))).toMatchObject([
      { session_id: first!.session_id, turns: 3, revision: 2 },
      { session_id: second!.session_id, turns: 0, revision: 2, merged_into: first!.session_id },
    ]);
    expect(run(task, T + 2, derived('d', 60))).toMatchObject([{ session_id: first!.session_id, turns: 4 }]);
  });
  it('is none where nobody says who speaks', () => {
    const { counts } = newSessionsTask().run({ now: T, records: [sent(turn('a', 0, { session_id: '' }))] });
    expect(counts).toMatchObject({ turns_without_session: 1 });
  });
});

describe('the journey of a session', () => {
  const request = 'please cancel the order of last week';
  const asked = (id: string, minute: number, of: Partial<TurnRecord> = {}): TurnRecord =>
    turn(id, minute, { input_preview: request, request_simhash: '00ff00ff00ff00ff', intent: 'cancel order', duration_ms: 1_234, ...of });

  it('grows with its turns, in order of time whatever order they come in, and follows their revisions', () => {
    const task = newSessionsTask();
    expect(run(task, T, asked('c', 4, { outcome: 'error', feature_flags: { beta: 'on' } }))).toMatchObject([{ friction: 0.4, abandoned_because: 'error', feature_flags: ['beta=on'] }]);
    const [late] = run(task, T + 1, asked('a', 0, { service_version: '1' }));
    expect(late).toMatchObject({ path_outcomes: ['answered', 'error'], path_intents: ['cancel order', 'cancel order'], friction_signs: { repeat: 1, error: 1 }, waiting_ms: 2_468, versions: ['1'] });
    expect(late?.friction).toBeCloseTo(1 - 0.6 * 0.8, 3);
    expect(run(task, T + 2, asked('c', 4, { revision: 2, cues: ['thanks'] }))).toMatchObject([{ friction: 0.2, abandoned_because: '', longest_wait_ms: 1_234, feature_flags: [] }]);
  });
  it('is of those turns that became one session', () => {
    const task = newSessionsTask();
    run(task, T, derived('a', 0, { outcome: 'error' }), derived('c', 50, { outcome: 'refused' }));
    expect(run(task, T + 1, derived('b', 25)).filter(isThere)).toMatchObject([{ path_outcomes: ['error', 'answered', 'refused'], friction: 0.55, abandoned_because: 'refusal' }]);
  });
}); // prettier-ignore

describe('sessions of a task', () => {
  it('above the limit of memory are forgotten, those of the tenant with the most', () => {
    const task = newSessionsTask({ SESSIONS_MAX_OPEN_BYTES: 100_000 });
    run(task, T, turn('q', 0, { tenant: 'quiet' }));
    const flood = Array.from({ length: 80 }, (_, i) => sent(turn(`f${i}`, i, { session_id: `f${i}` })));
    expect(task.run({ now: T + 1, records: flood }).counts?.['sessions_over_limit']).toBeGreaterThan(20);
    expect(run(task, T + 2, turn('r', 1, { tenant: 'quiet' }))).toMatchObject([{ turns: 2 }]);
  });

  const any = fc.record({
    conversation_hashes: fc.constantFrom<string[]>([], ['r', '', 'a'], ['r', 'a', 'ab'], ['r', 'ab', 'abc'], ['r', 'a', 'a'], ['q', '', 'x']),
    turn_id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minute: fc.nat(100), session_id: fc.constantFrom('', 's1', 's2'), user_id: fc.constantFrom('', 'u1', 'u2'), revision: fc.integer({ min: 1, max: 5 }),
    cost_nano_usd: fc.constantFrom(null, 1, 2), outcome: fc.constantFrom<TurnRecord['outcome']>('answered', 'error'),
  }); // prettier-ignore
  // One content for each revision of a turn.
  const turns = fc
    .uniqueArray(any, { selector: ({ turn_id: id, revision }) => `${id}/${revision}`, minLength: 1, maxLength: 15 })
    .map((list) => list.map(({ minute, ...of }) => turn(of.turn_id, minute, of)));

  it('do the same, byte for byte, when the task is lost and restored after any batch', () => {
    const service = sessionsService.open(sessionsConfig.parse({ SESSIONS_MAX_OPEN_BYTES: 100_000 }), undefined);
    const hashesOf = (effects: readonly string[]): string[] => effects.map((one) => hashId(16, one));
    fc.assert(
      fc.property(turns, fc.subarray([0, 1, 2, 3, 4]), fc.nat(3 * DAY), (all, cuts, pause) => {
        const flood = (i: number) => Array.from({ length: 40 }, (_, k) => turn(`f${i}-${k}`, k, { session_id: `f${k % 7}-${i}`, tenant: 'other' }));
        const ranges = [0, 1, 2, 3, 4].map((i) => ({
          now: T + i * (pause + 1),
          records: [...all.filter((_, k) => k % 5 === i), ...flood(i)].map((one) => sent(one)),
        }));
        expect(hashesOf(runWithRestores(service, ranges, cuts))).toEqual(hashesOf(runWithRestores(service, ranges, [])));
      }),
      { numRuns: 100 },
    );
  }); // prettier-ignore

  it('come out the same from the same turns, in whatever order and batches they arrive', () => {
    const finals = (all: readonly TurnRecord[], size: number): unknown => {
      const task = newSessionsTask();
      const written: SessionRecord[] = [];
      for (let at = 0; at < all.length; at += size) written.push(...run(task, T + at, ...all.slice(at, at + size)));
      return [...latestBy(written, ({ session_id: id }) => id).values()]
        .filter(isThere)
        .map((session) => ({ ...session, revision: 0, first_minute: '' }));
    };
    fc.assert(
      fc.property(turns, fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 6 }), (all, dice, size) => {
        const shuffled = all.map((one) => ({ one, at: dice.next().value as number })).sort((a, b) => a.at - b.at).map(({ one }) => one);
        // The topic keeps the order of a turn's revisions.
        const ordered = (list: readonly TurnRecord[]): TurnRecord[] => {
          const left = new Map<string, TurnRecord[]>();
          for (const one of [...list].sort((a, b) => a.revision - b.revision)) left.set(one.turn_id, [...(left.get(one.turn_id) ?? []), one]);
          return list.flatMap(({ turn_id: id }) => left.get(id)?.shift() ?? []);
        };
        expect(finals(ordered(shuffled), size)).toEqual(finals(ordered(all), 99));
      }),
      { numRuns: 300 },
    ); // prettier-ignore
  });
});
