import {
  HIDDEN,
  RECEIVER_FIELDS,
  RECEIVER_TYPES,
  SECRET_FIELDS,
  SETTING_TYPES,
  settingValues,
  type SettingType,
  SINGLE_SETTINGS,
} from '@telltale/contracts';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';

const TYPES = SETTING_TYPES as [SettingType, ...SettingType[]];

/** The same for all: what there is to be set, as forms and editors need it. */
export const listSettingTypes = defineQuery({
  name: 'listSettingTypes',
  about: 'Types of settings: what a value of each has, as JSON Schema, and what each type of receiver needs.',
  tag: 'settings',
  scope: 'admin',
  path: '/api/settings/types',
  params: {},
  example: {},
  limits: { maxRows: 1 },
  answer: named(
    'ListSettingTypesAnswer',
    z.object({
      types: z.array(
        z.object({
          type: z.enum(TYPES),
          is_single: z.boolean().describe('A tenant has one at most, by the name default'),
          schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the value'),
        }),
      ),
      receivers: z
        .array(z.object({ type: z.enum(RECEIVER_TYPES), needs: z.array(z.string()), may: z.array(z.string()) }))
        .describe('Fields of each type of receiver, beside those that all of them may have'),
      secret_fields: z.array(z.string()).describe('Of a receiver: given, and never shown'),
      hidden: z.string().describe('Stands for a secret; given back, it leaves it as it is'),
    }),
  ),
  run: () =>
    Promise.resolve({
      types: TYPES.map((type) => ({
        type,
        is_single: SINGLE_SETTINGS.includes(type),
        schema: z.toJSONSchema(settingValues[type], { io: 'input', unrepresentable: 'any' }),
      })),
      receivers: RECEIVER_TYPES.map((type) => ({ type, needs: [...RECEIVER_FIELDS[type].needs], may: [...RECEIVER_FIELDS[type].may] })),
      secret_fields: [...SECRET_FIELDS],
      hidden: HIDDEN,
    }),
}); // prettier-ignore
