/** Fifty values nobody may find again. All made up; check digits hold where a rule asks for them. */
const emails = ['ann.lee', 'bob+bills', 'c.o-hara', 'dmitri_77', 'e.e.cummings', 'farida', 'g.h', 'hanna.m', 'ivo', 'jun.t'].map(
  (name, i) => `${name}@planted${i}.example.com`,
);
const cards = ['4111 1111 1111 1111', '5555-5555-5555-4444', '378282246310005', '6011111111111117', '3530111333300000', '4012888888881881', '5105 1051 0510 5100', '4222222222222']; // prettier-ignore
const ibans = ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19', 'FR1420041010050500013M02606', 'NL91ABNA0417164300', 'ES9121000418450200051332', 'CH9300762011623852957']; // prettier-ignore
const phones = [
  '+1 415 555 2671',
  '+44 20 7946 0958',
  '+49 30 901820',
  '(212) 555-0187',
  '415-555-0132',
  '+33 1 70 18 99 00',
  '+81 3-1234-5678',
  '+61 2 5550 1234',
];
const addresses = [
  '203.0.113.77',
  '198.51.100.23',
  '192.0.2.146',
  '2001:db8:85a3::8a2e:370:7334',
  '203.0.113.201',
  '198.51.100.99',
  '2001:db8::ff00:42:8329',
  '192.0.2.9',
];
const secrets = [
  `sk-${'Ab3dE6gH9jK2mN5pQ8sT1vW4'.repeat(2)}`,
  `sk-ant-api03-${'zY9xW8vU7tS6rQ5pO4nM'.repeat(4)}`,
  `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  'AKIAIOSFODNN7PLANTED'.slice(0, 20),
  `xoxb-123456789012-1234567890123-${'PlAnTeDtOkEnPlAnTeDtOkEn'}`,
  `AIza${'SyPlantedPlantedPlantedPlanted12345'}`,
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJwbGFudGVkIiwibmFtZSI6Ik5vYm9keSJ9.c2lnbmF0dXJlLXBsYW50ZWQtc2lnbmF0dXJl',
  'postgres://planted_user:pl4nted-pa55@db.internal:5432/prod',
  'password=correct-horse-planted-battery',
  'api_key: "plantedkey0123456789abcdef0123456789"',
]; // prettier-ignore

export const PLANTED: readonly string[] = [...emails, ...cards, ...ibans, ...phones, ...addresses, ...secrets];

/** Words that no rule masks, sent along: what cannot find them could not have found a secret either. */
export const CANARY = 'the heron waits beside the quiet river';

/** What to look for as bytes: the part of a planted value that is the secret itself. */
export const needles: readonly string[] = PLANTED.map((value) =>
  value.startsWith('postgres://')
    ? 'pl4nted-pa55'
    : value.startsWith('password=')
      ? 'correct-horse-planted-battery'
      : value.startsWith('api_key')
        ? 'plantedkey0123456789abcdef0123456789'
        : value,
);
