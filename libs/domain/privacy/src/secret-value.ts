import { PLACEHOLDER } from './match';
import { HINTS, isScreaming, SAYS_NOTHING, STRONG, strengthOf, toSnake, WEAK, type Strength } from './secret-names';

// Whether a value after the name of a secret is one: not code, a reference, a type, a placeholder or the rest of a sentence.

/** How a value stands after its name. */
export type Style =
  /** `"name": "value"`, as in JSON: the name is known to be a field's. */
  | 'json'
  /** `NAME=value` of shells and settings: the value is text, whatever it looks like. */
  | 'shell'
  /** `name=value`, `name = value`, `name: value`, `--name value`: text or an expression. */
  | 'any'
  /** `name := value`, `name <- value` and others of programs only: an expression when it is not quoted. */
  | 'code'
  /** `name == value`, `f("name", "value")`: not necessarily its value. */
  | 'loose';

const EMPTY = /^(?:true|false|null|none|nil|undefined|nan|""|''|0|1|-?1)$/i;

/** Words that go on with a sentence or tell a state, and placeholders. */
export const STATES = new Set(
  (
    'a an the my your our their his her its this that these those is was are were be been being not no in on at to too for from with without of by as and or but if so when then than while because must should shall will would can could cannot may might has had have do does did done ' +
    'required optional missing empty blank invalid incorrect wrong correct expired expires expiring revoked rejected accepted denied failed failure success ok okay set unset reset changed change updated update created deleted removed enabled disabled present absent provided supplied given found valid unknown hidden masked redacted omitted confidential public ' +
    'enter type click please see use using used follow check choose pick create make keep send sent paste copy add insert forgot forgotten lost need needs needed protected stored saved encrypted hashed rotated rotation generated automatically again now later soon never always only also very weak strong short long same different new old current temporary first last next ' +
    'n/a na tbd todo auto yes off true false none null nil undefined default include same-origin omit inherit prompt option flag argument arg parameter switch value string text field here there what which who how why reset recovery manager policy hash strength link authentication authorization based auth login base64 base64url hex utf8 utf-8 latin1 ascii binary sha1 sha256 sha512 md5 hs256 rs256 es256 bearer basic'
  ).split(' '),
);
const TYPES =
  /^[&*?]*(?:str|string|text|bytes?|char|varchar2?|nvarchar|number|int|integer|float|double|bool|boolean|any|unknown|object|optional|maybe|void|never|symbol|date|uuid|array|list|dict|map|set|tuple|record|buffer|secret(?:str|string)|securestring|cstring|std::string|const|mut|dyn|func|fn|function|interface|struct|uint8array|arraybuffer|keyobject|vec|box|option|enum|class|type|typeof|keyof|readonly|static|z|joi|yup|t|types?|schema|sequelize|mongoose|field|column|depends|annotated|literal|union|final|partial|pick|ref|computed|signal|promise|future|result|callable|iterable|sequence)\b/i;
/** Names of variables, and keywords that begin an expression. */
const EXPRESSIONS = /^(?:await|new|lambda|function|async|yield|return|typeof|not|raise|throw|self|this|super|value|val|values|input|result|res|response|resp|req|request|line|text|data|body|payload|key|arg|args|argv|param|params|word|name|item|obj|object|ctx|context|config|conf|cfg|settings|options|opts|props|state|env|environ|process|os|sys|user|account|form|event|e|err|error|raw|plain|plaintext|decoded|encoded|decrypted|encrypted|hashed|digest|hash|buf|buffer|bytes|str|tmp|temp|x|y|s|p|t|v|c|i|n|a|b|pw|pwd|pass|hex|random|generated|stdin|default|undefined|var|let|const)$/i; // prettier-ignore

const REFERENCE =
  /^(?:\$[A-Za-z_]\w*|\$\d|[$#]?\{\{?[\s\S]*\}|\$\([\s\S]*\)|`[\s\S]*`|%[A-Za-z_]\w*%|<[A-Za-z][^<>]*>|%[sdvrq]|%\([\w.]+\)s|@[A-Za-z_]+@|[:@?][a-z_]*|\[[\w .:-]+\]|!(?:Ref|Sub|GetAtt|ImportValue|vault|secret|env)\b.*|(?:vault|ssm|secretsmanager|arn|op|awssm|gcpsm|file|keyring|env|sops|bao|akv|ref\+\w+)(?::\/?\/?[\w/${}-].*))$/i;
const PIECES = /[$#]?\{\{?[^{}]*\}\}?|\$\([^()]*\)|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%/g;
const MASKED = /^(?:[*•.#·]{3,}|x{4,}|-{3,}|_{3,}|\?{2,}|…)$/i;
export const SAMPLE =
  /^(?:<.*>|your[\s_-].*|(?:enter|insert|put|add|paste|set|replace)[\s_-].*|(?:some|example|sample|dummy|fake|placeholder|redacted|hidden)(?:[\s_-].*)?|.*[\s_-](?:here|goes[\s_-]here|placeholder)>?|todo|fixme|changeme!?|change[_-]me!?|to[_-]be[_-].*|not[\s_-].*)$/i;

/** Nothing but references to what stands elsewhere: `${DB_PASSWORD}`, `{{ vault.db }}`, `$USER:$PASS`. */
export function isReference(value: string): boolean {
  if (REFERENCE.test(value)) return true;
  if (!value.includes('$') && !value.includes('{') && !value.includes('%')) return false;
  return !/[^\s:/@.,_-]/.test(value.replace(PIECES, ''));
}

const SENTENCE =
  /\b(?:a|an|the|is|are|was|be|must|should|at|least|please|not|your|to|for|of|or|and|with|cannot|can|required|invalid)\b/i;
/** Several words, one of which holds sentences together: a message, not a passphrase. */
const isSentence = (value: string): boolean => value.split(/\s+/, 4).length > 2 && SENTENCE.test(value);

const hasDigit = (value: string): boolean => /\d/.test(value);
const isWordy = (part: string): boolean =>
  part.length === 0 ||
  /^\d{1,4}$/.test(part) ||
  (/^(?:[A-Za-z][a-z]*|[A-Z]+)\d{0,2}$/.test(part) && (part.length < 4 || /[aeiouy]/i.test(part)));
/** Words in a row: `my-cache-key-2024`, `db.primary`. */
export const isSlug = (value: string): boolean =>
  value.length < 96 && value.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[\s_.:/@+=-]+/).every(isWordy); // prettier-ignore
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Long, or with digits: what an issued secret is. */
const looksIssued = (value: string): boolean => value.length >= 20 || (value.length >= 6 && hasDigit(value));

/** Shannon entropy of the characters, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let sum = 0;
  for (const n of counts.values()) sum -= (n / text.length) * Math.log2(n / text.length);
  return sum;
}
const LEAST_RANDOM = 15;
const LEAST_ENTROPY = 2.9;
/** Drawn at random by the look of it: no words, no id, no path. */
export const looksRandom = (value: string): boolean =>
  value.length >= LEAST_RANDOM && /\d.*\d/.test(value) && /[A-Za-z].*[A-Za-z]/.test(value) && !/[\s(){}<>|?&]|:\/\//.test(value) &&
  !UUID.test(value) && !isSlug(value) && entropy(value.slice(0, 256)) >= LEAST_ENTROPY; // prettier-ignore

const OWN_SAMPLE = /^my[_-](?:api|secret|password|token|key|access)[\w-]*$/i;
const SCHEME = /^(?:bearer|basic|token) +(?=\S)/i;
/** Code between two literals, when the closing quote of one was taken for an opening quote. */
const BETWEEN = /^(?:\s|[),;+\]}:.](?:\W|$)|\+ ?[A-Za-z_]\w*[);.,+[])/;

/** What no secret is, quoted or not. */
function isNone(value: string, style: Style): boolean {
  if (value === '' || PLACEHOLDER.test(value)) return true;
  if (value.length < 12 && EMPTY.test(value)) return true;
  // A field of JSON is masked by its name alone when it is walked as a value, so only what cannot be one stays.
  if (style === 'json') return /^(?:(?:(?:bearer|basic|token) )?[$#]?\{\{?[^{}]{2,}\}\}?|<[\w .-]{6,}>|\*{3,})$/i.test(value);
  return (
    isReference(value.replace(SCHEME, '')) ||
    MASKED.test(value) ||
    SAMPLE.test(value) ||
    BETWEEN.test(value) ||
    (style !== 'shell' && OWN_SAMPLE.test(value))
  );
}

/** Whether a quoted value is a secret. */
export function isQuotedSecret(value: string, name: string, strength: Strength, style: Style): boolean {
  if (strength === SAYS_NOTHING || isNone(value, style)) return false;
  if (strength === HINTS) return looksRandom(value);
  if (style === 'json') return true;
  if (/[$#]\{/.test(value)) return looksRandom(value.replace(PIECES, ''));
  if ((style === 'loose' && /\s/.test(value)) || isSentence(value) || STATES.has(value.toLowerCase().trim()) || FILE.test(value))
    return false;
  if (toSnake(value) === toSnake(name) || (/^[\w .-]+$/.test(value) && strengthOf(value) >= WEAK && isSlug(value))) return false;
  if (strength === WEAK || style === 'loose') return looksIssued(value) && !(isSlug(value) && /[\s_.:/-]/.test(value));
  return true;
}

const CALL = /^[A-Za-z_$][\w$.:>!?-]*[[(]/;
const PATH = /^[A-Za-z_$][A-Za-z_$]*\d{0,2}(?:(?:\?\.|\.|->|::)[A-Za-z_$][A-Za-z_$]*\d{0,2})+[!?]?$/;
const FILE =
  /^(?:~|\.{1,2})?\/(?:[\w.@-]+\/)+[\w.@-]*$|^[A-Za-z]:\\|^(?:https?|file):\/\/|^\.{0,2}\/?[\w.-]+\.(?:pem|key|crt|txt|json|ya?ml|env|ts|js|py)$/;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z_$]*\d{0,2}$/;

/** Names of short numbers that are secrets. */
const hasNumber = (name: string): boolean => /(?:cvv2?|cvc|pin|otp)$/i.test(name);

/** Whether an unquoted value, which ends before `after`, is a secret. */
export function isPlainSecret(run: string, after: string, name: string, strength: Strength, style: Style): boolean {
  if (strength === SAYS_NOTHING || isNone(run, style)) return false;
  if (style === 'json' && /^-?\d/.test(run)) return strength >= WEAK || looksRandom(run);
  const value = run.replace(/[.!?:]+$/, '');
  if (value === '' || isNone(value, style) || /^[$#]?\{|^\$\(|^[<[({&|*=]/.test(run)) return false;
  if (strength === HINTS) return looksRandom(value);
  if (STATES.has(value.toLowerCase()) || FILE.test(value) || (value.length < 4 && !hasNumber(name) && /^\d+$/.test(value)))
    return false;
  const isShell = style === 'shell';
  if (CALL.test(value) && !(isShell && /\d/.test(value))) return false;
  if (PATH.test(value) && !looksRandom(value)) return false;
  if (!isShell && /^\/(?:\^|.*[(|\\[])/.test(value)) return false;
  if (!isShell && (TYPES.test(value) || EXPRESSIONS.test(value))) return false;
  if (IDENTIFIER.test(value)) return isWordSecret(value, after, name, strength, style);
  if (strength === WEAK || style === 'loose') return looksIssued(value) && !(isSlug(value) && /[_.:/-]/.test(value));
  return style !== 'code' || hasDigit(value);
}

/** A value of letters: a password that is a word, or a variable. */
function isWordSecret(value: string, after: string, name: string, strength: Strength, style: Style): boolean {
  if (strength !== STRONG) return value.length >= 20 && !isSlug(value);
  if (toSnake(value) === toSnake(name) || strengthOf(value) >= WEAK)
    return isScreaming(name) && /^my|[a-z](?:pass|secret)/.test(value) && !value.includes('_');
  if (style === 'shell') return true;
  if (style === 'code' || style === 'loose') return value.length >= LEAST_RANDOM && !isSlug(value);
  if (/[_$]|[a-z][A-Z]/.test(value)) return /\d/.test(value) && looksRandom(value);
  return !/^(?:[[(]|[.<]\w)/.test(after);
}
