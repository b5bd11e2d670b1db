import { type Logger } from '@telltale/streaming';
import { type Clock, isPermanent, PermanentError, TransientError } from '@telltale/kernel';
import { type Admin, ConfigResourceTypes } from 'kafkajs';

/** The limit of the topics created here, and the broker's default. */
export const DEFAULT_LIMIT_BYTES = 1_048_588;
const CONFIG_NAME = 'max.message.bytes';

type Ask = <T>(doing: string, question: (admin: Admin) => Promise<T>) => Promise<T>;

/** The maximum batch size of each topic; read once, and again when a broker rejects a batch. */
export function createTopicLimits(ask: Ask, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
  const limits = new Map<string, { readonly bytes: Promise<number>; readonly askedAt: number }>();

  async function read(topic: string): Promise<number> {
    try {
      const { resources } = await ask(`limits of ${topic}`, (admin) =>
        admin.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [CONFIG_NAME] }],
        }),
      );
      const found = resources[0]?.configEntries.find(({ configName }) => configName === CONFIG_NAME);
      return Number(found?.configValue) || DEFAULT_LIMIT_BYTES;
    } catch (error) {
      // A client may be permitted to write without being permitted to read the configuration.
      if (!(isPermanent(error) && error.code === 'unauthorized')) throw error;
      logger.warn('topic_limit_unknown', { topic, taken: DEFAULT_LIMIT_BYTES, error: error.message });
      return DEFAULT_LIMIT_BYTES;
    }
  }

  return {
    async limitOf(topic: string, maxAgeMs: number): Promise<number> {
      const known = limits.get(topic);
      if (known && clock.monotonic() - known.askedAt <= maxAgeMs) return known.bytes;
      const asked = { bytes: read(topic), askedAt: clock.monotonic() };
      limits.set(topic, asked);
      try {
        return await asked.bytes;
      } catch (error) {
        if (limits.get(topic) === asked) limits.delete(topic);
        throw error;
      }
    },
    /**
     * Classifies a failed request to `topics`. When a batch is too large although it was split by the known limits, one of them has
     * changed: forgets them, so that the retry reads them again.
     */
    forgetLimitIfTooLarge(topics: readonly string[], failure: Error): Error {
      if (!(failure instanceof PermanentError) || failure.code !== 'too_large') return failure;
      for (const topic of topics) limits.delete(topic);
      return new TransientError(
        'unavailable',
        `a broker rejected a batch for ${topics.join(', ')} that was below ${CONFIG_NAME}: the limit of a topic has changed, or differs between brokers`,
        { cause: failure },
      );
    },
  };
}
