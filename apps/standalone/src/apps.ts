import { budgetsApp, costsApp, wasteApp } from '@telltale/app-costs';
import { enricherApp } from '@telltale/app-enricher';
import { gatewayApp } from '@telltale/app-gateway';
import { incidentsApp } from '@telltale/app-incidents';
import { insightsApp, settingsApp } from '@telltale/app-insights';
import { notifierApp, senderApp } from '@telltale/app-notifier';
import { scorerApp } from '@telltale/app-scorer';
import { sessionsApp, turnsApp } from '@telltale/app-turns';
import { verbosityApp } from '@telltale/app-verbosity';
import { PermanentError } from '@telltale/kernel';
import { type ServiceApp } from '@telltale/platform-nest-runtime';
import { SERVICES } from '@telltale/services';

const HOSTED: readonly ServiceApp[] = [
  gatewayApp,
  enricherApp,
  turnsApp,
  sessionsApp,
  scorerApp,
  costsApp,
  wasteApp,
  budgetsApp,
  incidentsApp,
  notifierApp,
  senderApp,
  verbosityApp,
  insightsApp,
  settingsApp,
];

/** The app of every service, in data-flow order. */
export const APPS: readonly ServiceApp[] = SERVICES.map((service) => {
  const app = HOSTED.find((one) => one.service === service);
  if (!app) throw new Error(`no app hosts the service ${service.name}`);
  return app;
});

/** `all`, or names with commas; returned in data-flow order. Throws PermanentError('config') for an unknown name. */
export function selectApps(target: string): ServiceApp[] {
  const names = SERVICES.map(({ name }) => name);
  const wanted = target === 'all' ? names : target.split(',').map((part) => part.trim());
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new PermanentError(
      'config',
      `--target=${target}: there is no service ${unknown}; there are ${names.join(', ')}, or all`,
    );
  return APPS.filter(({ service }) => wanted.includes(service.name));
}
