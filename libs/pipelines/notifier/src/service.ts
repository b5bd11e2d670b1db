import { TOPICS } from '@telltale/contracts';
import { defineService, pipelineUnder } from '@telltale/streaming';
import { notifierConfig, type NotifierConfig } from './config';
import { createNotifierTask, type NotifierRules } from './pipeline';

const rulesOf = (config: NotifierConfig): NotifierRules => ({
  maxTries: config.NOTIFIER_MAX_TRIES,
  backoffMs: config.NOTIFIER_BACKOFF_MS,
  maxPerReceiver: config.NOTIFIER_MAX_UNDER_WAY_PER_RECEIVER,
  maxPerTenant: config.NOTIFIER_MAX_UNDER_WAY_PER_TENANT,
  maxMatters: config.NOTIFIER_MAX_MATTERS_PER_TENANT,
});

export const notifierService = defineService({
  name: 'notifier',
  about: 'Decides which receivers hear of an alert and when: routes, repeats, reminds, and gives up after some tries.',
  httpPort: 4342,
  inputs: [TOPICS.settings, TOPICS.alerts, TOPICS.incidents, TOPICS.receiverTests, TOPICS.deliveryResults],
  outputs: [TOPICS.deliveryRequests],
  tables: ['deliveries'],
  state: TOPICS.notifierState,
  config: notifierConfig,
  pipeline: (config: NotifierConfig) =>
    pipelineUnder(notifierConfig, config, (settings, restored) => createNotifierTask(rulesOf(settings), restored)),
});
