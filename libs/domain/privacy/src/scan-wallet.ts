import { createHash } from 'node:crypto';
import { ALNUM, DIGIT, endsWord, HEX, isHex, LOWER, runEnd, startsWord } from './characters';
import { MAC, match, type Match, WALLET } from './match';
import { codeAt } from './reading';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Base58Check, https://en.bitcoin.it/wiki/Base58Check_encoding: 21 bytes, then the first four bytes of their double hash. */
export function isBase58Check(address: string): boolean {
  let value = 0n;
  for (const sign of address) {
    const digit = BASE58.indexOf(sign);
    if (digit < 0) return false;
    value = value * 58n + BigInt(digit);
  }
  if (value >> 200n !== 0n) return false;
  const bytes = Buffer.from(value.toString(16).padStart(50, '0'), 'hex');
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const feed = (check: number, value: number): number => {
  const top = check >>> 25;
  let next = ((check & 0x1ffffff) << 5) ^ value;
  for (let i = 0; i < 5; i++) if ((top >>> i) & 1) next ^= GENERATOR[i] ?? 0;
  return next;
};

/** BIP 173 and BIP 350: the checksum of prefix and data is 1, or that of bech32m. */
export function isBech32(address: string): boolean {
  const one = address.lastIndexOf('1');
  let check = 1;
  for (let i = 0; i < one; i++) check = feed(check, address.charCodeAt(i) >> 5);
  check = feed(check, 0);
  for (let i = 0; i < one; i++) check = feed(check, address.charCodeAt(i) & 31);
  for (let i = one + 1; i < address.length; i++) {
    const value = BECH32.indexOf(address.charAt(i));
    if (value < 0) return false;
    check = feed(check, value);
  }
  return check === 1 || check === 0x2bc830a3;
}

/** `bc`, `tb`, `tc`: prefixes of bech32 addresses. */
const isNet = (a: number, b: number): boolean => (b === 99 && (a === 98 || a === 116)) || (b === 98 && a === 116);

/** A crypto address with the digit at `at`: `0x` and 40 hex digits, base58check from 1 or 3, or the 1 after `bc`. */
export function scanWallet(text: string, at: number): Match | null {
  const c = codeAt(at);
  if (c === 48) {
    if ((codeAt(at + 1) | 32) !== 120 || !startsWord(at)) return null;
    const end = runEnd(at + 2, 41, HEX);
    return end === at + 42 && endsWord(end) ? match(at, end, WALLET) : null;
  }
  if (c !== 49 && c !== 51) return null;
  if (startsWord(at)) {
    const end = runEnd(at, 36, ALNUM);
    return end - at >= 26 && end - at <= 35 && isBase58Check(text.slice(at, end)) ? match(at, end, WALLET) : null;
  }
  if (c !== 49 || !isNet(codeAt(at - 2) | 32, codeAt(at - 1) | 32)) return null;
  const start = text.startsWith('ltc', at - 3) ? at - 3 : at - 2;
  const end = runEnd(at + 1, 90, DIGIT | LOWER);
  return startsWord(start) && endsWord(end) && end - start >= 14 && isBech32(text.slice(start, end))
    ? match(start, end, WALLET)
    : null;
}

/** A MAC address: six bytes separated by the character at `sign`, the first separator. */
export function scanMac(sign: number): Match | null {
  const c = codeAt(sign);
  const start = sign - 2;
  if (start < 0 || codeAt(sign + 3) !== c || codeAt(sign + 12) !== c || !startsWord(start)) return null;
  const before = codeAt(start - 1);
  if (before === 45 || before === 58) return null;
  for (let i = 0; i < 17; i++) {
    const here = codeAt(start + i);
    if (i % 3 === 2 ? here !== c : !isHex(here)) return null;
  }
  const end = start + 17;
  return endsWord(end) && codeAt(end) !== c ? match(start, end, MAC) : null;
}
