import fc from 'fast-check';
import { disjointUsage } from './usage';
import { readUsage, usageFormOf } from './usage-payload';

const count = fc.option(fc.nat(1_000_000));

describe('usage buckets', () => {
  it('share no token and add up to what was said, when the parts fit into the whole', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.nat(1e6),
        (uncached, cacheRead, cacheWrite, text, reasoning) => {
          const b = disjointUsage({
            input: uncached + cacheRead + cacheWrite,
            cacheRead,
            cacheWrite,
            output: text + reasoning,
            reasoning,
          });
          expect(b).toEqual({
            usage_input_uncached: uncached,
            usage_cache_read: cacheRead,
            usage_cache_write: cacheWrite,
            usage_output: text,
            usage_reasoning: reasoning,
          });
        },
      ),
    );
  });
  it('are never negative, and null where nothing was said', () => {
    fc.assert(
      fc.property(count, count, count, count, count, (input, cacheRead, cacheWrite, output, reasoning) => {
        const b = disjointUsage({ input, cacheRead, cacheWrite, output, reasoning });
        for (const value of Object.values(b)) expect(value == null || value >= 0).toBe(true);
        expect(b.usage_input_uncached === null).toBe(input === null);
        expect(b.usage_output === null).toBe(output === null);
      }),
    );
  });

  const n = fc.nat(1_000_000);
  const bucketSums = (b: ReturnType<typeof disjointUsage>) => ({
    input:
      (b.usage_input_uncached ?? 0) + (b.usage_input_audio ?? 0) + (b.usage_input_image ?? 0) +
      (b.usage_cache_read ?? 0) + (b.usage_cache_write ?? 0) + (b.usage_cache_write_1h ?? 0),
    output: (b.usage_output ?? 0) + (b.usage_output_audio ?? 0) + (b.usage_output_image ?? 0) + (b.usage_reasoning ?? 0),
  }); // prettier-ignore

  it('sum to the totals reported by every form, parts beside or inside', () => {
    fc.assert(
      fc.property(n, n, n, n, n, n, (fresh, read, write, hour, text, thought) => {
        const input = fresh + read + write + hour;
        const output = text + thought;
        const chat = {
          prompt_tokens: input,
          completion_tokens: output,
          prompt_tokens_details: { cached_tokens: read, cache_write_tokens: write + hour },
          completion_tokens_details: { reasoning_tokens: thought },
        };
        const anthropic = {
          input_tokens: fresh,
          cache_read_input_tokens: read,
          cache_creation_input_tokens: write + hour,
          cache_creation: { ephemeral_1h_input_tokens: hour, ephemeral_5m_input_tokens: write },
          output_tokens: output,
        };
        const gemini = {
          promptTokenCount: input,
          cachedContentTokenCount: read,
          candidatesTokenCount: text,
          thoughtsTokenCount: thought,
        };
        const bedrock = {
          inputTokens: fresh,
          cacheReadInputTokens: read,
          cacheWriteInputTokens: write + hour,
          outputTokens: output,
        };
        for (const payload of [chat, anthropic, gemini, bedrock])
          expect(bucketSums(disjointUsage(readUsage(payload)!))).toEqual({ input, output });
        expect(disjointUsage(readUsage(anthropic)!).usage_input_uncached).toBe(fresh);
        expect(disjointUsage(readUsage(gemini)!).usage_output).toBe(text);
      }),
    );
  });

  it('lose no token to audio and images, whatever is said of them', () => {
    fc.assert(
      fc.property(n, n, n, n, n, (input, audio, image, output, spoken) => {
        const b = disjointUsage({ input, cacheRead: null, cacheWrite: null, inputAudio: audio, inputImage: image, output, reasoning: null, outputAudio: spoken }); // prettier-ignore
        expect(bucketSums(b)).toEqual({ input, output });
        for (const value of Object.values(b)) expect(value == null || value >= 0).toBe(true);
      }),
    );
  });

  it.each([
    ['a cache larger than the input is beside it', { input_tokens: 19, cache_total: 39_000 }, 19, 39_000],
    ['a gateway that adds', { prompt_tokens: 19, completion_tokens: 1, cache_read_input_tokens: 39_000 }, 19, 39_000],
    ['a gateway that includes', { prompt_tokens: 98_805, completion_tokens: 1, cache_read_input_tokens: 66_360, cache_creation_input_tokens: 32_435 }, 10, 66_360],
    ['a grand total that only fits with the cache beside', { prompt_tokens: 100, completion_tokens: 5, cached_tokens: 40, total_tokens: 145 }, 100, 40],
    ['a cache inside, the total fits', { prompt_tokens: 100, completion_tokens: 5, cached_tokens: 40, total_tokens: 105 }, 60, 40],
  ])('count nothing twice and nothing at 0: %s', (_, payload, uncached, cached) => {
    const b = disjointUsage(readUsage(payload)!);
    expect([b.usage_input_uncached, b.usage_cache_read]).toEqual([uncached, cached]);
  }); // prettier-ignore

  it('take reasoning for beside the output where the total says so', () => {
    const grok = {
      prompt_tokens: 10,
      completion_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 7 },
      total_tokens: 37,
    };
    expect(disjointUsage(readUsage(grok)!)).toMatchObject({ usage_output: 20, usage_reasoning: 7 });
    expect(disjointUsage(readUsage({ ...grok, total_tokens: 30 })!)).toMatchObject({ usage_output: 13, usage_reasoning: 7 });
  });

  it('take cached audio from the cache only', () => {
    const payload = {
      promptTokenCount: 100,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 60 }, { modality: 'AUDIO', tokenCount: 40 }],
      cachedContentTokenCount: 50,
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 30 }, { modality: 'TEXT', tokenCount: 20 }],
    }; // prettier-ignore
    expect(disjointUsage(readUsage(payload)!)).toMatchObject({
      usage_input_uncached: 40,
      usage_input_audio: 10,
      usage_cache_read: 50,
    });
  });

  it.each([[null], ['text'], [[]], [{}], [{ foo: 1 }]])('have no form: %j', (payload) => {
    expect(usageFormOf(payload)).toBeNull();
    expect(readUsage(payload)).toBeNull();
  });
});
