import { createTriples, tripleOf } from './context-keywords';

// Endings of names whose value is a secret. `token` counts; `tokens` (of a model) does not.
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|api[ _-]?key|(?:access|secret|private|signing|encryption|account|auth|master|shared|ssh|license)[_-]?key|token|authorization|credentials?|cookie|connection[_-]?string|passwort|kennwort|jwt|(?:^|[^a-z])(?:otp|sig)|x-amz-signature|\bcvv2?|\bcvc|\bssn|\bpin)$/i;
const NO_SECRET = /(?:next|page|continuation|type|max|min|per|first|last|stop|eos|bos|pad|unk|csrf_?type)[ _-]?token$/i;
const MAX_NAME = 48;

/** Last three letters of the names above, and for longer names the three before: a cheap prefilter rejects most names. */
const LAST = createTriples({
  1: 'ord|swd|ase|ode|pwd|ret|key|ken|ial|als|kie|jwt|otp|sig|cvv|vv2|cvc|ssn|pin',
  2: 'ion|ing|ort|ure',
});
const BEFORE_LAST = createTriples({ 1: 'zat|str|ssw|nnw|nat' });

/** Whether a name with these two triples at its end can be a secret name. */
export const endsSecretName = (last: number, before: number): boolean =>
  LAST[last] === 1 || (LAST[last] === 2 && BEFORE_LAST[before] === 1);
const tripleTo = (name: string, end: number): number =>
  tripleOf(name.charCodeAt(end - 3), name.charCodeAt(end - 2), name.charCodeAt(end - 1));

const PHONE_NAME = /(?:phone|mobile|cell|fax|whatsapp|msisdn|\btel)(?:[_-]?(?:number|no|nr))?$/i;
/** Whether a field of this name always contains a telephone number. */
export const isPhoneName = (name: string): boolean => PHONE_NAME.test(name.slice(-MAX_NAME));

const MAX_KNOWN = 10_000;
const known = new Map<string, boolean>();

/** Whether a field of this name always contains a secret. */
export function isSecretName(name: string): boolean {
  if (name.length < 3 || !endsSecretName(tripleTo(name, name.length), tripleTo(name, name.length - 3))) return false;
  const end = name.slice(-MAX_NAME);
  const before = known.get(end);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const isSecret = SECRET_NAME.test(end) && !NO_SECRET.test(end);
  known.set(end, isSecret);
  return isSecret;
}

/** A name whose value is masked in plain text only when it looks like a secret, because people also write "token: next". */
export const isWeakName = (name: string): boolean => /(?:token|cookie|credentials?|key|pin|ssn)$/i.test(name.slice(-MAX_NAME));
