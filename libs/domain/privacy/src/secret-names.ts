import { isLower, isUpper } from './characters';
import { byName } from './by-name';
import { createTriples, tripleOf } from './context-keywords';

// What a name says of its value: `DB_PASSWORD`, `dbPassword`, `db.password` and `db-password` are one name.

/** Nothing; its value is masked when it looks random; when it looks like a secret (people also write "token: next"); whatever it is. */
export const SAYS_NOTHING = 0, HINTS = 1, WEAK = 2, STRONG = 3; // prettier-ignore
export type Strength = typeof SAYS_NOTHING | typeof HINTS | typeof WEAK | typeof STRONG;

const MAX_NAME = 48;

/** `dbPassword`, `DB-PASSWORD`: `db_password`. */
export const toSnake = (name: string): string =>
  name
    .slice(-MAX_NAME)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_|_$/g, '');

/** Words after the name of a secret that leave it one: `password2`, `API_KEY_PROD`, `SECRET_KEY_BASE`. */
const QUALIFIERS =
  'v\\d|prod|production|dev|development|staging|stage|test|testing|live|sandbox|local|qa|uat|ci|old|new|current|prev|previous|primary|secondary|backup|default|value|val|string|str|plain|plaintext|raw|base|b64|base64|encoded|us|eu|admin|root|ro|rw';
const QUALIFIER = new RegExp(`(?:(?<!\\d)_?\\d{1,4}|_(?:${QUALIFIERS}))$`);
const MAX_QUALIFIERS = 3;

/** `secret_key`, `signing_key`. */
const KINDS_OF_KEYS =
  'access|secret|private|signing|encryption|decryption|account|auth|master|shared|ssh|license|consumer|deploy|hmac|subscription|unseal|recovery';
/** `db_pass`, `smtpPass`. */
const OWNERS_OF_PASSWORDS =
  'db|database|user|usr|admin|root|my|mysql|pg|postgres|postgresql|redis|smtp|imap|mail|email|ftp|sftp|ssh|sudo|become|login|auth|http|proxy|ldap|bind|rabbitmq|mq|mongo|sql|mssql|oracle|key|store|trust|keystore|truststore|wifi|app|service|svc|account|basic|ansible|cert|ssl|tls|p12|pfx|pem|vault|jenkins|nexus|docker|registry|git|sys|system|master|web|site|api|client|server|require';
const OPENS = new RegExp(
  `(?:pass(?:word|wd|phrase|code)|passwort|kennwort|pwd|secret|api_?key|(?:${KINDS_OF_KEYS})_?key|token|authorization|credentials?|cookie|connection_?string|jwt|^pass|(?:^|_)(?:otp|sig|creds?|cvv2?|cvc|ssn|pin)|x_amz_signature|(?:^|_)(?:${OWNERS_OF_PASSWORDS})_?pass|(?:^|_)pw|masterauth)$`,
);
/** `next_token` and `eos_token` are none. */
const NO_TOKENS = 'next|page|continuation|type|max|min|per|first|last|stop|eos|bos|pad|unk|csrf_?type|cancel|cancellation|abort';
const NO_SECRET = new RegExp(`(?:${NO_TOKENS})_?token$`);
/** `isSecret`, `show_password`: yes or no. */
const QUESTIONS = 'is|has|should|needs?|can|show|hide|allow|enable|disable|requires?|skip|ask';
const ASKS = new RegExp(`^(?:${QUESTIONS})_`);
const NEEDS_LOOK = /(?:^pass|token|cookie|credentials?|creds?|key|pin|ssn|sig|otp)$/;

/** A secret word inside the name, a key of something, or other words that go with credentials. */
const MENTIONS = /pass(?:word|wd|phrase|code)|pwd|secret|token|credential|creds|(?:api|access|private)_?key/;
const ENDS_HINT = /(?:^|_)(?:pass|auth|access|bearer|api|webhook|signature)$|[a-z\d]_?key$/;
/** Keys of maps, caches, databases and keyboards, and names of things about a secret. */
const NO_KEY =
  /(?:primary|foreign|public|pub|cache|sort|partition|idempotency|routing|i18n|translation|message|event|object|bucket|s3|file|group|index|row|column|map|dict|json|config|lookup|dedup|dedupe|natural|unique|order|range|hash|cluster|shard|join|redis|registry|shortcut|hot|host|list|item|node|parent|child|project|issue|space|page|feature|flag|metric|label|tag|series|topic|record|state|sequence|schema|table|field|attribute|property|param|query|header|context|trace|span|job|task|queue|lock|mon|tur|don|joc|hoc|whis|cross|arrow|tab|shift|enter|fingerprint|sub|super|by|any|each|every|same|other|this|that)_?key$/;
const ABOUT =
  /(?:_(?:id|arn|name|type|kind|count|length|len|size|limit|max|min|url|uri|endpoint|path|file|filename|dir|hash|digest|expiry|expires?|in|at|on|ttl|age|version|format|policy|field|label|hint|prompt|reset|strength|manager|store|ref|alias|provider|scope|status|state|valid|invalid|required|enabled|usage|used|budget|rate|price|cost|index|idx|pos|position|offset|list|map|set|regex|pattern|parser|stdin|env|var|prefix|suffix|source|location|attempts?|error|message|msg|text|input|output|total|reference|rotation|template|class|service|handler|helper|validator|generator)|s)$/;

function judge(snake: string): Strength {
  let core = snake;
  for (let n = 0; n < MAX_QUALIFIERS; n++) core = core.replace(QUALIFIER, '');
  if (NO_SECRET.test(core) || ASKS.test(core)) return SAYS_NOTHING;
  const opening = OPENS.test(snake) ? snake : core;
  if (OPENS.test(opening)) return NEEDS_LOOK.test(opening) ? WEAK : STRONG;
  if (MENTIONS.test(core) && !ABOUT.test(core)) return HINTS;
  return ENDS_HINT.test(core) && !NO_KEY.test(core) ? HINTS : SAYS_NOTHING;
}

/** Triples of letters of which every name that says something has one: a cheap prefilter rejects most names. */
const SAYING = createTriples({
  1: 'pas|pwd|psw|sec|key|tok|cre|aut|coo|jwt|otp|sig|cvv|cvc|ssn|pin|ken|nec|bea|api|acc|hoo|_pw|pw@',
});
export const isSayingTriple = (triple: number): boolean => SAYING[triple] === 1;

function mayMention(name: string): boolean {
  for (let i = Math.max(0, name.length - MAX_NAME); i + 2 < name.length; i++)
    if (SAYING[tripleOf(name.charCodeAt(i), name.charCodeAt(i + 1), name.charCodeAt(i + 2))] === 1) return true;
  return false;
}

// `PASS: test_login` is a result.
const strengthByName = byName((name) => (name === 'PASS' ? HINTS : judge(toSnake(name))));

/** What the name says of its value in text. */
export const strengthOf = (name: string): Strength => strengthByName(name.slice(-MAX_NAME));

/** Whether a field of this name always contains a secret. */
export const isSecretName = (name: string): boolean =>
  name.length >= 3 && mayMention(name) && strengthOf(name) >= WEAK && !/^pass$/i.test(name);

/** Whether a name is written as those of shells and settings are. */
export function isScreaming(name: string): boolean {
  let uppers = 0;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (isLower(c)) return false;
    if (isUpper(c)) uppers++;
  }
  return uppers > 1;
}

/** The parts of names that rules for SDKs are made of. */
export const SECRET_NAME_PARTS = { QUALIFIERS, QUALIFIER, MAX_QUALIFIERS, KINDS_OF_KEYS, OWNERS_OF_PASSWORDS, OPENS, NO_TOKENS, NO_SECRET, QUESTIONS, ASKS, MAX_NAME } as const; // prettier-ignore

const PHONE_NAME = /(?:phone|mobile|cell|fax|whatsapp|msisdn|\btel)(?:[_-]?(?:number|no|nr))?$/i;
/** Whether a field of this name always contains a telephone number. */
export const isPhoneName = (name: string): boolean => PHONE_NAME.test(name.slice(-MAX_NAME));
