import { createDice, isoTime, MINUTE_MS } from '@telltale/kernel';

export interface TestTraffic {
  readonly now: number;
  readonly tenant: string;
  readonly turns: number;
  readonly seed: number;
  /** What people and producers named, in every place that can be named. */
  readonly name?: (plain: string) => string;
}

const LANGUAGES = ['en', 'de', 'fr'] as const;
const TOOLS = ['find_order', 'refund', 'search'] as const;
const MODELS = ['gpt-4o', 'gpt-4o-mini'] as const;

/** Turns of six hours with what they called: German ones often end unhelped, refund is slow and fails, the large model costs ten times as much. */
export function simulateTraffic({ now, tenant, turns, seed, name = (plain) => plain }: TestTraffic) {
  const dice = createDice(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(dice.uniform() * list.length)] as T;
  const turnRows: object[] = [];
  const eventRows: object[] = [];
  for (let i = 0; i < turns; i++) {
    const at = now - Math.floor(6 * 60 * MINUTE_MS * ((i + 1) / (turns + 1)));
    const [language, tool, model] = [oneOf(LANGUAGES), oneOf(TOOLS), oneOf(MODELS)];
    const fails = tool === 'refund' && dice.uniform() < 0.3;
    const unhelped = fails || dice.uniform() < (language === 'de' ? 0.5 : 0.05);
    const cost = Math.round((model === 'gpt-4o' ? 4_000_000 : 400_000) * Math.exp(0.3 * dice.normal()));
    const toolMs = (tool === 'refund' ? 3_000 : 200) * Math.exp(0.3 * dice.normal());
    const id = `${tenant}-${seed}-${i}`;
    const own = { tenant, trace_id: id, session_id: `s${i % 50}`, service_name: name(i % 4 === 0 ? 'pay' : 'shop'), service_version: name('1.0'), region: name('eu'), ts: isoTime(at), expires_on: '2099-01-01', sampling_weight: 1 };
    turnRows.push({
      ...own, turn_id: id, revision: 1, first_minute: isoTime(Math.floor(at / MINUTE_MS) * MINUTE_MS), received_at: isoTime(at), duration_ms: 900 + toolMs, has_root: true, status: fails ? 'error' : 'ok', name: 'chat',
      outcome: unhelped ? 'error' : 'answered', intent: name(tool), language, feature_flags: { [name('beta')]: name(i % 2 === 0 ? 'on' : 'off') }, dimensions: { [name('plan')]: name(i % 3 === 0 ? 'pro' : 'free') },
      models: [name(model)], providers: ['openai'], tools: [name(tool)], calls: { llm: 1, tool: 1 }, cost_nano_usd: cost,
    });
    const event = (kind: string, more: object) => ({ ...own, id: `${id}-${kind}`, span_id: `${id}-${kind}`, kind, received_at: isoTime(at), status: 'ok', ...more });
    eventRows.push(
      event('turn', { name: 'chat', duration_ms: 900 + toolMs }),
      event('llm', { name: 'chat', provider: name('openai'), request_model: name(model), response_model: name(model), duration_ms: 800 * Math.exp(0.2 * dice.normal()), time_to_first_token_ms: 200, usage_input_uncached: 900, usage_cache_read: 100, usage_output: 50, cost_nano_usd: cost, prompt_name: name('answer'), prompt_version: name('v1'), decision_chosen: name(tool) }),
      event('tool', { name: name(tool), tool_name: name(tool), duration_ms: toolMs, status: fails ? 'error' : 'ok', error_type: fails ? name('Timeout') : '' }),
      event('retrieval', { name: name('documents'), duration_ms: 90 }),
      event('evaluator', { name: 'judge', score_name: name('helpful'), score_value: unhelped ? 0.2 : 0.9 }),
    );
    if (i % 10 === 0) eventRows.push(event('log', { name: 'log', severity: 'warn', body: 'slow' }));
  }
  return { turns: turnRows, events: eventRows };
} // prettier-ignore
