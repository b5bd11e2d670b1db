import { createRedactionCounts, redactField } from '.';

const stored = (text: string): string => redactField('', text, createRedactionCounts({}), 'prose');

describe('words that are secrets', () => {
  it.each([
    ['api_token: swordfish', 'api_token: [SECRET]'],
    ['  - botToken: swordfish # of the shop', '  - botToken: [SECRET] # of the shop'],
    ['user: app\ntoken: swordfish', 'user: app\ntoken: [SECRET]'],
    ['token: swordfish\nregion: eu', 'token: [SECRET]\nregion: eu'],
    ['My token: swordfish. Thanks', 'My token: [SECRET]. Thanks'],
    ['it is our api token: swordfish', 'it is our api token: [SECRET]'],
  ])('stand alone on the line of a setting, or are said to be somebody’s: %j', (text, expected) => {
    expect(stored(text)).toBe(expected);
  });
  it.each([
    'token: swordfish',
    'unexpected token: swordfish',
    'token: swordfish is what they call it',
    'api_token: expired',
    'api_token: string',
    'auth.token: identifier',
    'access_token: refreshing\nstate: ok',
    'My token: missing',
    'type: opaque\ntoken: bearer',
    'secret: not set',
    'token: none\nuser: app',
    'token_count: seven',
  ])('are none elsewhere, nor what describes one: %j', (text) => {
    expect(stored(text)).toBe(text);
  });
  it.each([
    ['aws configure set aws_secret_access_key swordfish99', 'aws configure set aws_secret_access_key [SECRET]'],
    ['npm config set //npm.example/:_authToken swordfish99', 'npm config set //npm.example/:_authToken [SECRET]'],
    ['Set-Item -Path Env:DB_PASSWORD -Value "swordfish"', 'Set-Item -Path Env:DB_PASSWORD -Value "[SECRET]"'],
    ['openssl enc -pass pass:swordfish -in a', 'openssl enc -pass pass:[SECRET] -in a'],
    ['openssl rsa -passin "pass:two words" -in a', 'openssl rsa -passin "pass:[SECRET]" -in a'],
    ["ALTER USER app PASSWORD 'two words'", "ALTER USER app PASSWORD '[SECRET]'"],
    ['password: "correct horse battery staple"', 'password: "[SECRET]"'],
  ])('and phrases are what commands set: %j', (text, expected) => {
    expect(stored(text)).toBe(expected);
  });
  it.each([
    'aws configure set region eu-central-1',
    'aws configure set aws_secret_access_key $SECRET',
    'openssl enc -pass env:DB_PASS -in a',
    'openssl enc -pass pass:$DB_PASS -in a',
    'Set-Item -Path Env:REGION -Value "eu"',
    'raw configure set password',
    "PASSWORD 'must be at least eight characters'",
  ])('but not: %j', (text) => {
    expect(stored(text)).toBe(text);
  });
});
