import { testData } from '@telltale/testkit';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { createRedactionCounts, FAILED, redactField, redactText, redactToText, redactValue } from '.';
import { createPseudonyms } from './pseudonym';
import { redactIdentifier } from './redact-name';

const text = (value: string): string => redactText(value, createRedactionCounts());
const FAKE = {
  sk: `sk-${'proj-'}abcDEF0123456789abcd`,
  ghp: `ghp_${'0123456789abcdefghij'.repeat(2)}`,
  jwt: `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJzdWIiOiIxIn0.abc-DEF_123`,
};
const PEM = ['-----BEGIN RSA PRIVATE', ' KEY-----\nMIIabc+/=\n-----END RSA PRIVATE', ' KEY-----'].join('');

describe('redaction of text', () => {
  it.each([
    ['an OpenAI key', `key ${FAKE.sk} used`, 'key [SECRET] used'],
    ['an Anthropic key', 'sk-ant-api03-abcdefghij0123456789', '[SECRET]'],
    ['an AWS key id', `(${'AKIA'}IOSFODNN7EXAMPLE)`, '([SECRET])'],
    ['a GitHub token', FAKE.ghp, '[SECRET]'],
    ['a fine-grained GitHub token', 'github_pat_11ABCDEFG0123456789_abcdef', '[SECRET]'],
    ['a Slack token', `xoxb-${'123456789012'}-abcdef`, '[SECRET]'],
    ['a Google key', `AIza${'SyD-1234567890abcdefghijklmnopqrstu'}`, '[SECRET]'],
    ['a JWT', `t=${FAKE.jwt};`, 't=[SECRET];'],
    ['a bearer token', 'Authorization: Bearer abcdef0123456789', 'Authorization: Bearer [SECRET]'],
    ['basic credentials', 'authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [SECRET]'],
    ['a private key', `a ${PEM} b`, 'a [SECRET] b'],
    ['a private key cut short', PEM.slice(0, 40), '[SECRET]'],
    ['a password in text', 'password: hunter2, thanks', 'password: [SECRET], thanks'],
    ['an assignment', 'API_KEY=abc123&x=1', 'API_KEY=[SECRET]&x=1'],
    ['a password in JSON', '{"db_password":"p w","n":1}', '{"db_password":"[SECRET]","n":1}'],
    ['a password in JSON inside JSON', '{\\"password\\": \\"p w\\"}', '{\\"password\\": \\"[SECRET]\\"}'],
    ['a connection string', 'postgres://app:s3cr/et@db:5432/x', 'postgres://[SECRET]@db:5432/x'],
    ['credentials in a URL', 'https://user:pw@example.com/a', 'https://[SECRET]@example.com/a'],
    ['an address', 'write to Mia.Li+x@mail.example.co.uk!', 'write to [EMAIL]!'],
    ['an address after an escaped line end', '\\nmia@example.com', '\\n[EMAIL]'],
    ['an address with other letters', 'jürgen@müller.de', '[EMAIL]'],
    ['a card', 'card 4111111111111111.', 'card [CARD].'],
    ['a card in groups and its expiry', '4111 1111 1111 1111 12/27', '[CARD] 12/27'],
    ['an American Express card', '3782-822463-10005', '[CARD]'],
    ['a card in JSON inside text, which stays JSON', '{"card":4111111111111111,"n":1}', '{"card":"[CARD]","n":1}'],
    ['an IBAN', 'DE89370400440532013000', '[IBAN]'],
    ['an IBAN in groups', 'pay GB82 WEST 1234 5698 7654 32 now', 'pay [IBAN] now'],
    ['a phone with its country', 'call +49 30 1234567 or +14155552671', 'call [PHONE] or [PHONE]'],
    ['a North American phone', '(415) 555-2671, 415-555-2671, 1-415-555-2671', '[PHONE], [PHONE], [PHONE]'],
    ['a national phone', 'ring 020 7946 0958', 'ring [PHONE]'],
    ['ten digits that are called a phone', 'my phone is 4155552671', 'my phone is [PHONE]'],
    ['a phone with an extension', '259.735.7502x459', '[PHONE]'],
    ['a French phone', '01.84.17.61.18', '[PHONE]'],
    ['a social security number', 'ssn 123-45-6789', 'ssn [SSN]'],
    ['an IPv4 address', 'from 192.168.1.12:8080', 'from [IP]:8080'],
    ['an IPv6 address', 'from 2001:db8::ff00:42:8329 now', 'from [IP] now'],
    ['an IPv6 address in full', '2001:0db8:85a3:0000:0000:8a2e:0370:7334', '[IP]'],
  ])('masks %s', (_, value, expected) => {
    expect(text(value)).toBe(expected);
  });

  it.each([
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['a UUID of digits that would pass for a card', '41111111-1111-1111-1111-111111111111'],
    ['a trace id', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['times', '2026-01-31T12:00:00Z 15:00:00 1700000000000 1700000000000000000'],
    ['a version', 'v1.2.3 and 2.0.0-rc.1'],
    ['amounts and flights', 'HAT136 costs $1,250.50 for 3 of 4 on 2024-05-20'],
    ['token counts', 'input_tokens: 2000, max_token=, next_token: "abc"'],
    ['names of programs', 'std::vector a::b foo@bar sk-learn'],
    ['a number that is no card', '4111111111111112'],
    ['digits nobody calls a phone', 'order 4155552671'],
    ['a sentence on a token', 'the token: next time, please'],
    ['an empty password', 'password: null'],
  ])('leaves %s', (_, value) => {
    expect(text(value)).toBe(value);
  });

  const pieces = fc.constantFrom(
    'a@b.co', '4111 1111 1111 1111', '4111', '1111', '+49 30 1234567', '415-555-2671', '10.0.0.1', '2001:db8::1:abcd', 'DE89370400440532013000', 'password', 'token', ':', '=', '"', "'", '\\', '\\n', ' ', '-', '_', '.', '@', '[SECRET]', '[EMAIL]', '[CARD]', ']', '{', '}', ',',
    'sk-abcdefghij0123456789', 'Bearer ', 'eyJhbGciOiJIUzI1NiJ9', 'https://', 'user:pw@host', '-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'x', '9', 'é', '\n',
  ); // prettier-ignore
  const messy = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
  );
  it('is idempotent', () => {
    fc.assert(
      fc.property(messy, (value) => {
        const once = text(value);
        const again = createRedactionCounts();
        expect(redactText(once, again)).toBe(once);
        expect(again).toMatchObject({ masked: 0, failed: 0 });
      }),
      { numRuns: 5_000 },
    );
  });
  it('counts what it masks', () => {
    const tally = createRedactionCounts();
    redactText('a@b.co and 10.0.0.1', tally);
    expect(tally).toMatchObject({ masked: 2, failed: 0 });
  });

  it.each([
    ['one character', (n: number) => '@'.repeat(n)],
    ['digits', (n: number) => '1'.repeat(n)],
    ['numbers', (n: number) => '4111 '.repeat(n / 5)],
    ['colons', (n: number) => 'a:'.repeat(n / 2)],
    ['open URLs', (n: number) => 'a://b:c'.repeat(n / 7)],
    ['open keys', (n: number) => '-----BEGIN X'.repeat(n / 12)],
    ['names of secrets', (n: number) => 'password="'.repeat(n / 10)],
    ['starts of tokens', (n: number) => 'eyJ'.repeat(n / 3)],
    ['local parts', (n: number) => 'a.'.repeat(n / 2)],
  ])('takes time in proportion to the length of %s', (_, make) => {
    const cost = (n: number): number => {
      const value = make(n);
      text(value);
      const began = process.hrtime.bigint();
      text(value);
      return Number(process.hrtime.bigint() - began);
    };
    // Ten times the length at a hundred times the cost would be a quadratic scan; a busy machine is allowed for.
    expect(cost(400_000)).toBeLessThan(60 * cost(40_000) + 5e8);
  });
});

describe('redaction of values', () => {
  it('masks texts, numbers and keys, and the values of secret names', () => {
    const value = {
      'a@b.co': 'x\nc@d.co',
      card: 4111111111111111,
      phone: 4155552671,
      password: 'x',
      list: [{ api_key: ['k'] }],
      n: 1.5,
      ok: true,
      none: null,
    };
    expect(redactValue(value, createRedactionCounts())).toEqual({
      '[EMAIL]': 'x\n[EMAIL]',
      card: '[CARD]',
      phone: '[PHONE]',
      password: '[SECRET]',
      list: [{ api_key: ['[SECRET]'] }],
      n: 1.5,
      ok: true,
      none: null,
    });
  });
  it('masks bare digits anywhere under a telephone name', () => {
    expect(redactToText([{ phone: [{ password: '' }, [' ', 1000000000]] }], createRedactionCounts())).toBe(
      '[{"phone":[{"password":""},[" ","[PHONE]"]]}]',
    );
  });
  it('gives valid JSON that equals the JSON of the masked value', () => {
    const leaf = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('a@b.co', '10.0.0.1\n', '\\', 'x\t415-555-2671'),
      fc.integer(),
      fc.constantFrom(4111111111111111, 4155552671, 0, -1, 0.5),
      fc.boolean(),
      fc.constant(null),
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('password', 'phone', 'a', 'x@y.zz', 'input_tokens'), tie('value'), { maxKeys: 3 })),
    })).value; // prettier-ignore
    fc.assert(
      fc.property(json, (value) => {
        // Text stays text, and empty stays empty: neither is JSON.
        fc.pre(typeof value !== 'string' && value !== null);
        expect(JSON.parse(redactToText(value, createRedactionCounts()))).toEqual(
          JSON.parse(JSON.stringify(redactValue(value, createRedactionCounts()))),
        );
      }),
      { numRuns: 3_000 },
    );
  });
  it('keeps nothing of what it cannot scan', () => {
    const cyclic: Record<string, unknown> = { email: 'a@b.co' };
    cyclic['self'] = cyclic;
    const tally = createRedactionCounts();
    expect(redactToText(cyclic, tally)).toBe(FAILED);
    expect(redactValue(cyclic, tally)).toBe(FAILED);
    expect(tally.failed).toBe(2);
  });
  it.each([
    ['db.password', 'x', '[SECRET]'], ['authorization', 12345678901, '[SECRET]'], ['credentials', { user: 'x' }, '[SECRET]'], ['attempt', 3, '3'], ['flag', true, 'true'],
    ['client.address', '10.0.0.1', '[IP]'], ['phone_number', '4155552671', '[PHONE]'], ['nothing', null, ''], ['list', [1, 'a@b.co'], '[1,"[EMAIL]"]'],
  ])('makes of attribute %s = %j the text %s', (name, value, expected) => {
    expect(redactField(name, value, createRedactionCounts())).toBe(expected);
  }); // prettier-ignore
});

describe('ids and users', () => {
  const pseudonyms = createPseudonyms((tenant) => Buffer.from(`key of ${tenant}`));
  it('are kept, or replaced by a stable pseudonym', () => {
    const id = (value: string) => redactIdentifier(value, createRedactionCounts(), (of) => pseudonyms.of('acme', of));
    for (const plain of ['ses-4155552671', '4111111111111111', 'chat/2026-01-31/7']) expect(id(plain)).toBe(plain);
    expect(id('mia@example.com')).toMatch(/^id_[0-9a-f]{16}$/);
    expect(id('mia@example.com')).toBe(id('mia@example.com'));
    expect(id('mia@example.com')).not.toBe(id('leo@example.com'));
  });
  it('differ for another tenant', () => {
    expect(pseudonyms.of('a', 'mia')).not.toBe(pseudonyms.of('b', 'mia'));
  });
});

const { path: file, describeData, leftOut } = testData('pii', 'presidio-synth-even.json');
describeData(`labeled sentences${leftOut}`, () => {
  it('lose nearly all structured values: cards, addresses, IBANs, IPs, phones', () => {
    interface Sentence {
      full_text: string;
      spans: { entity_type: string; entity_value: string }[];
    }
    const sentences = JSON.parse(readFileSync(file, 'utf8')) as Sentence[];
    const share = (type: string): number => {
      let all = 0;
      let gone = 0;
      for (const { full_text, spans } of sentences)
        for (const { entity_type, entity_value } of spans) {
          if (entity_type !== type) continue;
          all++;
          if (!text(full_text).includes(entity_value)) gone++;
        }
      return gone / all;
    };
    const shares = Object.fromEntries(
      ['CREDIT_CARD', 'EMAIL_ADDRESS', 'IBAN_CODE', 'IP_ADDRESS', 'PHONE_NUMBER'].map((type) => [type, share(type)]),
    );
    expect(shares['CREDIT_CARD']).toBeGreaterThan(0.95);
    expect(shares['EMAIL_ADDRESS']).toBe(1);
    expect(shares['IBAN_CODE']).toBeGreaterThan(0.9);
    expect(shares['IP_ADDRESS']).toBeGreaterThan(0.9);
    expect(shares['PHONE_NUMBER']).toBeGreaterThan(0.5);
  });
});
