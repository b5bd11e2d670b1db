// What a name ends with when its value is a secret. `token` alone counts, `tokens` (of a model) does not.
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|api[ _-]?key|(?:access|secret|private|signing|encryption|account|auth|master|shared|ssh|license)[_-]?key|token|authorization|credentials?|cookie|connection[_-]?string|passwort|kennwort|senha|jwt|(?:^|[^a-z])(?:otp|sig)|x-amz-signature|\bcvv2?|\bcvc|\bssn|\bpin)$/i;
const NO_SECRET = /(?:next|page|continuation|type|max|min|per|first|last|stop|eos|bos|pad|unk|csrf_?type)[ _-]?token$/i;
const MAX_NAME = 48;

/** Last letters of the names above: most names are told apart by one look. */
const LAST = new Uint8Array(128);
for (const c of 'dtynlseg2vcpaDTYNLSEGVCPA') LAST[c.charCodeAt(0)] = 1;
export const endsSecretName = (c: number): boolean => c < 128 && LAST[c] === 1;

const PHONE_NAME = /(?:phone|mobile|cell|fax|whatsapp|msisdn|\btel)(?:[_-]?(?:number|no|nr))?$/i;
/** Whether a field of this name holds a telephone number, whatever its value looks like. */
export const isPhoneName = (name: string): boolean => PHONE_NAME.test(name.slice(-MAX_NAME));

/** Whether a field of this name holds a secret, whatever its value looks like. */
export function isSecretName(name: string): boolean {
  if (name.length === 0 || !endsSecretName(name.charCodeAt(name.length - 1))) return false;
  const end = name.slice(-MAX_NAME);
  return SECRET_NAME.test(end) && !NO_SECRET.test(end);
}

/** A name whose value is masked in plain text only when it looks like one: people write "token: next" too. */
export const isWeakName = (name: string): boolean => /(?:token|cookie|credentials?|key|pin|ssn)$/i.test(name.slice(-MAX_NAME));
