import { createRedactionCounts, redactText } from '.';

const content = (value: string): string => redactText(value, createRedactionCounts());
const each = (words: string): string[] => words.split('|');

// Every word of the patterns must pass the triple prefilter, in any case.
describe('a number is masked because of the word before it', () => {
  it.each(each('account|acct|routing|sort code|policy|passport|licence|license|membership|member id|medical record|MRN|patient id|insurance|beneficiary|swift|tax id|taxpayer id|EIN|e.i.n|voter|iqama|permit|konto|Kontonummer'))(
    'account: %s',
    (word) => {
      for (const said of [word, word.toUpperCase()]) expect(content(`the ${said} of mine is 7350214`)).toBe(`the ${said} of mine is [ACCOUNT]`);
    },
  ); // prettier-ignore
  it.each(each('PIN|OTP|cvv|cvv2|CVC|passcode|security code|verification code|one-time code|one time password|2fa code'))(
    'code: %s',
    (word) => {
      for (const said of [word, word.toUpperCase()]) expect(content(`my ${said} is 7350`)).toBe(`my ${said} is [SECRET]`);
    },
  );
  it.each(each('zip|zip code|post code|postcode|postal code|PLZ'))('postal code: %s', (word) => {
    for (const said of [word, word.toUpperCase()]) expect(content(`${said} is 73502`)).toBe(`${said} is [ADDRESS]`);
  });
  it.each(each('born|birthday|date of birth|dob|d.o.b.|geboren|naci|né le|née le'))('birth date: %s', (word) => {
    for (const said of [word, word.toUpperCase()])
      for (const date of ['1990-04-05', '05/04/1990', '5 April 1990', 'April 5, 1990'])
        expect(content(`${said}, so they say, ${date}`)).toBe(`${said}, so they say, [BIRTH_DATE]`);
  });
  it.each(each('phone|mobile|cell|tel|Telefon|call|fax|sms|whatsapp|dial|desk|office|reach|contact|ring|text me|texted him|answering at|message to|registered'))(
    'phone: %s',
    (word) => {
      for (const said of [word, word.toUpperCase()]) expect(content(`${said} 7350214468`)).toBe(`${said} [PHONE]`);
    },
  ); // prettier-ignore
});

describe('a value is masked because of the name before it', () => {
  it.each(each('password|db_passwd|passphrase|passcode|pwd|client_secret|api key|apikey|private_key|authorization|credential|credentials|cookie|connection_string|passwort|kennwort|jwt|otp|sig|x-amz-signature|cvv|cvv2|cvc|ssn|pin|access_token'))(
    '%s',
    (name) => {
      for (const said of [name, name.toUpperCase()]) expect(content(`{"${said}":"qwx"}`)).toBe(`{"${said}":"[SECRET]"}`);
    },
  ); // prettier-ignore
  it.each(each('destination|airport|departure|booking|tokens|keyboard|next_token'))('but %s', (name) => {
    expect(content(`{"${name}":"qwx"}`)).toBe(`{"${name}":"qwx"}`);
  });
});
