import { type TurnRecord } from '@telltale/contracts';
import { type Value } from '@telltale/domain-rootcause';
import { type Dice, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type Distractors, isNamed } from './distractors';
import { type Effect, type Fault } from './faults';
import { pick, weighted, whole, type World } from './world';

export type TurnRow = Partial<TurnRecord> &
  Pick<TurnRecord, 'turn_id' | 'ts' | 'duration_ms' | 'outcome' | 'status' | 'retries' | 'edges'>;

interface Drawn {
  readonly at: number;
  readonly values: readonly Value[];
  readonly dimensions: Record<string, string>;
  readonly templates: readonly string[];
}

const value = (dimension: Value['dimension'], name: string): Value => ({ dimension, value: name });
/** Days before the time of the evaluation: rows that have expired would be dropped. */
const KEPT_UNTIL = '2099-01-01';
const CACHED = 0.7;
/** Of an uncached input token, what one read from the cache costs. */
const CACHE_PRICE = 0.1;

/** All turns of a case, as the turns service writes them. */
export function makeTurns(tenant: string, dice: Dice, world: World, fault: Fault, distractors: Distractors): TurnRow[] {
  const rows: TurnRow[] = [];
  const meanGap = HOUR_MS / world.turnsPerHour;
  let number = 0;
  for (let at = world.from; at < world.until; at += -Math.log(1 - dice.uniform()) * meanGap)
    rows.push(oneTurn(tenant, dice, world, fault, distractors, at, number++));
  const late = rows.filter(({ ts }) => Date.parse(ts) >= world.onset);
  for (const { dimension, value: name, turns } of distractors.rare)
    for (let i = 0; i < turns; i++) {
      const row = pick(dice, late);
      rows[rows.indexOf(row)] = { ...row, ...spoiled(row, fault), dimensions: { ...row.dimensions, [dimension]: name } };
    }
  return rows;
}

/** As bad as a turn can be, in what is asked about. */
function spoiled(row: TurnRow, { symptom }: Fault): Partial<TurnRow> {
  if (symptom === 'errors') return { status: 'error', outcome: 'error' };
  if (symptom === 'abandoned' || symptom === 'unhelped') return { outcome: 'abandoned' };
  if (symptom === 'retries') return { retries: 3 };
  return symptom === 'cost' ? { cost_nano_usd: 5 * (row.cost_nano_usd ?? 0) } : { duration_ms: 6 * row.duration_ms };
}

function oneTurn(tenant: string, dice: Dice, world: World, fault: Fault, distractors: Distractors, at: number, number: number): TurnRow {
  const isAfter = at >= world.onset;
  const intents = world.intents.map(({ name, weight }) => weight * (isAfter && fault.surge?.intent === name ? fault.surge.factor : 1)); // prettier-ignore
  const intent = world.intents[weighted(dice, intents)];
  const surge = isAfter ? distractors.regionSurge : null;
  const regions = world.regions.map((region, i) => (world.regionWeights[i] ?? 1) * (surge?.region === region ? surge.factor : 1));
  const region = world.regions[weighted(dice, regions)] ?? '';
  const model = world.models[weighted(dice, world.modelWeights)];
  if (!intent || !model) throw new RangeError('a world has intents and models');
  const tools = intent.tools.filter(({ chance }) => dice.uniform() < chance).flatMap(({ tool }) => world.tools[tool] ?? []);
  const plan = pick(dice, world.plans);
  let [version, prompt] = [world.version, world.prompt];
  const flags: Record<string, string> = Object.fromEntries(world.flags.map(({ name, share }) => [name, dice.uniform() < share ? 'on' : 'off'])); // prettier-ignore
  const templates: string[] = [];
  // The fault's own change last: it is what it says.
  for (const rollout of [...distractors.rollouts, ...fault.rollouts]) {
    if (at < rollout.at || dice.uniform() >= rollout.share) continue;
    if (rollout.kind === 'version') version = rollout.value;
    else if (rollout.kind === 'prompt_version') prompt = rollout.value;
    else if (rollout.kind === 'template') templates.push(rollout.value);
    else flags[rollout.value.split('=')[0] ?? ''] = 'on';
  }
  const values = [
    value('version', version), value('prompt_version', prompt), value('region', region), value('intent', intent.name), value('model', model.name), value('provider', model.provider),
    ...tools.map(({ name }) => value('tool', name)),
    ...Object.entries(flags).map(([name, state]) => value('flag', `${name}=${state}`)),
  ]; // prettier-ignore
  const user = distractors.hopelessUser && dice.uniform() < 0.01 ? 'u_hopeless' : `u_${whole(dice, 0, world.users - 1)}`;
  const truth = fault.truths?.[0] ?? [];
  const hasCause = truth.length > 0 && truth.every((one) => values.some((own) => isNamed(own, one)));
  const dimensions: Record<string, string> = { plan };
  for (const { dimension, value: name, withCause, without } of distractors.bystanders)
    dimensions[dimension] = dice.uniform() < (hasCause ? withCause : without) ? name : 'other';
  const drawn: Drawn = { at, values, dimensions, templates };
  const effect = isAfter && fault.effect?.values.every((one) => values.some((own) => isNamed(own, one))) ? fault.effect : null;
  return {
    tenant,
    turn_id: `${tenant}-${number}`,
    revision: 5,
    trace_id: `${tenant}-${number}`,
    session_id: `${tenant}-s${Math.floor(number / 3)}`,
    user_id: user,
    turn_number: 1 + (number % 3),
    name: 'chat',
    ts: isoTime(at),
    first_minute: isoTime(Math.floor(at / MINUTE_MS) * MINUTE_MS),
    received_at: isoTime(at + 5_000),
    expires_on: KEPT_UNTIL,
    has_root: true,
    intent: intent.name,
    language: pick(dice, world.languages),
    service_name: world.service,
    service_version: version,
    region,
    models: [model.name],
    providers: [model.provider],
    tools: [...new Set(tools.map(({ name }) => name))],
    prompt_versions: [prompt],
    feature_flags: flags,
    log_template_ids: drawn.templates as string[],
    dimensions,
    sampling_weight: 1,
    ...workOf(dice, world, { intent, model, tools, isHopeless: user === 'u_hopeless', planFactor: distractors.slowPlan?.plan === plan ? distractors.slowPlan.factor : 1 }, effect),
  };
} // prettier-ignore

interface Work {
  readonly intent: World['intents'][number];
  readonly model: World['models'][number];
  readonly tools: readonly World['tools'][number][];
  readonly isHopeless: boolean;
  readonly planFactor: number;
}

/** What the turn does, and how it ends. */
function workOf(dice: Dice, world: World, { intent, model, tools, isHopeless, planFactor }: Work, effect: Effect | null) {
  const about = (median: number): number => median * Math.exp(world.spread * dice.normal());
  const ofTool = (name: string): boolean => effect !== null && (effect.tool === undefined || effect.tool === name);
  const slower = (name: string | null): number => (effect && (name === null ? effect.tool === undefined : ofTool(name)) ? (effect.slower ?? 1) : 1); // prettier-ignore
  const llm = `llm chat ${model.name}`;
  const selfTimes: Record<string, number> = {};
  const edges: { caller: string; callee: string; calls: number; duration_ms: number; errors: number }[] = [];
  const fingerprints: string[] = [];
  let retries = 0;
  let failed = false;
  const llmMs = Array.from({ length: intent.calls }, () => about(model.medianMs) * slower(null) * planFactor).reduce((sum, ms) => sum + ms, 0); // prettier-ignore
  edges.push({ caller: 'turn chat', callee: llm, calls: intent.calls, duration_ms: llmMs, errors: 0 });
  selfTimes[llm] = llmMs;
  let total = llmMs;
  for (const tool of tools) {
    const chance = isHopeless ? 0.9 : Math.min(0.95, tool.failShare + (ofTool(tool.name) ? (effect?.failing ?? 0) : 0));
    let [calls, errors, ms] = [0, 0, 0];
    let isDone = false;
    while (!isDone && calls < 3) {
      calls++;
      ms += about(tool.medianMs) * (slower(effect?.tool === undefined ? null : tool.name) * planFactor);
      isDone = dice.uniform() >= chance;
      if (isDone) break;
      errors++;
      if (dice.uniform() >= world.retryShare) break;
    }
    retries += calls - 1;
    if (errors > 0) fingerprints.push(`fp_${tool.name}`);
    failed ||= !isDone;
    edges.push({ caller: 'turn chat', callee: `tool ${tool.name}`, calls, duration_ms: ms, errors });
    selfTimes[`tool ${tool.name}`] = ms;
    total += ms;
  }
  // A fault of a version, prompt or region with no tool to fail in fails in the turn itself.
  if (effect?.failing !== undefined && effect.tool === undefined && tools.length === 0 && dice.uniform() < effect.failing) {
    failed = true;
    fingerprints.push('fp_turn');
  }
  const input = about(intent.inputTokens);
  const cached = effect?.uncached ? 0 : CACHED * (0.8 + 0.4 * dice.uniform());
  const paid = input * (1 - cached) + input * cached * CACHE_PRICE;
  const output = about(150);
  const isError = failed && dice.uniform() < 0.85;
  const isAbandoned = !isError && dice.uniform() < 0.03 + (effect?.abandoned ?? 0);
  const outcome = isError ? 'error' : isAbandoned ? 'abandoned' : dice.uniform() < 0.03 ? 'transferred' : 'answered';
  return {
    duration_ms: total + about(40),
    status: isError ? ('error' as const) : ('ok' as const),
    outcome: outcome as TurnRecord['outcome'],
    error_fingerprints: [...new Set(fingerprints)],
    retries,
    calls: { llm: intent.calls, ...(tools.length > 0 && { tool: tools.length + retries }) },
    cost_nano_usd: Math.round((paid + 4 * output) * intent.calls * model.nanoPerToken * (effect?.costlier ?? 1)),
    usage_input_uncached: Math.round(input * (1 - cached)),
    usage_cache_read: Math.round(input * cached),
    usage_output: Math.round(output),
    cache_read_share: cached,
    max_context_tokens: Math.round(input),
    self_time_ms: selfTimes,
    edges,
  };
}
