import { createLangfuseReader } from './read-export';
import { eventOf, eventsOf, itemsOf, observation, problemsOf, score, trace } from './langfuse-export.fixture';

const namesOf = (...values: readonly unknown[]): string[] => itemsOf(...values).map(({ name }) => name);

describe('a trace', () => {
  it('is the turn: its words, session, user, release and tags', () => {
    expect(eventOf(trace({ latency: 1.5, totalCost: 2, observations: ['o1'], scores: ['c1'] }))).toEqual({
      kind: 'turn', ts: '2026-01-31T12:00:00.000Z', status: 'unset', duration_ms: 1_500, id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, trace_id: 't1', name: 'support',
      service_name: 'imported', service_version: '2', release: 'r7', deployment_environment: 'production', session_id: 's1', user_id: 'mia',
      input: { question: 'Where is my parcel?' }, output: 'On its way.', attributes: { 'langfuse.trace.tags': ['vip'], 'langfuse.trace.metadata.shop': 'de' },
    }); // prettier-ignore
  });

  it('with its observations ends with the last of them, and fails with its root', () => {
    const root = observation({ id: 'root', type: 'SPAN', endTime: '2026-01-31T12:00:09.000Z' });
    const tool = observation({ id: 'tool', type: 'TOOL', parentObservationId: 'root', level: 'ERROR', endTime: null });
    const [recovered] = eventsOf(trace({ observations: [root, tool], latency: 77 }));
    expect(recovered).toMatchObject({ kind: 'turn', duration_ms: 9_000, status: 'ok' });
    expect(eventsOf(trace({ observations: [{ ...root, level: 'ERROR' }, tool] }))[0]).toMatchObject({ status: 'error' });
  });

  it.each([
    ['metrics that were not asked for', { latency: -1 }],
    ['no latency, as in blob storage', {}],
    [
      'observations that end before it begins',
      { observations: [observation({ startTime: '2026-01-30', endTime: '2026-01-30' })] },
    ],
  ])('with %s has no duration', (_, of) => expect(eventsOf(trace(of))[0]?.duration_ms).toBeUndefined());

  it.each([
    ['no id', { id: '' }, 'trace: id is missing'],
    ['no time', { timestamp: null }, 'trace t1: timestamp is missing'],
    ['a time in words', { timestamp: 'today' }, 'trace t1: timestamp is no time'],
  ])('with %s is refused by name and field', (_, of, problem) => {
    expect(problemsOf(trace(of))).toEqual([expect.stringContaining(problem)]);
  });

  it('reads its words from JSON, and from JSON in JSON, as the UI exports them', () => {
    expect(eventOf(trace({ input: '"\\"Where?\\""', output: '"{\\"a\\":1}"' }))).toMatchObject({
      input: 'Where?',
      output: { a: 1 },
    });
    expect(eventOf(trace({ input: '{"messages":[{"role":"user","content":"Where?"}]}' })).input).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Where?' }] },
    ]);
  });
});

describe('a score', () => {
  it('is about its trace or observation', () => {
    expect(eventOf(score({ observationId: 'o1', comment: 'good', authorUserId: 'ann' }))).toEqual({
      kind: 'evaluator', ts: '2026-01-31T12:05:00.000Z', id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, name: 'helpful', status: 'ok', service_name: 'imported', trace_id: 't1',
      parent_span_id: 'o1', score: { name: 'helpful', value: 0.5 },
      attributes: { 'langfuse.score.comment': 'good', 'langfuse.score.source_type': 'eval', 'langfuse.score.data_type': 'numeric', 'langfuse.score.author_user_id': 'ann' },
    }); // prettier-ignore
  });
  it.each([
    ['ANNOTATION', 'feedback'],
    ['API', 'evaluator'],
    ['EVAL', 'evaluator'],
  ])('from %s is of kind %s', (source, kind) => expect(eventOf(score({ source })).kind).toBe(kind));

  it.each([
    [{ dataType: 'NUMERIC', value: '0.5' }, { value: 0.5 }],
    [{ dataType: 'NUMERIC', value: 0 }, { value: 0 }],
    [
      { dataType: 'BOOLEAN', value: 1, stringValue: 'True' },
      { value: 1, label: 'True' },
    ],
    [
      { dataType: 'BOOLEAN', value: false },
      { value: 0, label: 'False' },
    ],
    [
      { dataType: 'CATEGORICAL', value: 2, stringValue: 'good' },
      { value: 2, label: 'good' },
    ],
    [{ dataType: 'CATEGORICAL', value: 'good' }, { label: 'good' }],
  ])('%j', (of, expected) => expect(eventOf(score(of)).score).toEqual({ name: 'helpful', ...expected }));

  it('that is a text is what was said, not a label', () => {
    expect(eventOf(score({ dataType: 'TEXT', value: 0, stringValue: 'could be shorter' }))).toMatchObject({ score: { name: 'helpful' }, output: 'could be shorter' });
    expect(eventOf(score({ dataType: 'CORRECTION', value: 0, longStringValue: 'It rains.' }))).toMatchObject({ output: 'It rains.' });
  }); // prettier-ignore

  it('from a list of the public API has the user that stands beside it', () =>
    expect(eventOf(score({ trace: { userId: 'mia', tags: [], environment: 'production' } }))).toMatchObject({
      kind: 'evaluator', user_id: 'mia', deployment_environment: 'production', trace_id: 't1',
    })); // prettier-ignore

  it('of a session alone is of that session', () =>
    expect(eventOf(score({ traceId: null, sessionId: 's9' }))).toMatchObject({ session_id: 's9' }));

  it.each([
    ['no id', { id: null }, 'score: id is missing'],
    ['no name', { name: null }, 'score c1: name is missing'],
    ['no time', { timestamp: null }, 'score c1: timestamp is missing'],
  ])('with %s is refused by name and field', (_, of, problem) => expect(problemsOf(score(of))).toEqual([problem]));
});

describe('a file', () => {
  const nested = trace({ observations: [observation()], scores: [score({ traceId: undefined })], corrections: [] });
  it.each([
    ['one record after another', [trace(), observation(), score()]],
    ['a list', [[trace(), observation(), score()]]],
    [
      'pages of the public API',
      [
        { data: [trace()], meta: { page: 1 } },
        { data: [observation(), score()], meta: {} },
      ],
    ],
    ['a trace with all it holds', [nested]],
    ['traces of a session', [{ id: 's1', traces: [nested] }]],
    ['the UI’s export of one trace', [{ trace: trace({ scores: [score()], observations: [] }), observations: [observation()] }]],
  ])('of %s has the same records', (_, values) => expect(namesOf(...values)).toEqual(['trace t1', 'observation o1', 'score c1']));

  it('may have observations before their trace: the events have the same ids', () => {
    const ids = (...values: readonly unknown[]) => new Set(eventsOf(...values).map(({ id }) => id));
    expect(ids(observation(), score(), trace())).toEqual(ids(nested));
  });

  it.each([
    ['a text', 'x', 'record: must be a JSON object'],
    ['null', null, 'record: must be a JSON object'],
    ['a session', { id: 's1', createdAt: '2026-01-31' }, 'record s1: is neither a trace, an observation nor a score'],
    ['nothing', {}, 'record: is neither'],
  ])('refuses %s and goes on', (_, value, problem) => {
    expect(problemsOf(trace(), value, observation())).toEqual([expect.stringContaining(problem)]);
    expect(itemsOf(trace(), value, observation())).toHaveLength(3);
  });

  it('lends nothing of a trace without an id to observations without a trace', () => {
    const [, item] = itemsOf(trace({ id: null }), observation({ traceId: null }));
    expect(item).toMatchObject({ name: 'observation o1', event: { kind: 'llm' } });
    expect(item).not.toHaveProperty('event.user_id');
    expect(item).not.toHaveProperty('event.trace_id');
  });

  it('names a record by the beginning of its id', () =>
    expect(problemsOf({ id: 'x'.repeat(10_000), type: 'SPAN', traceId: 't' })[0]?.length).toBeLessThan(150));

  it('remembers so many traces and no more', () => {
    const reader = createLangfuseReader({ service: 'bot' }, 2);
    const sessionOf = (id: string): unknown => {
      const [item] = [...reader.read(observation({ traceId: id }))];
      return item && 'event' in item ? item.event.session_id : null;
    };
    for (const id of ['t1', 't2', 't3']) expect([...reader.read(trace({ id }))]).toHaveLength(1);
    expect(['t1', 't2', 't3'].map(sessionOf)).toEqual([undefined, 's1', 's1']);
  });
});
