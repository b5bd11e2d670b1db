import { directiveRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { decide, isEmpty, nextExpiry, NO_DIRECTIVES, targetKey, type VerbosityEvent } from '.';
import { ack, anomaly, incident, NOW, play, revoke, RULES, set, TICK } from './decide.fixture';
import { MAX_ACTIVE, MAX_APPLIED } from './state';

describe('deciding on verbosity', () => {
  it('raises one boost on a live anomaly, with its target, reason and expiry', () => {
    const { last } = play([0, anomaly()]);
    const [effect] = last.effects;
    expect(last.effects).toHaveLength(1);
    expect(effect?.type === 'changed' && directiveRecord.parse(effect.active.directive)).toMatchObject({
      tenant: 'acme', class: 'boost', version: 1, set: { min_severity: 'debug', content: 'full', flush: true }, limits: RULES.limits, target: { service_name: 'shop', tool_name: 'search' }, evidence: { anomaly_id: 'a-search' }, reason: 'tool search of shop took long',
      issued_at: '2026-03-02T12:00:00.000Z', expires_at: '2026-03-02T12:01:00.000Z',
    }); // prettier-ignore
  });

  it.each([
    ['history', anomaly('a', { backfill: true }), 'backfill'],
    ['the end of an anomaly', anomaly('a', { state: 'closed' }), 'not_opening'],
    ['an anomaly of no service', anomaly('a', { dimensions: {} }), 'no_target'],
    ['an anomaly in maintenance', anomaly('a', { in_maintenance: true }), 'in_maintenance'],
    ['an incident of behavior', incident({ kind: 'behavior' }), 'not_opening'],
    ['a later word on a cost incident', incident({ updated_at: '2026-03-02T12:01:00.000Z' }), 'not_opening'],
    ['a backfill cost incident', incident({ backfill: true }), 'backfill'],
    ['the end of a cost incident', incident({ state: 'closed' }), 'not_opening'],
    ['a cost incident of no service', incident({ service_name: '' }), 'no_target'],
    ['an answer about an unknown directive', ack('m', 'x'), 'nothing'],
    ['time that passes', TICK, 'nothing'],
  ] as const)('does nothing about %s', (_, event, reason) => {
    expect(decide(NO_DIRECTIVES, event, NOW, RULES)).toEqual({ state: NO_DIRECTIVES, effects: [], reason });
  });

  it.each([
    ['of a tool, that tool', 'operation.error_ratio', { service_name: 'shop', kind: 'tool', name: 'a' }, { service_name: 'shop', tool_name: 'a' }],
    ['of another operation, that operation', 'operation.duration', { service_name: 'shop', kind: 'retrieval', name: 'a' }, { service_name: 'shop', kind: 'retrieval', name: 'a' }],
    ['of all tools, these', 'operation.duration', { service_name: 'shop', kind: 'tool' }, { service_name: 'shop', kind: 'tool' }],
    ['of all operations, the service', 'operation.duration', { service_name: 'shop' }, { service_name: 'shop' }],
    ['of turns, the service', 'turn.duration', { service_name: 'shop', kind: 'tool', name: 'a' }, { service_name: 'shop' }],
    ['of a version, that version', 'version.duration', { service_name: 'shop', service_version: '2' }, { service_name: 'shop', service_version: '2' }],
    ['of calls of a model, these', 'llm.cost', { service_name: 'shop', model: 'm' }, { service_name: 'shop', model: 'm' }],
    ['of calls of all models, these', 'llm.tokens', { service_name: 'shop' }, { service_name: 'shop', kind: 'llm' }],
  ] as const)('boosts, by an anomaly %s', (_, metric, dimensions, target) => {
    const [effect] = play([0, anomaly('a', { metric, dimensions })]).last.effects;
    expect(effect?.type === 'changed' && effect.active.directive.target).toEqual(target);
  }); // prettier-ignore

  it('raises full content of model calls on a cost spike', () => {
    const [effect] = play([0, incident()]).last.effects;
    expect(effect).toMatchObject({
      change: 'raised',
      active: {
        directive: { set: { content: 'full' }, target: { service_name: 'shop', kind: 'llm' }, evidence: { incident_id: 'i' } },
      },
    });
  });

  it('extends a boost once, and never beyond its maximum duration', () => {
    const { reasons, state } = play(
      [0, anomaly()],
      [50, anomaly('search', { id: 'second' })],
      [80, anomaly('search', { id: 'third' })],
    );
    expect(reasons).toEqual(['raised', 'extended', 'already_extended']);
    expect(nextExpiry(state)).toBe(NOW + 90_000);
  });

  it('extends nothing but the boost of the same target, and says the new expiry', () => {
    const { last, state } = play([0, anomaly('a')], [0, anomaly('b')], [10, anomaly('b', { id: 'second' })]);
    expect(last.effects).toMatchObject([
      { change: 'extended', active: { directive: { version: 2, expires_at: '2026-03-02T12:01:10.000Z' } } },
    ]);
    expect(state.inForce.map(({ expiresAt, isExtended }) => [expiresAt - NOW, isExtended])).toEqual([
      [60_000, false],
      [70_000, true],
    ]);
  });

  it('leaves a boost that is in force for its longest already', () => {
    const rules = { ...RULES, maxMs: RULES.ttlMs };
    const raised = decide(NO_DIRECTIVES, anomaly(), NOW, rules).state;
    const { state, effects, reason } = decide(raised, anomaly('search', { id: 'second' }), NOW + 1_000, rules);
    expect([effects, reason]).toEqual([[], 'in_force']);
    expect(state.inForce.map(({ directive, expiresAt }) => [directive, expiresAt])).toEqual(
      raised.inForce.map(({ directive, expiresAt }) => [directive, expiresAt]),
    );
  });

  it.each(['2026-03-02T07:00:00.000Z', '2026-03-02T17:00:00.000Z'])('expires by its own clock, though an anomaly began at %s by that of its events', (started_at) => {
    const [effect] = decide(NO_DIRECTIVES, anomaly('search', { started_at }), NOW, RULES).effects;
    expect(effect?.type === 'changed' && effect.active.directive.expires_at).toBe('2026-03-02T12:01:00.000Z');
  }); // prettier-ignore

  it('gives boosts of one target that follow each other, and those of tenants, ids of their own', () => {
    const idOf = (event: VerbosityEvent, now: number): string => {
      const [effect] = decide(NO_DIRECTIVES, event, now, RULES).effects;
      return effect?.type === 'changed' ? effect.active.directive.id : '';
    };
    const ids = [
      idOf(anomaly('a'), NOW),
      idOf(anomaly('a'), NOW + 1),
      idOf(anomaly('b'), NOW),
      idOf(anomaly('a', { tenant: 'other' }), NOW),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(idOf(anomaly('a'), NOW)).toBe(ids[0]);
  });

  it('cools down the target of a boost only, forgets it afterwards, and nothing for what people set', () => {
    const { state } = play([0, anomaly('a')], [0, set('m', 60_000)], [60, TICK]);
    expect(Object.values(state.resting)).toEqual([NOW + 90_000]);
    expect(play([0, anomaly('a')], [60, TICK], [61, anomaly('b')]).reasons.at(-1)).toBe('raised');
    expect(decide(state, TICK, NOW + 89_999, RULES)).toEqual({ state, effects: [], reason: 'nothing' });
    expect(decide(state, TICK, NOW + 90_000, RULES)).toEqual({ state: NO_DIRECTIVES, effects: [], reason: 'nothing' });
    // Nothing was decided for as long as the cool-down, or longer: there is none left.
    expect(play([0, anomaly('a')], [90, TICK]).state).toEqual(NO_DIRECTIVES);
    expect(play([0, anomaly('a')], [200, TICK]).state).toEqual(NO_DIRECTIVES);
  });

  it('keeps every directive that is in force when another expires', () => {
    const { state, last } = play([0, set('short', 1_000)], [0, set('long', 9_000)], [0, anomaly('a')], [1, TICK]);
    expect(state.inForce.map(({ expiresAt }) => expiresAt - NOW)).toEqual([9_000, 60_000]);
    expect(last.effects).toMatchObject([{ change: 'expired', active: { directive: { id: 'short' }, appliedBy: [] } }]);
    expect(play([0, anomaly('a')], [60, TICK]).last.effects).toMatchObject([
      { change: 'expired', active: { directive: { issued_by: 'telltale.verbosity' }, appliedBy: [] } },
    ]);
  });

  it('counts what people set by hand into no limit of automatic boosts', () => {
    expect(play([0, set('m')], [0, set('n')], [0, anomaly('a')]).reasons.at(-1)).toBe('raised');
  });

  it('takes a part of a target that is empty for one that is absent, and mixes no two parts up', () => {
    expect(targetKey({ service_name: '', name: '', session_id: '' })).toBe(targetKey({}));
    expect(targetKey({ service_name: 'a', name: 'bc' })).not.toBe(targetKey({ service_name: 'ab', name: 'c' }));
    expect(targetKey({ name: 'b', service_name: 'a' })).toBe(targetKey({ service_name: 'a', name: 'b' }));
  });

  it('has nothing left to keep once no directive is in force and none cools down', () => {
    expect(isEmpty(NO_DIRECTIVES)).toBe(true);
    expect(isEmpty(play([0, anomaly('a')]).state)).toBe(false);
    expect(isEmpty(play([0, anomaly('a')], [60, TICK]).state)).toBe(false);
    expect(isEmpty(play([0, anomaly('a')], [60, TICK], [90, TICK]).state)).toBe(true);
  });

  it('keeps a cool-down while other directives end', () => {
    expect(play([0, anomaly('a')], [60, TICK], [61, set('m', 1_000)], [62, TICK], [63, anomaly('a')]).reasons.at(-1)).toBe(
      'resting',
    );
  });

  it('takes nothing by hand above its limit, but replaces what is there', () => {
    let state = NO_DIRECTIVES;
    for (let i = 0; i < MAX_ACTIVE; i++) ({ state } = decide(state, set(`m${i}`), NOW, RULES));
    expect(decide(state, set('one more'), NOW, RULES)).toEqual({ state, effects: [], reason: 'too_many' });
    expect(decide(state, set('m0', 9_000), NOW, RULES).reason).toBe('set_by_hand');
    expect(decide(state, revoke('m0'), NOW, RULES).state.inForce).toHaveLength(MAX_ACTIVE - 1);
  });

  it('expires, cools down, and may be raised again', () => {
    const { reasons, changes } = play([0, anomaly()], [59.9, TICK], [60, TICK], [89, anomaly()], [90, anomaly()]);
    expect(reasons).toEqual(['raised', 'nothing', 'expired', 'resting', 'raised']);
    expect(changes).toEqual(['raised', 'expired', 'raised']);
  });

  it('sums up what SDKs report, and tells it when the directive ends', () => {
    const did = { hits: 3, drops: 1, bytes: 40 };
    const { last } = play(
      [0, set('m', 5_000)],
      [1, ack('m', 'x', 'applied', did)],
      [2, ack('m', 'x', 'applied', did)],
      [5, TICK],
    );
    expect(last.effects).toMatchObject([{ change: 'expired', active: { records: 6, bytes: 80 } }]);
  });

  it('applies commands that set, replace and revoke', () => {
    const { reasons, changes, state } = play(
      [0, set('m', 5_000)],
      [1, set('m', 9_000)],
      [6, TICK],
      [7, revoke('m')],
      [8, revoke('m')],
    );
    expect(reasons).toEqual(['set_by_hand', 'set_by_hand', 'nothing', 'revoked', 'cleared_unknown']);
    expect(changes).toEqual(['raised', 'raised', 'revoked', 'cleared']);
    expect(state.inForce).toEqual([]);
  });

  it('counts each instance that applied it once, and reports the count when it ends', () => {
    const { last } = play(
      [0, set('m', 5_000)],
      [1, ack('m', 'x')],
      [1, ack('m', 'x')],
      [1, ack('m', 'y')],
      [1, ack('other', 'x')],
      [5, TICK],
    );
    expect(last.effects).toMatchObject([{ change: 'expired', active: { appliedBy: ['x', 'y'] } }]);
  });

  it('counts no instance that failed, and so many at most', () => {
    const { state, reasons, last } = play([0, set('n')], [0, set('m')], [0, ack('m', 'x', 'failed')], [0, ack('m', 'y')]);
    expect(reasons.slice(2)).toEqual(['nothing', 'acknowledged']);
    expect(last.effects).toEqual([{ type: 'applied', id: 'm', instance: 'y' }]);
    expect(state.inForce.map(({ appliedBy }) => appliedBy)).toEqual([[], ['y']]);
    let full = state;
    for (let i = 0; i < MAX_APPLIED; i++) full = decide(full, ack('m', `i${i}`), NOW, RULES).state;
    expect(full.inForce[1]?.appliedBy).toHaveLength(MAX_APPLIED);
  });

  it('keeps its limits for any events: one automatic boost per target, none past its expiry, never more than allowed', () => {
    const event = fc.oneof(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('shop', 'bot'), fc.nat(2))
        .map(([n, service_name, id]) => anomaly(n, { id: `${n}${id}`, dimensions: { service_name, kind: 'tool', name: n } })),
      fc.constantFrom('m', 'n').map((id) => set(id)),
      fc.constantFrom('m', 'n').map(revoke),
      fc.constant(TICK),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), event), { maxLength: 40 }), (steps) => {
        let state = NO_DIRECTIVES;
        let now = NOW;
        for (const [wait, e] of steps) {
          now += wait * 1_000;
          ({ state } = decide(state, e, now, RULES));
          const boosts = state.inForce.filter((d) => d.isAutomatic);
          expect(boosts.length).toBeLessThanOrEqual(RULES.maxBoosts);
          expect(new Set(boosts.map((d) => JSON.stringify(d.directive.target))).size).toBe(boosts.length);
          expect(nextExpiry(state)).toBeGreaterThan(now);
          expect(boosts.every((d) => d.expiresAt - Date.parse(d.directive.issued_at) <= RULES.maxMs)).toBe(true);
        }
      }),
    );
  });
});
