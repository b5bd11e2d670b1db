import { DDSketch } from '@datadog/sketches-js';
import { eventRecord, measure, type EventRecord, type Measure } from '@telltale/contracts';
import { createMeasures, OTHER } from './measures';

const AT = Date.UTC(2026, 0, 31, 12, 0, 3);
const event = (of: Partial<EventRecord>): EventRecord => ({
  tenant: 'acme', kind: 'tool', name: 'search', service_name: 'bot', status: 'ok', duration_ms: 100, sampling_weight: 1, request_model: '', response_model: '', cost_nano_usd: null,
  usage_input_uncached: null, usage_cache_read: null, usage_cache_write: null, usage_output: null, usage_reasoning: null, usage_cache_write_1h: null,
  usage_input_audio: null, usage_input_image: null, usage_output_audio: null, usage_output_image: null, time_to_first_token_ms: null, score_name: '', score_value: null, score_label: '', severity: '', ...of,
}) as EventRecord; // prettier-ignore
const measuresOf = (events: readonly Partial<EventRecord>[], max = 100) => {
  const seen = new Set<string>();
  const measures = createMeasures({ admits: (_tenant, id) => seen.has(id) || (seen.size < max && Boolean(seen.add(id))) });
  for (const one of events) measures.add(event(one), AT);
  measures.endBatch();
  return { records: measures.flush(), measures };
};

describe('measures', () => {
  it.each([
    ['a turn, which is measured whole', { kind: 'turn' as const }, []],
    ['a turn of a version', { kind: 'turn' as const, service_version: '2.0' }, [['service.version', { service_name: 'bot', service_version: '2.0' }, 1]]],
    ['a tool', {}, [['operation.duration', { service_name: 'bot', kind: 'tool', name: 'search' }, 100]]],
    ['a call of a model', { kind: 'llm' as const, name: 'chat', response_model: 'm', cost_nano_usd: 7, usage_input_uncached: 3, usage_cache_read: 4, usage_output: 5 }, [
      ['operation.duration', { service_name: 'bot', kind: 'llm', name: 'chat' }, 100], ['llm.cost', { service_name: 'bot', model: 'm' }, 7], ['llm.tokens', { service_name: 'bot', model: 'm' }, 12], ['llm.cache_read_share', { service_name: 'bot', model: 'm' }, 4 / 7]]],
    ['a streamed call', { kind: 'llm' as const, duration_ms: null, response_model: 'm', time_to_first_token_ms: 420 }, [['llm.time_to_first_token', { service_name: 'bot', model: 'm' }, 420]]],
    ['a call with tokens in every bucket', { kind: 'llm' as const, duration_ms: null, response_model: 'm', usage_input_uncached: 1, usage_cache_read: 2, usage_cache_write: 4, usage_cache_write_1h: 8, usage_input_audio: 16, usage_input_image: 32, usage_output: 64, usage_reasoning: 128, usage_output_audio: 256, usage_output_image: 512 }, [
      ['llm.tokens', { service_name: 'bot', model: 'm' }, 1_023], ['llm.cache_read_share', { service_name: 'bot', model: 'm' }, 2 / 15]]],
    ['a call that was all audio', { kind: 'llm' as const, duration_ms: null, response_model: 'm', usage_output_audio: 9 }, [['llm.tokens', { service_name: 'bot', model: 'm' }, 9]]],
    ['a call of a provider', { kind: 'llm' as const, name: 'chat', provider: 'openai' }, [
      ['operation.duration', { service_name: 'bot', kind: 'llm', name: 'chat' }, 100], ['provider.duration', { provider: 'openai' }, 100]]],
    ['a call whose price is unknown', { kind: 'llm' as const, duration_ms: null }, []],
    ['a log line', { kind: 'log' as const, duration_ms: null, severity: 'warn' }, [['log.count', { service_name: 'bot', severity: 'warn' }, 1]]],
    ['an error in a log', { kind: 'log' as const, duration_ms: null, severity: 'error', log_template_id: 'ab' }, [
      ['log.count', { service_name: 'bot', severity: 'error' }, 1], ['log.template', { service_name: 'bot', severity: 'error', log_template_id: 'ab' }, 1]]],
    ['a failure of a version', { duration_ms: null, service_version: '2.0', status: 'error' as const, error_fingerprint: 'f' }, [
      ['service.version', { service_name: 'bot', service_version: '2.0' }, 1], ['error.count', { service_name: 'bot', error_fingerprint: 'f' }, 1]]],
    ['a score', { kind: 'evaluator' as const, duration_ms: null, score_name: 'reward', score_value: 0.5 }, [['score', { service_name: 'bot', score_name: 'reward' }, 0.5]]],
    ['a session', { kind: 'session' as const }, []],
  ])('of %s', (_, one, expected) => {
    const { records } = measuresOf([one]);
    expect(records.map(({ metric, dimensions, sum }) => [metric, dimensions, sum])).toEqual(expected);
    for (const record of records) expect(measure.safeParse(record).success).toBe(true);
  }); // prettier-ignore

  it.each([
    ['tool', true, ['operation.duration', 'tenant.operation.duration']],
    ['mcp', true, ['operation.duration', 'tenant.operation.duration']],
    ['tool', false, ['operation.duration']],
    ['agent', true, ['operation.duration']],
    ['llm', true, ['operation.duration']],
  ] as const)('of %s are over all services as well where other services call the same: %s', (kind, isShared, metrics) => {
    const measures = createMeasures({ admits: () => true, isShared: () => isShared });
    measures.add(event({ kind }), AT);
    measures.endBatch();
    const records = measures.flush();
    expect(records.map(({ metric }) => metric)).toEqual(metrics);
    expect(records[1]?.part).toEqual(metrics.length > 1 ? ['bot'] : undefined);
  });

  // Checks the contract and not our list of buckets, so a new bucket is counted or this fails.
  const buckets = Object.keys(eventRecord.shape).filter((name) => name.startsWith('usage_') && name !== 'usage_estimated');
  const tokensOf = (usage: object): number[] =>
    measuresOf([{ kind: 'llm', duration_ms: null, ...usage }]).records.filter(({ metric }) => metric === 'llm.tokens').map(({ sum }) => sum); // prettier-ignore
  it.each(buckets)('of tokens count bucket %s', (bucket) => expect(tokensOf({ [bucket]: 7 })).toEqual([7]));
  it('of tokens count every bucket once', () => {
    expect(tokensOf(Object.fromEntries(buckets.map((bucket, at) => [bucket, 2 ** at])))).toEqual([2 ** buckets.length - 1]);
  });

  it('fold the events of one series and window into one record', () => {
    const { records } = measuresOf([
      { duration_ms: 10 },
      { duration_ms: 30, status: 'error' },
      { duration_ms: 20, sampling_weight: 2 },
    ]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      count: 4,
      sum: 80,
      min: 10,
      max: 30,
      errors: 1,
      window_start: '2026-01-31T12:00:00.000Z',
    });
    expect(DDSketch.fromProto(Buffer.from(records[0]!.sketch, 'base64')).getValueAtQuantile(0.5)).toBeCloseTo(20, 0);
  });
  it('of a series over all services say whose values they are, through a restore as well, and take no room of other series', () => {
    const calls = ['bot', 'desk', 'bot'].map((service_name) => ({ kind: 'llm' as const, name: 'chat', provider: 'openai', service_name })); // prettier-ignore
    const wide = ({ metric: of }: Measure): boolean => of === 'provider.duration';
    const { records } = measuresOf(calls);
    expect(records.filter(wide).map(({ part, count }) => [part, count])).toEqual([[['bot', 'chat'], 2], [['desk', 'chat'], 1]]); // prettier-ignore
    expect(new Set(records.filter(wide).map(({ series_id: id }) => id)).size).toBe(1);

    const [before, restored] = [createMeasures({ admits: () => true }), createMeasures({ admits: () => true })];
    for (const one of calls) {
      before.add(event(one), AT);
      const batch = before.endBatch();
      if (batch) restored.restore(JSON.parse(JSON.stringify(batch)) as typeof batch);
    }
    expect(restored.flush()).toEqual(before.flush());
  });
  it('are not made of what others stand for', () => {
    const { records } = measuresOf([
      { duration_ms: 10, sampling_weight: 4 },
      { duration_ms: 900, sampling_weight: 0 },
    ]);
    expect(records).toMatchObject([{ count: 4, max: 10 }]);
    expect(measuresOf([{ duration_ms: 900, sampling_weight: 0 }]).records).toEqual([]);
  });
  it('keep windows and tenants apart', () => {
    const measures = createMeasures({ admits: () => true });
    for (const [tenant, at] of [['a', AT], ['a', AT + 10_000], ['b', AT]] as const) measures.add(event({ tenant }), at);
    measures.endBatch();
    const records = measures.flush();
    expect(new Set(records.map(({ series_id, window_start }) => series_id + window_start)).size).toBe(3);
    expect(new Set(records.map(({ series_id }) => series_id)).size).toBe(2);
  }); // prettier-ignore
  it('count series over the limit under __overflow__ and lose no count', () => {
    const { records } = measuresOf(
      Array.from({ length: 50 }, (_, i) => ({ name: `tool-${i}` })),
      10,
    );
    expect(records).toHaveLength(11);
    expect(records.reduce((sum, { count }) => sum + count, 0)).toBe(50);
    expect(records.at(-1)!.dimensions).toEqual({ service_name: OTHER, kind: 'tool', name: OTHER });
  });
  it('bound values that cannot have been measured', () => {
    const { records } = measuresOf([{ duration_ms: 1e308 }, { duration_ms: 1e308 }, { duration_ms: 1e-300 }]);
    expect(records[0]!.sketch.length).toBeLessThan(40_000);
    expect(Number.isFinite(records[0]!.sum)).toBe(true);
  });
  it('encode a single value in a few bytes', () => {
    expect(measuresOf([{}]).records[0]!.sketch.length).toBeLessThan(80);
  });
});
