// Values with a form or a check, drawn for every sentence.

type Uniform = () => number;

const pick = (all: readonly string[], uniform: Uniform): string => all[Math.floor(uniform() * all.length)] ?? '';
/** The pattern with a digit for every `#` and one from 2 to 9 for every `N`. */
const digits = (pattern: string, uniform: Uniform): string =>
  pattern.replace(/[#N]/g, (sign) => String(sign === 'N' ? 2 + Math.floor(uniform() * 8) : Math.floor(uniform() * 10)));

function withLuhn(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return body + String((10 - (sum % 10)) % 10);
}

function iban(country: string, body: string): string {
  const moved = `${body}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  const check = String(98n - (BigInt(moved) % 97n)).padStart(2, '0');
  return country + check + body;
}

const spaced = (value: string): string => value.replace(/(.{4})(?=.)/g, '$1 ');

const PHONES = ['(N##) N##-####', 'N##-N##-####', '+1 N## N## ####', '+44 20 #### ####', '020 #### ####', '07### ######', '+49 30 #######', '+91 98### #####', 'N##.N##.####', '+33 6 ## ## ## ##', '1-800-N##-####', '+61 4## ### ###', 'N##N######', '+86 138 #### ####']; // prettier-ignore
const IBANS = [
  'DE ##################',
  'GB WEST##############',
  'FR #######################',
  'IT X######################',
  'ES ####################',
];
const FORMS: Readonly<Record<string, (uniform: Uniform) => string>> = {
  phone: (uniform) => digits(pick(PHONES, uniform), uniform),
  phone_cn: (uniform) => digits(pick(['138########', '139 #### ####', '186-####-####', '010-8#######', '021-6#######'], uniform), uniform),
  phone_jp: (uniform) => digits(pick(['090-####-####', '080########', '03-####-####', '06-####-####'], uniform), uniform),
  phone_ru: (uniform) => digits(pick(['+7 9## ###-##-##', '8 (9##) ###-##-##', '89#########', '8-9##-###-##-##'], uniform), uniform),
  phone_in: (uniform) => digits(pick(['98########', '+91 97### #####', '080 2### ####', '99### #####'], uniform), uniform),
  phone_kr: (uniform) => digits(pick(['010-####-####', '02-###-####', '010########'], uniform), uniform),
  phone_sa: (uniform) => digits(pick(['05########', '+966 5# ### ####', '0112######'], uniform), uniform),
  phone_es: (uniform) => digits(pick(['6## ### ###', '+34 6## ## ## ##', '91 ### ## ##'], uniform), uniform),
  phone_fr: (uniform) => digits(pick(['06 ## ## ## ##', '01.##.##.##.##', '+33 1 ## ## ## ##'], uniform), uniform),
  phone_de: (uniform) => digits(pick(['0171 #######', '+49 151 ########', '030/#######', '0176-########'], uniform), uniform),
  email: (uniform) => digits(pick(['mara.lund##@example.com', 'j_okoye@mail.example.org', 'sales+eu#@shop.example.co.uk', 'ana-lima@empresa.example.br', 'x#.y@sub.example.net'], uniform), uniform),
  card: (uniform) => {
    const number = withLuhn(digits(pick(['4##############', '51#############', '37############', '6011###########', '35#############'], uniform), uniform));
    return pick([number, spaced(number)], uniform);
  },
  iban: (uniform) => {
    const [country = '', body = ''] = pick(IBANS, uniform).split(' ');
    const number = iban(country, digits(body, uniform));
    return pick([number, spaced(number)], uniform);
  },
  ip: (uniform) => pick([0, 1, 2].map(() => `${String(11 + Math.floor(uniform() * 200))}.${String(Math.floor(uniform() * 256))}.${String(Math.floor(uniform() * 256))}.${String(1 + Math.floor(uniform() * 254))}`).concat('2001:db8:85a3::8a2e:370:7334', 'fe80::1ff:fe23:4567:890a'), uniform),
  ssn: (uniform) => digits(pick(['1N#-4#-####', '5N# 3# ####', '07805####', '4N#6#####'], uniform), uniform),
  url: (uniform) => digits(pick(['https://www.facebook.com/mara.lund.##', 'http://blog.example.org/~okoye', 'www.linkedin.com/in/ana-lima-##'], uniform), uniform),
  mac: (uniform) => digits(pick(['00:1A:#B:3C:4D:5E', '00-1#-63-84-45-E6', 'a4:#e:60:c1:0d:9f'], uniform), uniform),
  date: (uniform) => pick(['1984-07-21', '21/07/1984', 'July 21, 1984', '21 July 1984', '07/21/84', '3rd of May 1990'], uniform),
  passport: (uniform) => digits(pick(['C0#X#####', '5########', 'P#######', 'AB#######'], uniform), uniform),
}; // prettier-ignore

/** A value for the slot of this name. */
export function drawStructured(slot: string, uniform: Uniform): string {
  const draw = FORMS[slot];
  if (!draw) throw new RangeError(`no values for {${slot}}`);
  return draw(uniform);
}
