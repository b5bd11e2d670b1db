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
const MAX_KNOWN = 10_000;
const known = new Map<string, string | null>();

/** The placeholder for a value by its field name; null when the name says nothing. Values that are too long are left to the scanners. */
export function kindOfField(name: string, value: string): string | null {
  if (name.length < 3 || name.length > MAX_NAME || value.length > MAX_VALUE) return null;
  let kind = known.get(name);
  if (kind === undefined) {
    kind = FIELDS.find(([names]) => names.test(name))?.[1] ?? null;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, kind);
  }
  return kind;
}
