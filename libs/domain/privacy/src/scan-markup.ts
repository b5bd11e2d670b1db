import { match, type Match, SECRET } from './match';
import { codeAt } from './reading';
import { isQuote, MAX_VALUE } from './secret-place';
import { HINTS, type Strength, strengthOf } from './secret-names';
import { isQuotedSecret } from './secret-value';
import { isVendorSecret } from './vendor-forms';

// Values of elements: `<password>…</password>`, `<entry key="password">…</entry>`, `<key>password</key><string>…</string>`.

const REACH = 160;
const ELEMENT = /<([A-Za-z][\w:.-]{1,63})(?:\s[^<>]{0,120})?$/;
const ATTRIBUTE = /\s(?:key|name|id|param|property|variable)\s?=\s?["']([\w.:-]{2,64})["']/i;
/** Elements that hold the value of what an attribute or the element before names; others show a word to people. */
const HOLDS = /^(?:entry|property|prop|string|add|setting|param|parameter|item|variable|var|env|field|value|data|attribute|config|secret|option|init-param|arg|argument)$/i; // prettier-ignore
const PARENT = /<[\w:.-]{1,24}\s[^<>]{0,48}(?:key|name|id)\s?=\s?["']([\w.:-]{2,64})["'][^<>]{0,48}>\s{0,24}<(?:\w+:)?value$/i;
const NAMED_BEFORE =
  /<(?:\w+:)?(?:key|name|param-name|id|property|option|variable)>\s{0,8}([\w.:-]{2,64})\s{0,8}<\/[\w:-]{1,24}>\s{0,64}<[\w:.-]{1,24}$/i;

/** What names the value of the element whose `>` is at `end`. */
function nameOf(text: string, end: number): string | null {
  const before = text.slice(Math.max(0, end - REACH), end);
  const open = ELEMENT.exec(before.slice(before.lastIndexOf('<')));
  if (!open) return null;
  const tag = (open[1] ?? '').replace(/^.*:/, '');
  if ((strengthOf(tag) >= HINTS || !/^[a-z]{1,8}$/.test(tag)) && !HOLDS.test(tag)) return tag;
  if (!HOLDS.test(tag)) return null;
  return ATTRIBUTE.exec(open[0])?.[1] ?? NAMED_BEFORE.exec(before)?.[1] ?? PARENT.exec(before)?.[1] ?? tag;
}

const isSpace = (c: number): boolean => c === 32 || c === 9 || c === 10 || c === 13;
const CDATA = '<![CDATA[';

/** The value of an element, called at the `>` of its opening tag. */
export function scanElement(text: string, at: number): Match | null {
  const last = codeAt(at - 1);
  if (last === 47 || last === 45 || last === 61) return null;
  let from = at + 1;
  while (from < at + 128 && isSpace(codeAt(from))) from++;
  let close = '<';
  if (text.startsWith(CDATA, from)) {
    from += CDATA.length;
    close = ']]>';
  }
  if (codeAt(from) === 60 || codeAt(from) === 0) return null;
  const name = nameOf(text, at);
  if (name === null) return null;
  const length = text.slice(from, from + MAX_VALUE).indexOf(close);
  if (length <= 0 || (close === '<' && codeAt(from + length + 1) !== 47)) return null;
  let to = from + length;
  while (to > from && isSpace(codeAt(to - 1))) to--;
  if (isQuote(codeAt(from)) && codeAt(to - 1) === codeAt(from) && to - from > 2) {
    from++;
    to--;
  }
  const value = text.slice(from, Math.min(to, from + 512));
  const strength: Strength = strengthOf(name);
  const isSecret = isQuotedSecret(value, name, strength, 'any') || (value.length >= 14 && isVendorSecret(name, strength, value));
  return isSecret ? match(from, to, SECRET) : null;
}
