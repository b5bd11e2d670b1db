import { type Form } from '@telltale/streaming';

/** As it was stored before a bounded map kept it: the value in this field, beside the batch time in `touched`. */
export const touchedForm = <T>(field: string): Form<{ readonly at: number; readonly value: T }> => ({
  encode: ({ at: touched, value }) => JSON.stringify({ [field]: value, touched }),
  decode(bytes) {
    const { touched, [field]: value } = JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, unknown>>;
    return { at: touched as number, value: value as T };
  },
});
