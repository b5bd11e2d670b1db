import { type ValueVector } from './sdk-vectors';

const SECRET = '[SECRET]';

/** Under each of these names a value is masked whole. */
const SECRET_NAMES =
  'password passwd passphrase passcode pwd db_password dbPassword DB-PASSWORD db.password user_password password2 PASSWORD_PROD passwort kennwort secret client_secret clientSecret app.secret apikey api_key apiKey API_KEY x-api-key access_key secretKey private_key signing_key encryption_key hmac_key master_key SECRET_KEY_BASE token access_token accessToken refresh_token id_token sessionToken bot-token authorization Authorization Proxy-Authorization credential credentials cookie Set-Cookie jwt connection_string connectionString db_pass smtpPass rootPass otp pin user_pin cvv cvc card_cvv ssn sig x-amz-signature creds db_pw api_key_live'.split(
    ' ',
  );
/** Under these it stays: names of users and things, counts, questions. */
const OTHER_NAMES =
  'user user_id userId customer_id customerId enduser.id account_id member_id username name id key primary_key cache_key public_key sort_key tokens max_tokens maxTokens prompt_tokens max_token next_token nextToken page_token eos_token token_count token_type password_hint passwordPolicy secret_name secretName pw has_password is_secret show_password pass passed compass author oauth cookies credentials_file model tool order_id price status message path'.split(
    ' ',
  );

const same = (name: string, input: unknown): ValueVector => ({ name, input, output: input });

const deep = (depth: number, inner: unknown): unknown => {
  let value = inner;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
};

export const VALUES: readonly ValueVector[] = [
  ...SECRET_NAMES.map((name) => ({ name: `${name} is the name of a secret`, input: { [name]: 'swordfish' }, output: { [name]: SECRET } })),
  ...OTHER_NAMES.map((name) => same(`${name} is not`, { [name]: 'swordfish' })),
  { name: 'a text', input: 'write to mia@example.com', output: 'write to [EMAIL]' },
  { name: 'texts of a list', input: ['mia@example.com', 1, null], output: ['[EMAIL]', 1, null] },
  { name: 'nested', input: { a: { b: [{ password: 'x' }, 'card 4111111111111111'] } }, output: { a: { b: [{ password: SECRET }, 'card [CARD]'] } } },
  { name: 'a list under the name of a secret', input: { api_key: ['k', 2, '', null, true] }, output: { api_key: [SECRET, SECRET, '', null, true] } },
  { name: 'an object under the name of a secret is read by its own keys', input: { credentials: { user: 'x', password: 'y' } }, output: { credentials: { user: 'x', password: SECRET } } },
  { name: 'a list of lists under the name of a secret', input: { token: [['a'], [['b']]] }, output: { token: [[SECRET], [[SECRET]]] } },
  { name: 'numbers under the name of a secret', input: { pin: 1234, cvv: 0, password: 1.5 }, output: { pin: SECRET, cvv: SECRET, password: SECRET } },
  same('booleans, null and empty texts under the name of a secret', { password: '', secret: null, token: true, api_key: false }),
  same('placeholders', { password: SECRET, email: '[EMAIL]', token: '[REDACTED]' }),
  { name: 'a card as a number', input: { card: 4111111111111111 }, output: { card: '[CARD]' } },
  same('other numbers', { n: 4111111111111112, at: 1700000000000, price: 12.5, zero: 0, minus: -3 }),
  same('a card under the name of an id', { order_id: '4111111111111111', orderId: 4111111111111111, sku: '4111111111111111', order_number: '4111111111111111' }),
  { name: 'a card in a sentence under the name of an id', input: { order_id: 'card 4111111111111111' }, output: { order_id: 'card [CARD]' } },
  { name: 'an address and a secret under the name of an id', input: { id: 'mia1@example.com', key: 'https' }, output: { id: '[EMAIL]', key: 'https' } },
  { name: 'ids of persons stay, addresses do not', input: { user_id: 'mia-4711', email: 'mia@example.com', ip: '10.0.0.1', phone: '+49 30 1234567' }, output: { user_id: 'mia-4711', email: '[EMAIL]', ip: '[IP]', phone: '[PHONE]' } },
  { name: 'JSON in a text', input: { body: '{"password":"x y","to":"mia@example.com"}' }, output: { body: '{"password":"[SECRET]","to":"[EMAIL]"}' } },
  { name: 'JSON in JSON in a text', input: { body: '{"inner":"{\\"password\\":\\"x y\\"}"}' }, output: { body: '{"inner":"{\\"password\\":\\"[SECRET]\\"}"}' } },
  { name: 'a number in JSON in a text', input: { body: '{"password": 12345678, "n": 1}' }, output: { body: '{"password": "[SECRET]", "n": 1}' } },
  { name: 'a card as a number in JSON in a text', input: { body: '{"card": 4111111111111111,"n":1}' }, output: { body: '{"card": "[CARD]","n":1}' } },
  { name: 'the same in JSON in JSON', input: { body: '{"inner":"{\\"card\\":4111111111111111}"}' }, output: { body: '{"inner":"{\\"card\\":\\"[CARD]\\"}"}' } },
  { name: 'a line break after the value of an id', input: { order_id: '4111111111111111\n' }, output: { order_id: '[CARD]\n' } },
  { name: 'a line break after a placeholder', input: { password: '[SECRET]\n' }, output: { password: SECRET } },
  { name: 'keys stay', input: { 'mia@example.com': 'x', 'a.password': 'y' }, output: { 'mia@example.com': 'x', 'a.password': SECRET } },
  { name: 'names in other letters', input: { пароль: 'x', '密码_password': 'y', größe: 1 }, output: { пароль: 'x', '密码_password': SECRET, größe: 1 } },
  { name: 'a long name', input: { [`${'a_'.repeat(60)}password`]: 'x' }, output: { [`${'a_'.repeat(60)}password`]: SECRET } },
  { name: 'an object of headers', input: { headers: { Authorization: 'Bearer x', 'X-Api-Key': 'y', Accept: '*/*' } }, output: { headers: { Authorization: SECRET, 'X-Api-Key': SECRET, Accept: '*/*' } } },
  same('empty ones', { a: {}, b: [], c: '', d: null }),
  same('as deep as is allowed', deep(99, 'x')),
  { name: 'as deep as is allowed, with an address', input: deep(100, 'mia@example.com'), output: deep(100, '[EMAIL]') },
  { name: 'deeper', input: deep(102, 'x'), output: deep(100, '[redaction failed]') },
  same('a tool call', { name: 'search', arguments: { query: 'flights to Oslo', limit: 10, cursor: 'eyJ' } }),
  same('usage', { usage: { input_tokens: 2000, output_tokens: 12, total_tokens: 2012 } }),
]; // prettier-ignore
