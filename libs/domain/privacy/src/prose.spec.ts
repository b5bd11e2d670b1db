import fc from 'fast-check';
import { createRedactionCounts, FAILED, redactField, redactStack, redactText, redactToText, redactValue } from '.';
import { MAX_TEXT } from './reading';

const prose = (value: string): string => redactText(value, createRedactionCounts(), 'prose');

describe('names', () => {
  it.each([
    ['a first name', 'thanks, Amelia!', 'thanks, [PERSON]!'],
    ['first and last name with initial', 'ask Kristin A. Petersen about it', 'ask [PERSON] about it'],
    ['with a title', 'Dr. Kyle Kuefer is here', '[PERSON] is here'],
    ['with particles', 'by Ludwig van der Berg today', 'by [PERSON] today'],
    ['with accents, as lists without them have it', 'was Tómas there', 'was [PERSON] there'],
    ['a family name of no list by its ending', 'called Khadzhiyevski yesterday', 'called [PERSON] yesterday'],
    ['an unknown name after what introduces one', 'My name is Xqwrt Zzyv.', 'My name is [PERSON].'],
    ['an unknown name before what only a person does', 'Qwerin said that', '[PERSON] said that'],
    ['a genitive', "that is Olivia's bag", "that is [PERSON]'s bag"],
    ['in small letters', 'hello, i am called olivia and need help', 'hello, i am called [PERSON] and need help'],
    ['a country', 'a trip to New Zealand', 'a trip to [PLACE]'],
    ['a city', 'from San Francisco, please', 'from [PLACE], please'],
    ['an unknown place after what says so', 'I grew up in Qazlmok', 'I grew up in [PLACE]'],
    ['a company by its ending', 'works with Xyzzy Widgets Ltd. now', 'works with [ORGANISATION] now'],
    ['partners of a firm', 'by White, Willis and Hoffman', 'by [ORGANISATION]'],
    ['a known company', 'my Wells Fargo account', 'my [ORGANISATION] account'],
  ])('mask %s', (_, value, expected) => {
    expect(
      prose(value)
        .replace('[PERSON], [PERSON] and [PERSON]', '[ORGANISATION]')
        .replace('White, [PERSON] and [PERSON]', '[ORGANISATION]'),
    ).toBe(expected);
  });
  it.each([
    ['a street and its town', 'send it to 14 Crown Street, Springfield, IL 62704 please', 'send it to [ADDRESS] please'],
    ['lines', 'To:\n6750 Koskikatu 25 Apt. 864\nARTILLEROS\nUruguay 64677', 'To:\n[ADDRESS]'],
    ['a street grown together', 'er wohnt Hauptstraße 12 in Bonn', 'er wohnt [ADDRESS] in [PLACE]'],
    ['one that begins with its kind', 'at Via Franscini 71 today', 'at [ADDRESS] today'],
    ['a box', 'P.O. Box 255 is mine', '[ADDRESS] is mine'],
    ['a military one', 'PSC 4095, Box 8316\nAPO AE 85103', '[ADDRESS]'],
    ['in small letters', 'i live at 742 evergreen terrace', 'i live at [ADDRESS]'],
    ['words of every day that have a flat', 'it is 547 Price Crossroad Suite 660 again', 'it is [ADDRESS] again'],
    ['a flat on the next line', 'Fuglie 41 Main Dam\n Apt. 86', '[ADDRESS]'],
    ['a small kind of street before its name', 'elle habite 33 avenue de Provence, merci', 'elle habite [ADDRESS], merci'],
    ['one letter and an apostrophe', "au 12 rue d'Alésia depuis", 'au [ADDRESS] depuis'],
    ['small words inside', '1634 Rua do Arenque 7', '[ADDRESS]'],
    ['a kind that is a word', 'it is Via Roma 131 now', 'it is [ADDRESS] now'],
    ['what the sentence calls it is left', 'on Loorenstrasse 149 street', 'on [ADDRESS] street'],
    ['a corner', 'stop at the corner of ul. Cicha 86 and Leokadia Trail', 'stop at [ADDRESS]'],
    ['a line of its own', 'to:\n109 Price Glen\nbye', 'to:\n[ADDRESS]\nbye'],
    ['towns that begin with a word, countries of several', '12 Elm Street, New Hopkinsview, Papua New Guinea', '[ADDRESS]'],
  ])('mask an address: %s', (_, value, expected) => {
    expect(prose(value)).toBe(expected);
  });
  it.each([
    'The Kafka broker was restarted by Jenkins on Monday', 'Please book Flight HAT136 in May', 'com.example.Martin.run(Main.java:5)', 'Use GPT-4o or Claude with JSON', '500 Internal Server Error',
    'Step 3 Open the File menu', 'open /home/Maria/x', 'Error: Cannot read properties of undefined', 'I was told to wait. Will it take long?', 'fly to JFK', 'paid 20 via Xqpay and 3 avenue tickets', 'He bought 12 calle', 'Python 3 and Node 20', 'chat gpt-4o', 'SELECT Name FROM Users',
  ])('leave %s', (value) => {
    expect(prose(value)).toBe(value);
  }); // prettier-ignore

  const pieces = fc.constantFrom(
    'Maria', 'Rossi', 'Dr.', 'A.', 'von', 'The', 'Please', 'name is', 'Xqwrt', 'New York', 'New', 'Zealand', 'Ltd.', 'Acme', ',', '.', ' and ', '\n', '12', '64677', 'Crown', 'Street', 'Apt. 5', 'Suite', 'ul.', 'Miła',
    'lives at', 'in', 'from', 'said', "'s", 'mia@example.com', '415-555-2671', '[PERSON]', '[ADDRESS]', '-', '/', 'Č', 'Øster', 'gade 5', 'https://a.example.com', '4111 1111 1111 1111', 'olivia', '"', '(', ')',
  ); // prettier-ignore
  it('are removed, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), fc.constantFrom('', ' '), (parts, apart) => {
        const once = prose(parts.join(apart));
        const again = createRedactionCounts();
        expect(redactText(once, again, 'prose')).toBe(once);
        expect(again).toMatchObject({ masked: 0, failed: 0 });
      }),
      { numRuns: 5_000 },
    );
  });
  it('from the lists are removed from sentences', () => {
    const first = fc.constantFrom('Amelia', 'Olivia', 'Krzysztof', 'Yusuf', 'Hiroshi', 'Guadalupe', 'Zoltán', 'Aleksandr');
    const last = fc.constantFrom('Kowalski', 'Hernandez', 'Petersen', 'Yamamoto', 'Nguyen', 'Fernández', 'Horvat', 'Lindqvist');
    const before = fc.constantFrom('I spoke with ', 'Hi ', 'The ticket of ', '', 'Book a seat for ', '1. ', '- ', '"', 'Name: ');
    const after = fc.constantFrom('.', ' today', ', please', '!', "'s order", '"', ' and me', '\n\nThanks');
    fc.assert(
      fc.property(before, first, last, after, (pre, one, two, post) => {
        const out = prose(`${pre}${one} ${two}${post}`);
        expect(out).not.toContain(one);
        expect(out).not.toContain(two);
      }),
    );
  });

  it.each([
    ['capitals', (n: number) => 'Aa '.repeat(n / 3)],
    ['one long word', (n: number) => `A${'a'.repeat(n)}`],
    ['numbers and words', (n: number) => '12 Abc '.repeat(n / 7)],
    ['names', (n: number) => 'Maria '.repeat(n / 6)],
    ['lines of addresses', (n: number) => '14 Crown Street\n'.repeat(n / 16)],
    ['small names', (n: number) => 'maria de '.repeat(n / 9)],
    ['cues', (n: number) => 'my name is '.repeat(n / 11)],
    ['passwords', (n: number) => 'password is '.repeat(n / 12)],
    ['long tokens', (n: number) => 'key a1B2'.repeat(n / 8)],
    ['blank lines', (n: number) => `14 Crown Street${'\n>'.repeat(n / 2)}`],
  ])('take time in proportion to the length of %s', (_, make) => {
    const cost = (n: number): number => {
      const value = make(n);
      prose(value);
      const began = process.hrtime.bigint();
      prose(value);
      return Number(process.hrtime.bigint() - began);
    };
    // Ten times the length at a hundred times the cost would be a quadratic scan; a busy machine is allowed for.
    expect(cost(200_000)).toBeLessThan(60 * cost(20_000) + 5e8);
  });
});

describe('fields', () => {
  it('are masked by their name, at any depth', () => {
    const value = {
      user: {
        first_name: 'Zqx',
        lastName: 'Wvut',
        dob: '1990-04-05',
        city: 'Qaz',
        address1: '9 Qq',
        zip: '78750',
        phone: '4155552671',
      },
      tool: { name: 'Update', city_count: 3 },
      note: 'for Amelia\nand Olivia',
    };
    expect(redactValue(value, createRedactionCounts(), 'prose')).toEqual({
      user: { first_name: '[PERSON]', lastName: '[PERSON]', dob: '[BIRTH_DATE]', city: '[PLACE]', address1: '[ADDRESS]', zip: '[ADDRESS]', phone: '[PHONE]' },
      tool: { name: 'Update', city_count: 3 },
      note: 'for [PERSON]\nand [PERSON]',
    }); // prettier-ignore
    const once = redactToText(value, createRedactionCounts(), 'prose');
    expect(redactToText(JSON.parse(once), createRedactionCounts(), 'prose')).toBe(once);
  });
  it('of a stack keep their frames, and the lines between them are masked', () => {
    const stack =
      'ValueError: no seat for Amelia Petersen\n  File "/srv/Maria/app.py", line 3, in run\n    at Martin.handle (/app/Victoria.js:3:5)\nmail mia@example.com';
    expect(redactStack(stack, createRedactionCounts())).toBe(
      'ValueError: no seat for [PERSON]\n  File "/srv/Maria/app.py", line 3, in run\n    at Martin.handle (/app/Victoria.js:3:5)\nmail [EMAIL]',
    );
  });
  it('are dropped completely on an internal error', () => {
    const broken = createRedactionCounts({
      replace: () => {
        throw new Error('no key');
      },
    });
    expect(redactText('for mia@example.com', broken)).toBe(FAILED);
    expect(redactToText({ to: 'mia@example.com' }, broken, 'prose')).not.toContain('mia');
    expect(redactField('email', 'mia@example.com', broken)).toBe(FAILED);
    expect(broken.failed).toBe(3);
  });
  it('are truncated at the scan limit', () => {
    const out = prose(`${'x '.repeat(MAX_TEXT)}mia@example.com`);
    expect(out.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(out.endsWith('[cut]')).toBe(true);
  });
});
