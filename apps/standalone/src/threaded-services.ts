import { costsService, wasteService } from '@telltale/pipeline-costs';
import { scorerService } from '@telltale/pipeline-score';
import { sessionsService, turnsService } from '@telltale/pipeline-turns';
import { type Topology } from '@telltale/streaming';

export interface ThreadData {
  readonly config: Readonly<Record<string, unknown>>;
  readonly measurePartitions: number;
}

/**
 * Services whose tasks can run in a thread of their own: those that only compute. The enricher asks the tables and has memory that inserts
 * read, and the others have little to do.
 */
export const THREADED: Readonly<Record<string, (data: ThreadData) => Topology>> = {
  [turnsService.name]: ({ config, measurePartitions }) =>
    turnsService.open(turnsService.config.parse(config), { measurePartitions }),
  [sessionsService.name]: ({ config }) => sessionsService.open(sessionsService.config.parse(config)),
  [costsService.name]: ({ config }) => costsService.open(costsService.config.parse(config)),
  [wasteService.name]: ({ config }) => wasteService.open(wasteService.config.parse(config)),
  [scorerService.name]: ({ config, measurePartitions }) =>
    scorerService.open(scorerService.config.parse(config), { partitions: measurePartitions }),
};
