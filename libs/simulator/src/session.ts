import { type NativeEvent } from '@telltale/contracts';
import { type Fault, tokenFactor, toolFactor } from './faults';
import { type SimulatedModel, type SimulatedService, type SimulatedTool } from './fleet';
import { createPerson, personalTouch, type Person } from './people';
import { type Random } from './random';

/** A simulated event and when it began, ms since the epoch, for putting in order. */
export interface Timed {
  readonly at: number;
  readonly event: NativeEvent;
}

const MAX_TRIES = 3;
const iso = (at: number): string => new Date(at).toISOString();

/** One conversation from its first request on: turns, and inside each the calls that answer it. */
export function createSession(random: Random, service: SimulatedService, start: number, faults: readonly Fault[]): Timed[] {
  const events: Timed[] = [];
  const session = `ses-${random.hex(16)}`;
  const person = createPerson(random);
  const user = `user-${random.int(1, 4_000)}`;
  let at = start;
  let traceId = '';

  const base = (kind: NativeEvent['kind'], name: string, began: number, spanId: string): NativeEvent => ({
    kind,
    id: `${kind}-${spanId}`,
    ts: iso(began),
    name,
    service_name: service.name,
    service_version: service.version,
    deployment_environment: 'production',
    session_id: session,
    trace_id: traceId,
    user_id: user,
    agent_name: service.agent,
  });
  const emit = (began: number, event: NativeEvent): void => void events.push({ at: began, event });
  const log = (severity: string, body: string, parent: string): void =>
    emit(at, { ...base('log', severity, at, random.hex(16)), parent_span_id: parent, severity, body });

  function callModel(model: SimulatedModel, turn: string, prompt: string, answer: string, wantsTool: boolean): boolean {
    for (let attempt = 1; attempt <= 2; attempt++) {
      const span = random.hex(16);
      const factor = tokenFactor(faults, service.name, at);
      const isLimited = random.chance(0.007);
      const duration = Math.round(isLimited ? random.logNormal(90, 0.2) : random.logNormal(model.medianMs, 0.22));
      const input = Math.round(random.logNormal(900, 0.3) * factor);
      const output = Math.round(random.logNormal(wantsTool ? 60 : 140, 0.3) * factor);
      const event = base('llm', `chat ${model.name}`, at, span);
      event.span_id = span;
      event.parent_span_id = turn;
      event.duration_ms = duration;
      event.provider = model.provider;
      event.request_model = model.name;
      event.response_model = model.name;
      event.input = [{ role: 'user', content: prompt }];
      event.attributes = { attempt };
      emit(at, event);
      if (isLimited) {
        event.status = 'error';
        event.error = { type: 'RateLimitError', message: `429 from ${model.provider}, retry after 1 s` };
        at += duration + 1_000;
        continue;
      }
      event.status = 'ok';
      event.usage = { input_tokens: input, cache_read_tokens: Math.floor(input * 0.4), output_tokens: output };
      event.output = [{ role: 'assistant', content: answer }];
      event.finish_reasons = [wantsTool ? 'tool_calls' : 'stop'];
      event.time_to_first_token_ms = Math.round(duration * 0.3);
      event.prompt_name = `${service.agent}-${wantsTool ? 'plan' : 'answer'}`;
      event.prompt_version = 'v7';
      at += duration;
      return true;
    }
    return false;
  }

  function callTool(tool: SimulatedTool, turn: string, who: Person): boolean {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const span = random.hex(16);
      const isFailed = random.chance(attempt === 1 ? tool.failureRate : 0.25);
      const duration = Math.round(random.logNormal(tool.medianMs, 0.2) * toolFactor(faults, service.name, tool.name, at));
      const call = {
        name: tool.name,
        call_id: `call_${span}`,
        arguments: { customer: who.email, reference: random.int(10_000, 99_999) },
      };
      const event = base('tool', tool.name, at, span);
      event.span_id = span;
      event.parent_span_id = turn;
      event.duration_ms = duration;
      event.attributes = { attempt };
      event.status = isFailed ? 'error' : 'ok';
      emit(at, event);
      at += duration;
      if (!isFailed) {
        event.tool = { ...call, result: { found: random.int(1, 9), for: who.name } };
        return true;
      }
      event.tool = call;
      event.error = tool.failure;
      log('warn', `tool ${tool.name} failed on attempt ${attempt} of ${MAX_TRIES} for order ${random.int(10_000, 99_999)}`, turn);
      at += 200 * attempt;
    }
    return false;
  }

  const turns = random.int(1, 5);
  for (let index = 0; index < turns; index++) {
    traceId = random.hex(32);
    const turn = random.hex(16);
    const began = at;
    const request = random.pick(service.requests) + personalTouch(random, person);
    const answer = random.pick(service.answers);
    let isAnswered = callModel(service.planner, turn, request, 'I will look that up.', true);
    if (isAnswered && random.chance(0.3)) {
      const span = random.hex(16);
      const duration = Math.round(random.logNormal(55, 0.2));
      emit(at, {
        ...base('retrieval', 'search_documents', at, span),
        span_id: span,
        parent_span_id: turn,
        duration_ms: duration,
        status: 'ok',
        input: request,
        output: [{ document: random.pick(service.documents), score: Math.round(random.next() * 100) / 100 }],
      });
      at += duration;
    }
    const calls = isAnswered ? random.int(0, 2) : 0;
    for (let call = 0; call < calls && isAnswered; call++) isAnswered = callTool(random.pick(service.tools), turn, person);
    if (isAnswered) isAnswered = callModel(service.writer, turn, request, answer, false);
    if (random.chance(0.08))
      log('info', `turn ${index + 1} answered in ${Math.round(at - began)} ms with ${calls} tool calls`, turn);
    if (!isAnswered) log('error', `turn ${index + 1} gave up after ${Math.round(at - began)} ms`, turn);
    emit(began, {
      ...base('turn', `${service.agent} turn`, began, turn),
      span_id: turn,
      duration_ms: Math.round(at - began),
      status: isAnswered ? 'ok' : 'error',
      input: request,
      ...(isAnswered ? { output: answer } : { error: { type: 'TurnFailed', message: 'no answer after all attempts' } }),
    });
    at += Math.round(random.logNormal(18_000, 0.5));
  }
  if (random.chance(0.1)) {
    const isGood = random.chance(0.8);
    emit(at, {
      ...base('feedback', 'thumbs', at, random.hex(16)),
      score: { name: 'thumbs', value: isGood ? 1 : 0, label: isGood ? 'pass' : 'fail' },
    });
  }
  return events;
}
