import { ALL_TENANTS, PRIVACY_MODES, PRIVACY_TYPES, type SettingValue, SINGLE_NAME } from '@telltale/contracts';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';

/** Needs no more than the right to read what is stored: it says how that was masked. */
export const getPrivacyPolicy = defineQuery({
  name: 'getPrivacyPolicy',
  about: 'What the settings say is kept of the content of the tenant: its own, or those of all tenants.',
  tag: 'settings',
  scope: 'read',
  path: '/api/privacy/policy',
  params: {},
  example: {},
  limits: { maxRows: 1 },
  answer: named(
    'PrivacyPolicy',
    z.object({
      privacy: z.enum(PRIVACY_MODES).optional().describe('Absent: as ENRICHER_DEFAULT_PRIVACY_MODE says, mask where it says nothing'),
      privacy_types: z.partialRecord(z.enum(PRIVACY_TYPES), z.enum(['keep', 'mask'])).optional().describe('Kinds that are kept, or masked, other than the mode does'),
    }),
  ), // prettier-ignore
  run: (_, { tenant, settings }) => {
    const [own, ofAll] = [tenant, ALL_TENANTS].map((whose) => settings.get({ type: 'tenant', tenant: whose, name: SINGLE_NAME }));
    const { privacy, privacy_types } = (own?.value ?? ofAll?.value ?? {}) as SettingValue<'tenant'>;
    return Promise.resolve({ ...(privacy && { privacy }), ...(privacy_types && { privacy_types }) });
  },
});
