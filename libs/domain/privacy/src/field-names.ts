import { byName } from './by-name';
import { ACCOUNT, ADDRESS, BIRTH_DATE, PERSON, PLACE } from './match';

// Names of fields whose value is always personal. `name` alone is not one of them: tools and models have one.
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[_.-])(?:first|last|middle|given|family|full|maiden|sur|nick|customer|passenger|patient|guest|contact|card_?holder|holder|employee|recipient|sender|beneficiary)[_-]?name$/i, PERSON],
  [/^(?:firstName|lastName|middleName|fullName|givenName|familyName|surname)$/, PERSON],
  [/(?:^|[_.-])(?:street|street_?address\d?|address_?(?:line_?)?\d|(?:home|billing|shipping|mailing|postal|delivery|residential)_?address|zip|zip_?code|postal_?code|post_?code)$/i, ADDRESS],
  [/(?:^|[_.-])(?:dob|birth_?date|birth_?day|date_?of_?birth)$/i, BIRTH_DATE],
  [/(?:^|[_.-])(?:account_?(?:number|no)|routing_?number|passport(?:_?(?:number|no))?|(?:drivers?_?)?licen[cs]e_?(?:number|no)|tax_?id|national_?id)$/i, ACCOUNT],
  [/(?:^|[_.-])(?:city|town|birth_?place|place_of_birth)$/i, PLACE],
]; // prettier-ignore

const MAX_NAME = 64;
const MAX_VALUE = 200;
const kindByName = byName((name) => FIELDS.find(([names]) => names.test(name))?.[1] ?? null);

/** The placeholder for a value by its field name; null when the name says nothing. Values that are too long are left to the scanners. */
export function kindOfField(name: string, value: string): string | null {
  if (name.length < 3 || name.length > MAX_NAME || value.length > MAX_VALUE) return null;
  return kindByName(name);
}

/** Last words of names of what programs look up by, count, charge and date. */
export const TECHNICAL = new Set(
  (
    'id ids uuid guid key sku asin ean upc isbn hash digest checksum etag price prices amount cost total subtotal balance fee tax discount rate usd eur budget paid refund ' +
    'count qty quantity size length limit offset index score tokens bytes width height weight duration ms seconds percent ' +
    'time timestamp ts date at created updated expires since until epoch lat lng lon latitude longitude'
  ).split(' '),
);
/** What has numbers that are nobody's. */
export const NUMBERED = new Set(
  'order tracking item product variant flight invoice confirmation reservation booking ticket case model serial part line page row seat version build job batch lot gate sequence'.split(' '),
); // prettier-ignore
export const NUMBER = new Set(['number', 'no', 'nr', 'code']);

/** The words of a name, in small letters: `userId`, `user.id` and `user_id` have the same. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

const isTechnicalName = byName((name): boolean => {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (TECHNICAL.has(last)) return true;
  return NUMBER.has(last) ? NUMBERED.has(words.at(-2) ?? '') : last.endsWith('id') && NUMBERED.has(last.slice(0, -2));
});

/** One word with digits, and not in groups as telephone and social security numbers are. */
export const CODE = /^(?=\D*\d)(?!\+?\d{2,4}([-.])\d{2,4}\1\d{3,4}$)[\w#.:,$€£%/-]{1,64}$/;

/** Whether the name of a field says that its value is an id, a price, a count or a time, whose digits are neither a telephone nor a card. */
export function isTechnical(name: string, value: string): boolean {
  return name.length >= 2 && name.length <= MAX_NAME && isTechnicalName(name) && CODE.test(value);
}
