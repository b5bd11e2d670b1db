import { BILLED_COST } from '@telltale/contracts';
import { draftOf, LLM } from './conventions.fixture';
import { normalizeNative } from './native-event';

const usage = (of: object) => ({ prompt_tokens: 10, completion_tokens: 2, ...of });
const upstream = (cost: number | null) => ({ cost_details: { upstream_inference_cost: cost } });
const BYOK = usage({ cost: 0, is_byok: true, ...upstream(0.00197) });

/** What is billed of a call whose output is a whole answer with this usage. */
const billedBy = (of: object): unknown =>
  draftOf({ ...LLM.openInference, 'output.value': JSON.stringify({ id: 'gen-1', choices: [], usage: of }) }).content.attributes[
    BILLED_COST
  ];

describe("a router's bill", () => {
  it.each([
    ['the cost of a call on its own keys', usage({ cost: 0.0042, is_byok: false, ...upstream(0.0042) }), 0.0042],
    ['its fee and the cost of the provider, with a key of one’s own', BYOK, 0.00197],
    ['both, where it takes a fee', usage({ cost: 0.0001, is_byok: true, ...upstream(0.002) }), 0.0021],
    ['nothing, of a free model', usage({ cost: 0, is_byok: false, ...upstream(null) }), 0],
    ['unknown, with a key of one’s own and no word of the provider', usage({ cost: 0, is_byok: true, ...upstream(null) }), undefined],
    ['the cost of the provider, where an older answer says 0', usage({ cost: 0, ...upstream(0.002) }), 0.002],
    ['the cost, where an older answer says both', usage({ cost: 0.95, ...upstream(19) }), 0.95],
    ['no bill, but what another tool reckons', usage({ cost: 0.5 }), undefined],
    ['no bill where it is no amount', usage({ cost: -1, is_byok: false }), undefined],
    ['none', usage({}), undefined],
  ])('is %s', (_, of, billed) => expect(billedBy(of)).toBe(billed)); // prettier-ignore

  it.each([
    ['in the metadata of the AI SDK', { ...LLM.vercel, 'ai.response.providerMetadata': JSON.stringify({ openrouter: { usage: { cost: 0, isByok: true, costDetails: { upstreamInferenceCost: 0.00197 } } } }) }],
    ['in the usage that LiteLLM keeps', { ...LLM.otel, 'metadata.usage_object': JSON.stringify(BYOK) }],
    ['in attributes of their own', { ...LLM.otel, 'gen_ai.usage.cost': 0, 'gen_ai.usage.is_byok': true, 'gen_ai.usage.cost_details.upstream_inference_cost': '0.00197' }],
    ['as one object', { ...LLM.otel, usage: JSON.stringify(BYOK) }],
  ])('is found %s', (_, attributes) => expect(draftOf(attributes).content.attributes[BILLED_COST]).toBe(0.00197)); // prettier-ignore

  it('is what a producer says that it was, before all else', () => {
    const native = { kind: 'llm', ts: '2026-11-01T00:00:00Z', service_name: 's', output: { usage: BYOK } };
    const billed = (more: object) => {
      const read = normalizeNative({ ...native, ...more }, { tenant: 't', receivedAt: 0 });
      return read.ok ? read.value[0]?.content.attributes[BILLED_COST] : read.error;
    };
    expect(billed({})).toBe(0.00197);
    expect(billed({ attributes: { [BILLED_COST]: 0.5 } })).toBe(0.5);
    expect(billed({ kind: 'agent' })).toBeUndefined();
  });

  it.each(['gen_ai.response.cache_hit', 'metadata.cache_hit', 'cache_hit', 'langfuse.observation.metadata.cache_hit'])(
    'is nothing where a gateway answered from its cache, as %s says',
    (name) => {
      expect(draftOf({ ...LLM.otel, [name]: true }).content.attributes[BILLED_COST]).toBe(0);
      expect(draftOf({ ...LLM.otel, [name]: 'True' }).content.attributes[BILLED_COST]).toBe(0);
      expect(draftOf({ ...LLM.otel, [name]: false }).content.attributes[BILLED_COST]).toBeUndefined();
    },
  );
});
