import { costsService } from '@telltale/app-costs';
import { enricherService } from '@telltale/app-enricher';
import { gatewayService } from '@telltale/app-gateway';
import { incidentsService } from '@telltale/app-incidents';
import { insightsService } from '@telltale/app-insights';
import { scorerService } from '@telltale/app-scorer';
import { verbosityService } from '@telltale/app-verbosity';
import { PermanentError } from '@telltale/kernel';
import { type ServiceDefinition } from '@telltale/platform-nest-runtime';

/** Every service, in the order events meet them. */
export const MODULES: readonly ServiceDefinition[] = [
  gatewayService,
  enricherService,
  scorerService,
  costsService,
  incidentsService,
  verbosityService,
  insightsService,
];

/** `all`, or names with commas. What a service depends on within the process comes along; order follows the table. */
export function selectModules(target: string): ServiceDefinition[] {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const module = MODULES.find((candidate) => candidate.name === name);
    if (!module)
      throw new PermanentError(
        'config',
        `--target=${target}: there is no service ${name}; there are ${MODULES.map((m) => m.name).join(', ')}, or all`,
      );
    if (wanted.has(name)) return;
    wanted.add(name);
    module.dependsOn.forEach(add);
  };
  for (const name of target === 'all' ? MODULES.map((m) => m.name) : target.split(',').map((part) => part.trim())) add(name);
  return MODULES.filter(({ name }) => wanted.has(name));
}
