import { z } from 'zod';
import { DEPLOY_KINDS } from './incident';
import { isoTime, text } from './fields';

const about = {
  tenant: text,
  id: text.describe('Of this record: one that comes again changes nothing'),
  at: isoTime,
  by: text.describe('Who did it'),
};
const ofIncident = { ...about, incident_id: text };

/** What people do with incidents, and which deploys they report. Key: tenant. */
export const triageRecord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('acknowledge'), ...ofIncident, note: text.default('') }),
  z.object({ type: z.literal('assign'), ...ofIncident, owner: text.describe('Empty: nobody any more') }),
  z.object({ type: z.literal('silence'), ...ofIncident, until: isoTime, note: text.default('') }),
  z.object({ type: z.literal('resolve'), ...ofIncident, note: text.default('') }),
  z.object({ type: z.literal('note'), ...ofIncident, note: text }),
  z.object({
    type: z.literal('deploy'),
    ...about,
    service_name: text,
    version: text,
    environment: text,
    kind: z.enum(DEPLOY_KINDS),
    deployed_at: isoTime,
    text,
  }),
]);
export type TriageRecord = z.infer<typeof triageRecord>;
