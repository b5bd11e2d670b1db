import { TOPICS, type TopicSpec } from '@telltale/contracts';
import { budgetsService } from '@telltale/pipeline-budgets';
import { costsService, wasteService } from '@telltale/pipeline-costs';
import { enricherService } from '@telltale/pipeline-enrich';
import { incidentsService } from '@telltale/pipeline-incidents';
import { notifierService } from '@telltale/pipeline-notifier';
import { scorerService } from '@telltale/pipeline-score';
import { settingsService } from '@telltale/pipeline-settings';
import { sessionsService, turnsService } from '@telltale/pipeline-turns';
import { verbosityService } from '@telltale/pipeline-verbosity';
import { type Broker, groupLag, type ServiceDefinition } from '@telltale/streaming';
import { gatewayService } from './gateway';
import { insightsService } from './insights';
import { senderService } from './sender';

/** Every service, in the order of data flow: none reads as a group what a later one writes, but for what it hears of what it asked for. */
export const SERVICES: readonly ServiceDefinition[] = [
  gatewayService,
  enricherService,
  turnsService,
  sessionsService,
  scorerService,
  costsService,
  wasteService,
  budgetsService,
  incidentsService,
  notifierService,
  senderService,
  verbosityService,
  insightsService,
  settingsService,
];

/** Those that read topics as a consumer group, and so can lag and reject. */
export const CONSUMER_GROUPS = SERVICES.filter(({ inputs }) => inputs.length > 0);

/** Topics that insights gives dead letters back to: what a service reads it may reject, and what it writes its topic may. */
export const REPLAYABLE_TOPICS: readonly TopicSpec[] = [
  ...new Set(CONSUMER_GROUPS.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).filter(({ readFirst }) => !readFirst)),
];

/** Every process brings the settings topic up to its settings file when it starts. */
export const EVERY_SERVICE = 'every service';
const touchedAtStart = (topic: TopicSpec): readonly string[] => (topic === TOPICS.settings ? [EVERY_SERVICE] : []);

const namesOf = (services: readonly ServiceDefinition[]): readonly string[] => services.map(({ name }) => name);

/** Who writes to a topic: our services by their definitions, and others. */
export const producersOf = (topic: TopicSpec): readonly string[] => [
  ...topic.externalProducers,
  ...touchedAtStart(topic),
  ...namesOf(
    SERVICES.filter(
      ({ outputs, state }) => outputs.includes(topic) || state === topic || (state !== null && topic === TOPICS.dlq),
    ),
  ),
];

/** Who reads a topic: our services by their definitions, and others. */
export const consumersOf = (topic: TopicSpec): readonly string[] => [
  ...topic.externalConsumers,
  ...touchedAtStart(topic),
  ...namesOf(SERVICES.filter(({ inputs, reads, state }) => inputs.includes(topic) || reads.includes(topic) || state === topic)),
];

/** Lag of every consumer group by topic (records), by name of the service. */
export async function lagOfGroups(
  broker: Pick<Broker, 'groupOffsets' | 'describe'>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const lags = CONSUMER_GROUPS.map(async ({ name, groupId, inputs }) => {
    const lag = await groupLag(broker, groupId, inputs.map((topic) => topic.name)); // prettier-ignore
    return [name, lag] as const;
  });
  return new Map(await Promise.all(lags));
}
