import { ALL_TENANTS, PRIVACY_MODES, PRIVACY_TYPES, type SettingValue, SINGLE_NAME } from '@telltale/contracts';
import { createPolicy, KEPT_AS, type PrivacyPolicy, storedUnder, wordsOfPolicy } from '@telltale/domain-privacy';
import { z } from 'zod';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';

const MAX_TEXT = 5_000;
const DEFAULT_MODE = 'mask';

function policySetting({ tenant, settings }: AskContext): SettingValue<'tenant'> {
  const [own, ofAll] = [tenant, ALL_TENANTS].map((whose) => settings.get({ type: 'tenant', tenant: whose, name: SINGLE_NAME }));
  return (own?.value ?? ofAll?.value ?? {}) as SettingValue<'tenant'>;
}

const policyOf = ({ privacy = DEFAULT_MODE, privacy_types: types }: SettingValue<'tenant'>): PrivacyPolicy =>
  createPolicy(privacy, types);

const KEPT_OR_DROPPED = ['kept', 'dropped'] as const;

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
      content: z.enum(KEPT_OR_DROPPED).describe('Messages, arguments, results and log lines; under mask where no mode is set'),
      details: z.enum(KEPT_OR_DROPPED).describe('Errors, reasons and attributes'),
      types: z.record(z.string(), z.enum(KEPT_AS)).describe('What becomes of each kind of what is personal, in what is kept'),
    }),
  ), // prettier-ignore
  run: (_, context) => {
    const setting = policySetting(context);
    const { privacy, privacy_types } = setting;
    return Promise.resolve({ ...(privacy && { privacy }), ...(privacy_types && { privacy_types }), ...wordsOfPolicy(policyOf(setting)) });
  },
}); // prettier-ignore

/** Sent in a body, for a text in an address would be in the logs of proxies. */
export const tryPrivacy = defineCommand({
  name: 'tryPrivacy',
  about: 'What would be stored of a message under each privacy mode; of the mode in force with the kinds that the tenant wants otherwise. Nothing is stored.',
  tag: 'settings',
  scope: 'read',
  path: '/api/privacy/try',
  status: 200,
  params: {
    text: text('The message', MAX_TEXT),
    mode: choice(PRIVACY_MODES, 'Only under this one').optional(),
  },
  example: { text: 'My name is Mia Rossi. Is it raining in Lisbon?' },
  answer: named(
    'TryPrivacyAnswer',
    z.object({
      tries: z.array(
        z.object({
          mode: z.enum(PRIVACY_MODES),
          in_force: z.boolean().describe('It is that of the tenant, or mask where none is set'),
          stored: z.string().nullable().describe('null: no message is kept. Pseudonyms are examples: a tenant has its own'),
        }),
      ),
    }),
  ),
  run: ({ text: given, mode: only }, context) => {
    const setting = policySetting(context);
    const own = setting.privacy ?? DEFAULT_MODE;
    const tries = (only ? [only] : PRIVACY_MODES).map((mode) => ({
      mode,
      in_force: mode === own,
      stored: storedUnder(mode === own ? policyOf(setting) : createPolicy(mode), given),
    }));
    return Promise.resolve({ tries });
  },
}); // prettier-ignore
