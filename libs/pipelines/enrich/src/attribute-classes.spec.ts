import { decodeTraces, encodeTraces, scanTraces } from '@telltale/adapter-otlp';
import { type OtlpDecoders } from './options';
import { type OtlpSpan, TOPICS } from '@telltale/contracts';
import { attributeNamesOf, CODING_AGENTS, LANGFUSE_EXPORT_ATTRIBUTES, VOCABULARIES } from '@telltale/domain-normalize';
import { classOfAttribute, type PrivacyMode } from '@telltale/domain-privacy';
import { isRecord } from '@telltale/kernel';
import { testData } from '@telltale/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { native, newTestEnricher, record, T, testOptions } from './enrich.fixture';

const AGENT_NAMES = CODING_AGENTS.flatMap(({ vocabulary, promptId }) => [
  ...attributeNamesOf(vocabulary),
  ...(promptId ? [promptId] : []),
]);
const KNOWN = [...new Set([...VOCABULARIES.flatMap(attributeNamesOf), ...AGENT_NAMES, ...LANGFUSE_EXPORT_ATTRIBUTES])];
const UNWANTED = new Set(VOCABULARIES.flatMap(({ unwanted }) => unwanted ?? []));

const traces = { decode: decodeTraces, pick: (body: Buffer, indexes: readonly number[]) => scanTraces(body).pick(indexes) };
const otlp: OtlpDecoders = { ...testOptions().otlp, traces: { protobuf: traces, json: traces } };

/** Everything that is written of a span that says `value` under `name`, and of an event that does. */
function storedUnder(name: string, value: string, privacy: PrivacyMode): string {
  const { run } = newTestEnricher({ otlp, defaults: { privacy } });
  const span: OtlpSpan = {
    traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: '', traceState: '', name: 'turn', kind: 1, startMs: T - 500, endMs: T, attributes: { [name]: value },
    events: [], links: [], status: { code: 0, message: '' },
  }; // prettier-ignore
  const group = { resource: {}, scope: { name: '', version: '', attributes: {} }, items: [{ index: 0, item: span }] };
  const effects = run([
    record(encodeTraces({ groups: [group] }), { topic: TOPICS.otlpSpans.name }),
    record(native({ attributes: { [name]: value } })),
  ]);
  expect(effects.rows.get('events')).toHaveLength(2);
  return [...effects.rows.values()].flat().map(String).join();
}

/** Names of attributes in the JSON of spans, indexes of lists made one. */
function namesIn(value: unknown, into: Set<string>): void {
  const add = (name: string): unknown => into.add(name.replace(/\.\d+(?=\.|$)/g, '.0'));
  if (Array.isArray(value)) for (const one of value) namesIn(one, into);
  if (!isRecord(value)) return;
  if (typeof value['key'] === 'string' && 'value' in value) add(value['key']);
  if (isRecord(value['attributes'])) Object.keys(value['attributes']).forEach(add);
  for (const one of Object.values(value)) namesIn(one, into);
}

describe('names of attributes', () => {
  it('of every vocabulary have a class: say in attribute-classes.ts what a new one may hold', () => {
    expect(KNOWN.length).toBeGreaterThan(300);
    expect(KNOWN.filter((name) => classOfAttribute(name) === null)).toEqual([]);
  });

  const spans = testData('spans');
  spans.itData(`of spans as real SDKs send them have one${spans.leftOut}`, () => {
    const names = new Set<string>();
    for (const set of readdirSync(spans.path))
      for (const file of readdirSync(join(spans.path, set)))
        if (file.endsWith('.json')) namesIn(JSON.parse(readFileSync(join(spans.path, set, file), 'utf8')), names);
    expect(names.size).toBeGreaterThan(150);
    expect([...names].filter((name) => classOfAttribute(name) === null)).toEqual([]);
  });

  it.each([
    ['db.password', 'secret'], ['app.customerId', 'identifier'], ['vendor.input', 'content'], ['vendor.usage.input', 'safe'], ['gen_ai.response.finish_reasons', 'safe'],
    ['llm.input_messages.3.message.content', 'content'], ['server.address', 'safe'], ['home.address', 'content'], ['colour', null],
    ['prompt', 'content'], ['tool_input', 'content'], ['tool_parameters', 'content'], ['function_args', 'content'], ['response_text', 'content'], ['error', 'content'],
    ['user.email', 'identifier'], ['user.account_uuid', 'identifier'], ['user.account_id', 'identifier'], ['organization.id', 'identifier'], ['installation.id', 'identifier'],
    ['prompt_id', 'identifier'], ['tool_use_id', 'identifier'], ['cost_usd', 'safe'], ['cached_token_count', 'safe'], ['duration_ms', 'safe'],
  ])('%s has the class %s', (name, expected) => expect(classOfAttribute(name)).toBe(expected)); // prettier-ignore
});

describe('what is stored of an attribute', () => {
  const content = KNOWN.filter((name) => classOfAttribute(name) === 'content');

  it.each(KNOWN)('%s has no address in it, whatever its class and wherever it is stored', (name) => {
    expect(storedUnder(name, 'mia.rossi@example.com', 'mask')).not.toContain('mia.rossi');
  });
  it.each(content)('%s names nobody', (name) => {
    expect(storedUnder(name, 'I am Olivia Petersen', 'mask')).not.toMatch(/Olivia|Petersen/);
  });
  it.each(content)('%s is not there where no content is kept', (name) => {
    expect(storedUnder(name, 'a heron by the river', 'metadata_only')).not.toContain('heron');
  });
  it('has no raw id of a person under any name that says it is one', () => {
    const names = KNOWN.filter((name) => classOfAttribute(name) === 'identifier' && /user/i.test(name));
    expect(names).toEqual(
      expect.arrayContaining(['user.id', 'gen_ai.user', 'langsmith.metadata.user_id', 'user.account_uuid', 'user.account_id']),
    );
    for (const name of names) expect(storedUnder(name, 'customer_9620', 'mask')).not.toContain('customer_9620');
  });
  it('is nothing of headers and vectors', () => {
    for (const name of UNWANTED) expect(storedUnder(name, 'heron', 'mask').split('heron')).toHaveLength(2);
  });
});
