import { chatFormOf, encodingOf, extrapolated } from './token-estimate';

describe('the vocabulary of a model', () => {
  it.each([
    ['gpt-4o', 'o200k_base'],
    ['gpt-4.1-mini', 'o200k_base'],
    ['gpt-5', 'o200k_base'],
    ['o3', 'o200k_base'],
    ['chatgpt-4o-latest', 'o200k_base'],
    ['claude-sonnet-4-5', 'o200k_base'],
    ['text-embedding-004', 'o200k_base'],
    ['', 'o200k_base'],
    ['gpt-4', 'cl100k_base'],
    ['gpt-4-0613', 'cl100k_base'],
    ['openai/gpt-4-turbo', 'cl100k_base'],
    ['gpt-3.5-turbo', 'cl100k_base'],
    ['ft:gpt-3.5-turbo:acme', 'cl100k_base'],
    ['azure/gpt-35-turbo', 'cl100k_base'],
    ['text-embedding-3-small', 'cl100k_base'],
    ['text-embedding-ada-002', 'cl100k_base'],
  ])('%s is %s', (model, encoding) => expect(encodingOf(model)).toBe(encoding));
});

describe('a text that is too long to be counted', () => {
  it('is estimated from its counted part', () => expect(extrapolated(50, 200, 1_000)).toBe(250));
  it('is exact when all of it was counted', () => expect(extrapolated(7, 31, 31)).toBe(7));
  it.each([
    [0, 0],
    [1, 1],
    [400, 100],
  ])('of %d characters has %d when none was counted', (chars, tokens) => expect(extrapolated(0, 0, chars)).toBe(tokens));
});

describe('the format of a chat', () => {
  it.each([
    ['llm', 'openai', 'gpt-4o', 3],
    ['llm', 'not-google', 'gpt-4o', 3],
    ['llm', 'anthropic', 'claude-sonnet-4-5', 3],
    ['llm', 'gcp.gemini', 'x', 0],
    ['llm', '', 'gemini-2.5-flash', 0],
    ['embedding', 'openai', 'text-embedding-3-small', 0],
  ])('of an %s by %s with %s costs %d tokens a message', (kind, provider, model, tokens) =>
    expect(chatFormOf(kind, provider, model).message).toBe(tokens),
  );
});
