import { isTenantId, PermanentError } from '@telltale/kernel';
import { z } from 'zod';

/** Variables by which Telltale sends reports of its own work through itself. */
export const watchItselfConfig = z.object({
  TELLTALE_WATCH_ITSELF: z
    .string()
    .refine(isTenantId, 'is not a tenant; give a name of lower-case letters, digits, dashes and underscores, such as telltale')
    .optional()
    .describe(
      'Tenant that takes reports of own work (batches, requests, log lines) as events, such as telltale; absent: none are made (docs/OPERATIONS.md)',
    ),
  TELLTALE_WATCH_ITSELF_URL: z
    .string()
    .optional()
    .describe('http(s)://host:4318 of the gateway that takes them; absent: the one in this process, on embedded storage'),
  TELLTALE_WATCH_ITSELF_KEY: z.string().optional().describe('API key of that tenant with the scope ingest, for that gateway'),
});
type WatchItselfConfig = z.infer<typeof watchItselfConfig>;

export interface ReportTarget {
  readonly tenant: string;
  /** null: the gateway in this process. */
  readonly gateway: { readonly url: string; readonly key: string } | null;
}

/** Where reports of own work go; null: none are made. `hasOwnGateway`: one in this process, on embedded storage. Throws PermanentError('config'). */
export function reportTargetOf(config: WatchItselfConfig, hasOwnGateway: boolean): ReportTarget | null {
  const { TELLTALE_WATCH_ITSELF: tenant, TELLTALE_WATCH_ITSELF_URL: url, TELLTALE_WATCH_ITSELF_KEY: key } = config;
  if (tenant === undefined) return null;
  if (url === undefined && hasOwnGateway) return { tenant, gateway: null };
  if (url === undefined)
    throw new PermanentError('config', 'TELLTALE_WATCH_ITSELF_URL is not set: TELLTALE_WATCH_ITSELF needs the address of a gateway, http(s)://host:4318'); // prettier-ignore
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new PermanentError('config', 'TELLTALE_WATCH_ITSELF_URL is not an address; give http(s)://host:4318');
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key))
    throw new PermanentError('config', `TELLTALE_WATCH_ITSELF_KEY is not an API key: give one of the tenant ${tenant} with the scope ingest`); // prettier-ignore
  return { tenant, gateway: { url: url.replace(/\/+$/, ''), key } };
}
