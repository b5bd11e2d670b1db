import { createTokenCounter, type WorkerTokenCounter } from '@telltale/adapter-tokenizer';
import { native, newTestEnricher, record } from './enrich.fixture';

jest.setTimeout(60_000);

// The example of https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken, with what OpenAI's API said of it.
const EXAMPLE = [
  { role: 'system', content: 'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.' },
  { role: 'system', name: 'example_user', content: 'New synergies will help drive top-line growth.' },
  { role: 'system', name: 'example_assistant', content: 'Things working well together will increase revenue.' },
  { role: 'system', name: 'example_user', content: "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage." },
  { role: 'system', name: 'example_assistant', content: "Let's talk later when we're less busy about how to do better." },
  { role: 'user', content: "This late pivot means we don't have time to boil the ocean for the client deliverable." },
]; // prettier-ignore

describe('usage estimated by the real counter', () => {
  let counter: WorkerTokenCounter;
  beforeAll(() => (counter = createTokenCounter()));
  afterAll(() => counter.close());
  const eventsOf = async (...sent: Record<string, unknown>[]) => {
    const { runLater, events } = newTestEnricher({ tokenCounter: counter });
    return events(await runLater([record(sent.map((one) => native({ provider: 'openai', ...one })))]));
  };

  it.each([
    ['gpt-4-0613', 129],
    ['gpt-3.5-turbo-0125', 129],
    ['gpt-4o', 124],
  ])('is what the provider counts of the prompt of %s', async (request_model, tokens) => {
    const [event] = await eventsOf({ request_model, input: EXAMPLE });
    expect(event).toMatchObject({ usage_input_uncached: tokens, usage_estimated: true });
  });

  it('is of an answer its text, which has a price', async () => {
    const [event] = await eventsOf({ request_model: 'gpt-4o', output: 'お誕生日おめでとう' });
    expect(event).toMatchObject({ usage_output: 8, cost_nano_usd: 80_000 });
  });

  it('is bounded, whatever is said', async () => {
    const [event] = await eventsOf({ request_model: 'gpt-4o', output: 'ab '.repeat(150_000) });
    expect(event!.usage_output).toBeGreaterThan(140_000);
    expect(event!.usage_output).toBeLessThan(310_000);
  });
});
