import { TOPICS } from '@telltale/contracts';
import { defineService } from '@telltale/streaming';
import { z } from 'zod';
import { createSettingsTask } from './pipeline';

export const settingsService = defineService({
  name: 'settings',
  app: 'insights',
  about: 'Writes every change of a setting to its history.',
  httpPort: 4338,
  inputs: [TOPICS.settings],
  tables: ['settings_history'],
  state: TOPICS.settingsState,
  config: z.object({}),
  pipeline: () => ({ createTask: (partition, restored) => createSettingsTask(partition, restored) }),
});
