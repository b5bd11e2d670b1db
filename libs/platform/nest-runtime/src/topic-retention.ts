import { ALL_TOPICS, type TopicSpec } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';

/** The catalog with the retentions of `TOPIC_RETENTION_MS` (`topic=ms,topic=ms`). Throws PermanentError('config') with the wrong part. */
export function topicsWith(retentions: string | undefined): readonly TopicSpec[] {
  const given = new Map<string, number>();
  for (const part of (retentions ?? '').split(',').filter((text) => text.trim() !== '')) {
    const [name = '', ms = ''] = part.split('=').map((text) => text.trim());
    const topic = ALL_TOPICS.find((candidate) => candidate.name === name);
    if (!topic) throw new PermanentError('config', `TOPIC_RETENTION_MS: there is no topic ${name}; docs/TOPICS.md lists them`);
    if (topic.cleanupPolicy === 'compact')
      throw new PermanentError('config', `TOPIC_RETENTION_MS: ${name} keeps the newest of each key and has no retention`);
    if (!/^[1-9]\d*$/.test(ms))
      throw new PermanentError('config', `TOPIC_RETENTION_MS: ${name}=${ms} must be whole milliseconds, e.g. ${name}=21600000`);
    given.set(name, Number(ms));
  }
  return ALL_TOPICS.map((topic) => ({ ...topic, retentionMs: given.get(topic.name) ?? topic.retentionMs }));
}
