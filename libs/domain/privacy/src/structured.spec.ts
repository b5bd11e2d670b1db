import fc from 'fast-check';
import { createRedactionCounts, redactText, redactToText } from '.';

const prose = (value: string): string => redactText(value, createRedactionCounts(), 'prose');
const content = (value: string): string => redactText(value, createRedactionCounts());

describe('numbers of persons', () => {
  it.each([
    ['a Brazilian CPF', '529.982.247-25'],
    ['a Brazilian CNPJ', '11.222.333/0001-81'],
    ['an Indian Aadhaar number', '2341 2341 2346'],
    ['an Italian fiscal code', 'RSSMRA85T10A562S'],
    ['a Spanish DNI', '12345678Z'],
    ['a Spanish NIE', 'X1234567L'],
    ['a British insurance number', 'AB 12 34 56 C'],
    ['a Swedish personal number', '811228-9874'],
    ['a Finnish personal code', '131052-308T'],
    ['a Singaporean NRIC', 'S1234567D'],
    ['a Chinese resident number', '11010519491231002X'],
    ['a French insurance number', '1 84 12 76 451 089 46'],
    ['a Belgian register number', '85.07.30-033.28'],
  ])('mask %s by its check', (_, value) => {
    expect(content(`it is ${value}, yes`)).toBe('it is [NATIONAL_ID], yes');
  });
  it.each([
    ['NHS number 943 476 5919', 'NHS number [NATIONAL_ID]'],
    ['my SIN is 046 454 286', 'my SIN is [NATIONAL_ID]'],
    ['BSN: 111222333', 'BSN: [NATIONAL_ID]'],
    ['PESEL 44051401359', 'PESEL [NATIONAL_ID]'],
    ['tax ID 86095742719', 'tax ID [NATIONAL_ID]'],
    ['my card is 4111 1111 1111 1112, right?', 'my card is [CARD], right?'],
    ['IBAN: GB83WEST12345698765432', 'IBAN: [IBAN]'],
    ['account number 0012345678', 'account number [ACCOUNT]'],
    ["driver's license F162823540116", "driver's license [ACCOUNT]"],
    ['passport no. C01X00T47', 'passport no. [ACCOUNT]'],
    ['my pin is 4821', 'my pin is [SECRET]'],
    ['ZIP: 90210', 'ZIP: [ADDRESS]'],
    ['born on 12 March 1985', 'born on [BIRTH_DATE]'],
    ['date of birth: 1985-03-12', 'date of birth: [BIRTH_DATE]'],
    ['birthday is March 12, 1985', 'birthday is [BIRTH_DATE]'],
    ['call me on 9472 7916', 'call me on [PHONE]'],
    ['781 1704 office', '[PHONE] office'],
  ])('mask by the words around: %s', (value, expected) => {
    expect(prose(value)).toBe(expected);
  });
  it.each([
    'order 9434765919', 'invoice 0012345678', 'version 1985-03-12', 'arrives 2024-05-20 at 15:00', 'request 529.982.247-26', 'it is 12345678A', 'add 046454287 to it',
    'rows 86095742718', 'HAT136 and HAT039', 'case 2341 2341 2347', 'from 0.0.0.0 and 127.0.0.1', 'room 4821', 'the card in order 411111111111', 'discard 20240520', 'id 00112233445566778899',
  ])('leave %s', (value) => {
    expect(prose(value)).toBe(value);
  }); // prettier-ignore
});

describe('addresses of machines and money', () => {
  it.each([
    ['00:1A:2B:3C:4D:5E', '[MAC]'],
    ['00-1a-2b-3c-4d-5e', '[MAC]'],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyT', '[WALLET]'],
    ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', '[WALLET]'],
    ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', '[WALLET]'],
    ['0x52908400098527886E0F7030069857D2E4169EE7', '[WALLET]'],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyU', '1BoatSLRHtKNngkdXEeobR76b53LETtpyU'],
    ['0x52908400098527886E0F7030069857D2E4169EE7ab', '0x52908400098527886E0F7030069857D2E4169EE7ab'],
    ['at 0x7f3a2c001b40', 'at 0x7f3a2c001b40'],
  ])('%s becomes %s', (value, expected) => {
    expect(content(`to ${value} now`)).toBe(`to ${expected} now`);
  });
  it('mask a URL in prose, and keep one as the value of a field', () => {
    expect(prose('see https://me.example.com/~mia?x=1, or www.mia.example!')).toBe('see [URL], or [URL]!');
    expect(content('GET https://api.example.com/v1')).toBe('GET https://api.example.com/v1');
    expect(prose('on http://localhost:8080/x')).toBe('on http://localhost:8080/x');
    expect(redactToText({ source: 'https://docs.example.com/a' }, createRedactionCounts(), 'prose')).toBe(
      '{"source":"https://docs.example.com/a"}',
    );
  });
});

// Written in two parts, so that secret scanners ignore them.
const token = (...pieces: string[]): string => pieces.join('');
const BODY = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d';

describe('secrets', () => {
  it.each([
    token('sk-', 'ant-api03-', BODY), token('sk_', 'live_', BODY), token('gl', 'pat-', BODY), token('xo', 'xb-123456789012-', BODY), token('hf', '_', BODY), token('gs', 'k_', BODY),
    token('ls', 'v2_pt_', BODY), token('np', 'm_', BODY.slice(0, 36)), token('dck', 'r_pat_', BODY), token('gl', 'sa_', BODY), token('hv', 's.', BODY), token('ATA', 'TT3', BODY), token('figd', '_', BODY),
    token('sh', 'pat_', '0123456789abcdef0123456789abcdef'), token('AK', 'IAIOSFODNN7EXAMPLE'), token('AI', 'zaSyD', BODY), token('SG', '.abcdefghijklmnop.', BODY), token('GOC', 'SPX-', BODY),
    token('PMA', 'K-', BODY), token('sq0', 'csp-', BODY), token('dap', 'i', '0123456789abcdef0123456789abcdef'), token('sbp', '_', BODY), token('whs', 'ec_', BODY), token('123456789', ':AA', BODY.slice(0, 33)),
    token('AGE-SECRET-', 'KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE6'),
  ])('mask %s', (value) => {
    expect(content(`used ${value} there`)).toBe('used [SECRET] there');
  }); // prettier-ignore
  it.each([
    ['my password is hunter2.', 'my password is [SECRET].'],
    ['Password: "correct horse"', 'Password: "[SECRET]"'],
    ['https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXX', 'https://hooks.slack.com/services/[SECRET]'],
    ['Server=db;User Id=app;Password=p4ss;', 'Server=db;User Id=app;Password=[SECRET];'],
    [`the api key ${BODY} works`, 'the api key [SECRET] works'],
    ['AccountKey=abc123==;x', 'AccountKey=[SECRET];x'],
    ['redis://:s3cret@cache:6379/0', 'redis://[SECRET]@cache:6379/0'],
  ])('mask %s', (value, expected) => {
    expect(content(value)).toBe(expected);
  });
  it.each([
    'the password is required', 'your password is not correct', 'trace 4bf92f3577b34da6a3ce929d0e0e4736', 'the key insight is this', 'call_oIHazX6yQrB8hUwl4cRilFKj', 'sha256 e3b0c44298fc1c149afbf4c8996fb924',
    'key_value_store_name_of_a_table', 'max_tokens: 4096', 'pytest-of-root/test_secret_name_is_long',
  ])('leave %s', (value) => {
    expect(content(value)).toBe(value);
  }); // prettier-ignore
});

describe('planted values', () => {
  const digits = (n: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n }).map((all) => all.join(''));
  const luhn = (head: string): string => {
    for (let check = 0; check < 10; check++) {
      let sum = 0;
      [...`${head}${check}`]
        .reverse()
        .forEach((sign, i) => (sum += i % 2 === 0 ? Number(sign) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(sign)]!));
      if (sum % 10 === 0) return `${head}${check}`;
    }
    return head;
  };
  const iban = (bank: string): string => {
    const check = 98n - (BigInt(`${bank}131400`) % 97n);
    return `DE${String(check).padStart(2, '0')}${bank}`;
  };
  const planted = fc.oneof(
    fc.tuple(fc.stringMatching(/^[a-z]{3,8}$/), fc.stringMatching(/^[a-z]{3,8}$/)).map(([user, host]) => `${user}@${host}.com`),
    digits(14).map((rest) => luhn(`4${rest}`)),
    digits(18).map(iban),
    fc.tuple(fc.integer({ min: 201, max: 989 }), fc.integer({ min: 200, max: 999 }), digits(4)).map((parts) => parts.join('-')),
    fc.tuple(fc.integer({ min: 1, max: 126 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.')),
    digits(20).map((rest) => token('sk-', 'proj-', rest)),
    fc.stringMatching(/^[0-9a-f]{40}$/).map((hex) => `0x${hex}`),
  );
  const filler = fc.array(fc.constantFrom('please', 'the', 'order', 'Hello', 'is', '12', 'and', '\n', '"', ',', '{', '}', 'Flight', 'now.', '3.5', 'é', '日本', '\\n', '—'), { maxLength: 12 }).map((words) => words.join(' ')); // prettier-ignore
  it('are removed from texts and values, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(filler, planted, filler, (before, value, after) => {
        const text = `${before} ${value} ${after}`;
        for (const once of [prose(text), content(text)]) expect(once).not.toContain(value);
        expect(prose(prose(text))).toBe(prose(text));
        expect(redactToText({ [value]: [text], deep: { note: text } }, createRedactionCounts(), 'prose')).not.toContain(value);
      }),
      { numRuns: 2_000 },
    );
  });
  it('do not include ids: UUIDs, trace ids and order numbers without a checksum are unchanged', () => {
    const order = digits(15)
      .filter((rest) => luhn(`4${rest.slice(0, 14)}`) !== `4${rest}`)
      .map((rest) => `4${rest}`);
    const id = fc.oneof(
      fc.uuid(),
      fc.stringMatching(/^[0-9a-f]{32}$/),
      fc.stringMatching(/^[0-9a-f]{16}$/).filter((hex) => /[a-f]/.test(hex)),
      order,
    );
    fc.assert(
      fc.property(id, (value) => {
        expect(prose(`see id ${value} there`)).toBe(`see id ${value} there`);
      }),
      { numRuns: 3_000 },
    );
  });
});
