import { type EventRecord, type UsageBucket } from '@telltale/contracts';
import { type PricedCall } from './price-book';
import { tierOf } from './service-tier';

type Priced = Pick<EventRecord, 'provider' | 'request_model' | 'response_model' | UsageBucket | 'service_tier'>;

/** The call of an event; `at` in ms since the epoch. */
export const pricedCallOf = (event: Priced, at: number): PricedCall => ({
  provider: event.provider,
  requestModel: event.request_model,
  responseModel: event.response_model,
  at,
  inputUncached: event.usage_input_uncached,
  cacheRead: event.usage_cache_read,
  cacheWrite: event.usage_cache_write,
  cacheWrite1h: event.usage_cache_write_1h,
  output: event.usage_output,
  reasoning: event.usage_reasoning,
  inputAudio: event.usage_input_audio,
  inputImage: event.usage_input_image,
  outputAudio: event.usage_output_audio,
  outputImage: event.usage_output_image,
  tier: tierOf(event.service_tier),
});
