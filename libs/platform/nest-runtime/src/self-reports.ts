import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { digestOf } from '@telltale/auth';
import { settingKey } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type CommonConfig, type ReportTarget, reportTargetOf } from '@telltale/platform-config';
import { createSelfReports, type SelfReports, type SendReports } from '@telltale/platform-telemetry';
import { changedSetting, readSettings, writeSettings } from '@telltale/settings';
import { type Broker, type Logger, type Metrics, type Tracer } from '@telltale/streaming';
import { randomBytes } from 'node:crypto';
import { backendKind } from './backends';
import { REPORTS_AGENT } from './trace-requests';

const PATH = '/v1/events';
const TENANT_HEADER = 'x-telltale-tenant';
const headersWith = (key: string): Record<string, string> => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  'user-agent': REPORTS_AGENT,
});

/** Where reports go from a process of these services; null: nowhere. Throws PermanentError('config'). */
export const targetOfReports = (config: CommonConfig, services: readonly string[]): ReportTarget | null =>
  reportTargetOf(config, backendKind(config) === 'embedded' && services.includes('gateway'));

export function openSelfReports(
  target: ReportTarget | null,
  services: readonly string[],
  instruments: { readonly clock: Clock; readonly metrics: Metrics; readonly logger: Logger },
): SelfReports | null {
  if (!target) return null;
  const process = services.length === 1 ? String(services[0]) : 'telltale';
  const newId = (bytes: number): string => randomBytes(bytes).toString('hex');
  return createSelfReports({ tenant: target.tenant, process, ...instruments, newId });
}

/** Over the network, as any producer does. */
const sendTo =
  ({ url, key }: NonNullable<ReportTarget['gateway']>): SendReports =>
  async (body, signal) => {
    const answer = await fetch(`${url}${PATH}`, { method: 'POST', headers: headersWith(key), body, signal, redirect: 'error' });
    await answer.arrayBuffer();
    return { status: answer.status, tenant: answer.headers.get(TENANT_HEADER) };
  };

/** To the gateway in this process, through all that a request goes through, but no socket: so neither its address nor its certificate matters. */
const sendWithin =
  (app: NestFastifyApplication, key: string): SendReports =>
  async (payload, signal) => {
    const late = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('no answer in time'))),
    );
    const answer = await Promise.race([app.inject({ method: 'POST', url: PATH, headers: headersWith(key), payload }), late]);
    const tenant = answer.headers[TENANT_HEADER];
    return { status: answer.statusCode, tenant: typeof tenant === 'string' ? tenant : null };
  };

/** A key that only this process has, until it ends; the settings get its digest in the place of the one before. */
async function makeKey(broker: Broker, tenant: string, now: number): Promise<string> {
  const key = randomBytes(24).toString('hex');
  const value = { sha256: digestOf(key).toString('hex'), scopes: ['ingest' as const] };
  const change = { type: 'api_key', tenant, name: 'watch-itself', value } as const;
  const known = (await readSettings(broker)).get(settingKey(change));
  await writeSettings(broker, [changedSetting(known, change, { by: 'TELLTALE_WATCH_ITSELF', now })]);
  return key;
}

/** Lets reports go; call it once the gateway of this process listens. */
export async function startSelfReports(
  reports: SelfReports,
  { tenant, gateway }: ReportTarget,
  { app, broker, clock }: { readonly app: NestFastifyApplication; readonly broker: Broker; readonly clock: Clock },
): Promise<void> {
  reports.start(gateway ? sendTo(gateway) : sendWithin(app, await makeKey(broker, tenant, clock.now())));
}

/** All of them as one; null without any. */
export function combinedTracer(tracers: readonly (Tracer | null)[]): Tracer | null {
  const present = tracers.filter((tracer) => tracer !== null);
  const [only] = present;
  if (present.length <= 1) return only ?? null;
  return { record: (trace) => present.forEach((tracer) => tracer.record(trace)) };
}
