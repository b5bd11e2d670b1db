import { type Measure, type MeasuresRecord, TOPICS, type TurnRecord } from '@telltale/contracts';
import { type TurnEvent } from '@telltale/domain-turn';
import { outputsOf, runWithRestores } from '@telltale/streaming/testing';
import { newTestRecord, newTestSettingRecord } from '@telltale/streaming/testing';
import { DAY_MS, hashId } from '@telltale/kernel';
import fc from 'fast-check';
import { turnsConfig } from './config';
import { turnsService } from './service';
import { eventRecordOf, latestBy, newTestEvent, newTurnsTask, QUIET, T, turnOutputs, turnsOf } from './turns.fixture';

const MINUTE = 60_000;
const run = (task: ReturnType<typeof newTurnsTask>, now: number, ...events: readonly TurnEvent[]) =>
  task.run({ now, records: events.map((event) => eventRecordOf(event)) });
const root = newTestEvent({
  offset: 0,
  kind: 'agent',
  name: 'bot',
  parent_span_id: '',
  span_id: 'root',
  duration_ms: 900,
  session_id: 's1',
});
const call = (offset: number, of: Partial<TurnEvent> = {}): TurnEvent => newTestEvent({ offset, span_id: `s${offset}`, ...of });

describe('a turn', () => {
  it('is written once, when nothing of it came for a minute', () => {
    const task = newTurnsTask();
    expect(turnsOf(run(task, T, root, call(10)))).toEqual([]);
    expect(task.task.due(T + QUIET - 1)).toBe(false);
    expect(task.task.due(T + QUIET)).toBe(true);
    const effects = run(task, T + QUIET);
    expect(turnsOf(effects)).toMatchObject([{ turn_id: 't1', revision: 2, has_root: true, session_id: 's1', first_minute: '2026-01-31T12:00:00.000Z' }]);
    expect(turnOutputs(effects).map(({ key }) => key)).toEqual(['s1']);
    expect(effects.counts).toMatchObject({ turns: 1 });
    expect(turnsOf(run(task, T + 2 * QUIET))).toEqual([]);
  }); // prettier-ignore
  it('waits for its quiet again when more comes', () => {
    const task = newTurnsTask();
    run(task, T, root);
    expect(turnsOf(run(task, T + QUIET - 1, call(10)))).toEqual([]);
    expect(turnsOf(run(task, T + QUIET))).toEqual([]);
    expect(turnsOf(run(task, T + 2 * QUIET))).toHaveLength(1);
  });
  it('is revised by events that come late, in the same partition, and takes none after ten minutes', () => {
    const task = newTurnsTask();
    run(task, T, root, call(70_000));
    run(task, T + QUIET);
    run(task, T + 5 * MINUTE, call(-90_000, { expires_on: '2026-03-03' }));
    const [revised] = turnsOf(run(task, T + 6 * MINUTE));
    expect(revised).toMatchObject({ revision: 3, ts: '2026-01-31T11:58:30.000Z', first_minute: '2026-01-31T12:00:00.000Z', expires_on: '2026-03-02' });
    run(task, T + 15 * MINUTE);
    expect(run(task, T + 15 * MINUTE + 1, call(30)).counts).toMatchObject({ late_events: 1 });
    expect(turnsOf(run(task, T + 20 * MINUTE))).toEqual([]);
    expect([...task.state.keys()].filter((key) => key.startsWith('events/'))).toEqual([]);
  }); // prettier-ignore
  it('is written at most 20 times while events come, and whole when it takes no more', () => {
    const task = newTurnsTask();
    let now = T;
    const written: TurnRecord[] = [];
    for (let i = 0; i < 30; i++) {
      run(task, now, call(i));
      written.push(...turnsOf(run(task, (now += QUIET))));
    }
    expect(written).toHaveLength(20);
    expect(turnsOf(run(task, now + 10 * MINUTE))).toMatchObject([{ revision: 30 }]);
  });
  it('is open while it takes events, written or not, also after a restore', () => {
    const task = newTurnsTask();
    const other = { trace_id: 't2' };
    const openAfter = (now: number, ...events: TurnEvent[]) => run(task, now, ...events).gauges?.['telltale_open_turns'];
    expect(openAfter(T, root, call(10), call(0, other))).toBe(2);
    expect(openAfter(T + QUIET)).toBe(2);
    expect(openAfter(T + 5 * MINUTE, call(90, other))).toBe(2);
    expect(newTurnsTask({}, task.state).run({ now: T + 6 * MINUTE, records: [] }).gauges).toEqual({ telltale_open_turns: 2 });
    expect(openAfter(T + 10 * MINUTE)).toBe(1);
    expect(openAfter(T + 15 * MINUTE, root)).toBe(0);
    expect(newTurnsTask({}, task.state).run({ now: T + 16 * MINUTE, records: [] }).gauges).toEqual({ telltale_open_turns: 0 });
    expect(openAfter(T + 2 * DAY_MS, call(100, { trace_id: 't3' }))).toBe(1);
  });
  it('is no longer open when it gave way to others', () => {
    const task = newTurnsTask({ TURNS_MAX_OPEN_BYTES: 100_000 });
    const events = Array.from({ length: 500 }, (_, i) => call(i, { trace_id: `t${i}` }));
    const { counts = {}, gauges = {} } = run(task, T, ...events);
    expect(counts['turns_closed_early']).toBeGreaterThan(0);
    expect(gauges['telltale_open_turns']).toBe(500 - (counts['turns_closed_early'] ?? 0));
  });
  it('is none where no model was called and no root came', () => {
    const task = newTurnsTask();
    run(task, T, call(0, { kind: 'tool' }), call(1, { kind: 'log' }));
    expect(turnsOf(run(task, T + QUIET))).toEqual([]);
    run(task, T + 10 * MINUTE);
    expect([...task.state.keys()].filter((key) => /^(turn|events)\//.test(key))).toEqual([]);
  });
  it('of an event without a trace is that event', () => {
    const task = newTurnsTask();
    run(task, T, newTestEvent({ id: 'mine', kind: 'turn', trace_id: '', parent_span_id: '' }), newTestEvent({ id: 'other', kind: 'tool', trace_id: '' }));
    expect(turnsOf(run(task, T + QUIET))).toMatchObject([{ turn_id: 'mine', trace_id: '', revision: 1 }]);
  }); // prettier-ignore
  it('tells what the request wants, in which language, and how it ended', () => {
    const task = newTurnsTask();
    const input = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Please cancel my order' }] }]);
    run(task, T, call(0, { input, output: 'Done.' }));
    expect(turnsOf(run(task, T + QUIET))).toMatchObject([
      { intent: 'cancel order', language: 'en', outcome: 'answered', input_preview: 'Please cancel my order' },
    ]);
  });
  it.each([
    ['an import', { backfill: true }],
    ['whole conversations', { ingest_format: 'openai-chat' as const }],
  ])('of %s is written after a moment, for no more comes', (_what, of) => {
    const task = newTurnsTask();
    run(task, T, newTestEvent({ offset: 0, kind: 'llm', span_id: 's0', ...of }));
    expect(turnsOf(run(task, T + 2_000))).toHaveLength(1);
  });
  it('is grouped by the attributes that its tenant names, and by no others', () => {
    const task = newTurnsTask();
    const named = newTestSettingRecord('tenant', root.tenant, { dimensions: ['plan'] });
    task.run({
      now: T,
      records: [named, eventRecordOf({ ...root, attributes: { ...root.attributes, plan: 'pro', region_code: 'eu' } })],
    });
    expect(turnsOf(run(task, T + QUIET))[0]?.dimensions).toEqual({ plan: 'pro' });
  });
  it('that moves to another key is sent under the former one, too', () => {
    const task = newTurnsTask();
    run(task, T, call(5, { user_id: 'u1' }));
    expect(turnOutputs(run(task, T + QUIET)).map(({ key }) => key)).toEqual(['u1']);
    run(task, T + QUIET + 1, root);
    expect(turnOutputs(run(task, T + 2 * QUIET + 1)).map(({ key }) => key)).toEqual(['s1', 'u1']);
  });
});

describe('measures of turns', () => {
  it('are made when a turn is first written, by when it was complete, and not of a revision', () => {
    const task = newTurnsTask();
    run(task, T, root, call(10, { output: 'It rains.', input: 'weather?', cost_nano_usd: 5 }));
    const [said] = outputsOf<MeasuresRecord>(run(task, T + QUIET, newTestEvent({ trace_id: 'other', offset: 59_000 })), TOPICS.measures.name);
    const [wide, own] = [true, false].map((isWide) => (said?.measures ?? []).filter(({ part }) => (part !== undefined) === isWide));
    const at = '2026-01-31T12:01:00.000Z';
    expect(own?.map(({ metric, sum, window_start: window }) => [metric, sum, window])).toEqual([
      ['turn.count', 1, at], ['turn.duration', 900, at], ['turn.cost', 5, at], ['turn.calls', 2, at], ['turn.unhelped', 0, at],
    ]);
    expect(own).toMatchObject(own?.map(() => ({ dimensions: { service_name: 'bot' } })) ?? []);
    expect(wide?.map(({ metric, sum, window_start: window }) => [metric, sum, window])).toEqual([
      ['tenant.turn.count', 1, at], ['tenant.turn.cost', 5, at], ['tenant.turn.unhelped', 0, at],
    ]);
    expect(wide).toMatchObject(wide?.map(() => ({ dimensions: {}, part: ['bot'] })) ?? []);
    expect(said).toMatchObject({ source: 'telltale.turns/0', watermark: null });
    run(task, T + 2 * QUIET, call(20));
    const later = outputsOf<MeasuresRecord>(run(task, T + 3 * QUIET), TOPICS.measures.name).flatMap(({ measures }): Measure[] => measures);
    expect(later.filter(({ metric }) => metric === 'turn.duration')).toEqual([]);
  }); // prettier-ignore
});

describe('an input', () => {
  it('that cannot be read goes to the DLQ of its tenant', () => {
    const { rejections } = newTurnsTask().run({
      now: T,
      records: [newTestRecord(TOPICS.events.name, '{"tenant":"acme","id":7}', 'k')],
    });
    expect(rejections).toMatchObject([{ reason: 'invalid_field', step: 'readEvent', tenant: 'acme' }]);
  });
  it('that comes twice counts once', () => {
    const task = newTurnsTask();
    expect(run(task, T, root, root).counts).toMatchObject({ repeated_events: 1 });
    expect(turnsOf(run(task, T + QUIET))).toMatchObject([{ revision: 1 }]);
  });
});

describe('memory', () => {
  const many = (tenant: string, from: number, count: number): TurnEvent[] =>
    Array.from({ length: count }, (_, i) => newTestEvent({ tenant, trace_id: `t${from + i}`, offset: i }));
  it('above the limit takes from the tenant with the most: what is written first, then what is not, which is written early', () => {
    const task = newTurnsTask({ TURNS_MAX_OPEN_BYTES: 200_000 });
    run(task, T, ...many('quiet', 0, 20));
    run(task, T, ...many('flood', 0, 60));
    expect(turnsOf(run(task, T + QUIET))).toHaveLength(80);
    const flooded = run(task, T + QUIET + 1, ...many('flood', 1_000, 150));
    expect(flooded.counts).toMatchObject({ turns_sealed_early: 60 });
    expect(turnsOf(flooded).every(({ tenant }) => tenant === 'flood')).toBe(true);
    expect(flooded.counts?.['turns_closed_early']).toBe(turnsOf(flooded).length);
    run(task, T + QUIET + 2, ...many('quiet', 0, 20).map((event) => ({ ...event, id: `${event.id}b` })));
    expect(turnsOf(run(task, T + 3 * QUIET)).filter(({ tenant }) => tenant === 'quiet').map(({ revision }) => revision)).toEqual(Array(20).fill(2));
  }); // prettier-ignore
});

describe('state', () => {
  it('reaches a plateau, however many turns a tenant begins, and the turns of another tenant stay', () => {
    const limit = 300_000;
    const task = newTurnsTask({ TURNS_MAX_OPEN_BYTES: limit });
    const peaks = [0, 0];
    run(task, T, newTestEvent({ tenant: 'quiet', trace_id: 'mine' }));
    for (let batch = 0; batch < 200; batch++) {
      const flood = Array.from({ length: 50 }, (_, i) => newTestEvent({ tenant: 'flood', trace_id: `f${batch}-${i}`, input: 'x'.repeat(50) }));
      run(task, T + 1 + batch * 1_000, ...flood);
      const bytes = [...task.state].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
      peaks[batch < 100 ? 0 : 1] = Math.max(peaks[batch < 100 ? 0 : 1] ?? 0, bytes);
    }
    expect(peaks[0]).toBeLessThan(limit);
    expect(peaks[1]).toBeLessThanOrEqual(1.05 * (peaks[0] ?? 0));
    run(task, T + 201_000, newTestEvent({ tenant: 'quiet', trace_id: 'mine', offset: 5 }));
    expect(turnsOf(run(task, T + 262_000)).filter(({ tenant }) => tenant === 'quiet')).toMatchObject([{ turn_id: 'mine', revision: 2 }]);
  }); // prettier-ignore
});

describe('a task', () => {
  const any = fc.record({
    trace_id: fc.constantFrom('t1', 't2', 't3'), tenant: fc.constantFrom('acme', 'other'), span_id: fc.constantFrom('a', 'b', 'c'), parent_span_id: fc.constantFrom('', 'a'),
    kind: fc.constantFrom<TurnEvent['kind']>('llm', 'tool', 'turn', 'log', 'agent'), session_id: fc.constantFrom('', 's1', 's2'), user_id: fc.constantFrom('', 'u1'),
    status: fc.constantFrom<TurnEvent['status']>('ok', 'error'), input: fc.constantFrom('', 'cancel my order', 'where is my parcel'), output: fc.constantFrom('', 'Done.'),
    cost_nano_usd: fc.constantFrom(null, 4), offset: fc.nat(50),
  }); // prettier-ignore
  const events = fc
    .array(any, { minLength: 1, maxLength: 14 })
    .map((list) => list.map((of, i) => newTestEvent({ ...of, id: `e${i}` })));
  const steps = fc.infiniteStream(fc.nat(9));

  it('does the same, byte for byte, when it is lost and restored after any batch', () => {
    const service = turnsService.open(turnsConfig.parse({ TURNS_MAX_OPEN_BYTES: 100_000 }), { measurePartitions: 2 });
    const filler = 'x'.repeat(100);
    fc.assert(
      fc.property(events, steps, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]), (all, dice, cuts) => {
        let now = T;
        const ranges = Array.from({ length: 9 }, (_, i) => {
          now += 1 + (dice.next().value as number) * 40_000;
          const flood = Array.from({ length: (dice.next().value as number) * 6 }, (_unused, k) => newTestEvent({ trace_id: `f${i}-${k}`, id: `f${i}-${k}${filler}`, name: filler }));
          return { now, records: [...all.filter((_event, k) => k % 9 === i), ...flood].map((event) => eventRecordOf(event)) };
        });
        const hashesOf = (effects: readonly string[]): string[] => effects.map((one) => hashId(16, one));
        expect(hashesOf(runWithRestores(service, ranges, cuts))).toEqual(hashesOf(runWithRestores(service, ranges, [])));
      }),
      { numRuns: 200 },
    );
  }); // prettier-ignore

  it('comes to the same turns from the same events, in whatever order and batches they arrive', () => {
    const finals = (all: readonly TurnEvent[], sizes: readonly number[], gaps: readonly number[]): unknown => {
      const task = newTurnsTask();
      const written: TurnRecord[] = [];
      let [now, at] = [T, 0];
      for (let i = 0; at < all.length; i++) {
        const size = 1 + (sizes[i % sizes.length] ?? 0);
        written.push(...turnsOf(run(task, (now += 1 + (gaps[i % gaps.length] ?? 0)), ...all.slice(at, (at += size)))));
      }
      written.push(...turnsOf(run(task, now + 5 * MINUTE)), ...turnsOf(run(task, now + 20 * MINUTE)));
      return [...latestBy(written, ({ tenant, turn_id: id }) => `${tenant}/${id}`).values()].map((turn) => ({ ...turn, first_minute: '' }));
    };
    const cut = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 });
    const pause = fc.array(fc.nat(70_000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), cut, pause, (all, dice, sizes, gaps) => {
        const shuffled = all.map((event) => ({ event, at: dice.next().value as number })).sort((a, b) => a.at - b.at);
        expect(finals(shuffled.map(({ event }) => event), sizes, gaps)).toEqual(finals(all, [99], [0]));
      }),
      { numRuns: 150 },
    );
  }); // prettier-ignore
});
