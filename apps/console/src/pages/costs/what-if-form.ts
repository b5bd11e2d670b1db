import { type Operations } from '@telltale/api-client';

type Params = Operations['whatIf']['params'];

/** What the form holds: texts as they were typed. */
export interface WhatIfForm {
  readonly model: string;
  readonly with: string;
  /** Percent. */
  readonly cache: string;
  readonly tier: string;
  readonly cap: string;
}
export type WhatIfField = keyof WhatIfForm;
export const TIERS = ['batch', 'flex', 'priority'] as const;
export const NO_CHANGE: WhatIfForm = { model: '', with: '', cache: '', tier: '', cap: '' };

/** Which field of the form a parameter of the API is. */
const FIELD_OF: Readonly<Record<string, WhatIfField>> = {
  model: 'model',
  with_model: 'with',
  cache_read_share: 'cache',
  tier: 'tier',
  output_cap: 'cap',
};
export const fieldOf = (parameter: string | undefined): WhatIfField | undefined =>
  parameter !== undefined && Object.hasOwn(FIELD_OF, parameter) ? FIELD_OF[parameter] : undefined;

const MOST_TOKENS = 1_000_000;
type Changes = Pick<Params, 'model' | 'with_model' | 'cache_read_share' | 'tier' | 'output_cap'>;

/** The question that a form asks; what is wrong in it by field, and then nothing is asked. */
export function readWhatIf(form: WhatIfForm): { readonly asked: Changes } | { readonly errors: Partial<Record<WhatIfField, string>> } {
  const errors: Partial<Record<WhatIfField, string>> = {};
  const share = Number(form.cache) / 100;
  if (form.cache !== '' && !(share >= 0 && share <= 1)) errors.cache = 'Give a share from 0 to 100 percent';
  const cap = Number(form.cap);
  if (form.cap !== '' && !(Number.isInteger(cap) && cap >= 1 && cap <= MOST_TOKENS)) errors.cap = `Give a whole number of tokens from 1 to ${MOST_TOKENS.toLocaleString('en-US')}`;
  if (form.with !== '' && !/^[^/]+\/.+$/.test(form.with)) errors.with = 'Give provider/model, such as openai/gpt-4o-mini';
  const tier = TIERS.find((one) => one === form.tier);
  if (form.tier !== '' && tier === undefined) errors.tier = `Give one of ${TIERS.join(', ')}`;
  if (Object.keys(errors).length > 0) return { errors };
  return {
    asked: {
      ...(form.model === '' ? {} : { model: form.model }),
      ...(form.with === '' ? {} : { with_model: form.with }),
      ...(form.cache === '' ? {} : { cache_read_share: share }),
      ...(tier === undefined ? {} : { tier }),
      ...(form.cap === '' ? {} : { output_cap: cap }),
    },
  };
} // prettier-ignore

/** Whether anything would be other than it is; without a change the API suggests some. */
export const isChange = (form: WhatIfForm): boolean => [form.with, form.cache, form.tier, form.cap].some((text) => text !== '');

/** The form that asks what an option says. */
export const formOf = (option: Operations['whatIf']['answer']['options'][number]): WhatIfForm => ({
  model: option.model,
  with: option.with_model ?? '',
  cache: option.cache_read_share === null ? '' : String(Number((100 * option.cache_read_share).toFixed(1))),
  tier: option.tier ?? '',
  cap: option.output_cap === null ? '' : String(option.output_cap),
});
