import { ALNUM, DIGIT, DOT, hasDigit, HEX, KEY, runEnd, startsWord, TOKEN, UPPER } from './characters';
import { tripleBefore, tripleOf, TRIPLES } from './context-keywords';
import { match, type Match, SECRET } from './match';
import { codeAt } from './reading';

const MAX_TOKEN = 4_096;

interface Known {
  readonly prefix: string;
  readonly least: number;
  /** Character classes of the token. */
  readonly made: number;
  readonly needsDigit: boolean;
  /** Position of the trigger character in the prefix, and the code of the prefix's first character. */
  readonly telling: number;
  readonly first: number;
}

/** Prefixes that are triggered by an earlier character, because their last one is frequent in text. */
const TELLING: Readonly<Record<string, number>> = { AKIA: 1, ASIA: 1, ABIA: 1, ACCA: 1, AIza: 2, ABSK: 3, 'AGE-SECRET-KEY-1': 3, 'pk.eyJ': 2, 'sk.eyJ': 2, ATATT3: 1, ATCTT3: 1, ATBB: 1, EAAA: 1 }; // prettier-ignore

const DOTTED = TOKEN | DOT;

const of = (prefixes: string, least: number, made = TOKEN, needsDigit = false): Known[] =>
  prefixes.split(' ').map((prefix) => ({
    prefix,
    least,
    made,
    needsDigit,
    telling: TELLING[prefix] ?? prefix.length - 1,
    first: prefix.charCodeAt(0),
  }));

// Token prefixes published by vendors, and the minimum length after them.
const KNOWN: readonly Known[] = [
  ...of('sk- sess-', 16, TOKEN, true),
  ...of('xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-', 10),
  ...of('sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ sk_prod_ rk_prod_', 10),
  ...of('glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glagent- glffct- glimt- GOCSPX- xai- pplx- tvly- nvapi- NRAK- NRII- NRJS- PMAK- fc- sq0csp- sq0atp- sq0idp- xkeysib- xsmtpsib- pul- csk- key- p8e-', 16, TOKEN, true),
  ...of('whsec_ figd_ hf_ gsk_ r8_ fw_ ntn_ secret_ e2b_ jina_ pcsk_ lsv2_pt_ lsv2_sk_ rdme_ glsa_ glc_ sgp_ sbp_ sb_secret_ sntrys_ sntryu_ phc_ phx_ pnu_ ops_ tfp_ tgp_v1_ rubygems_ dckr_pat_ dckr_oat_ pscale_tkn_ pscale_pw_ pscale_oauth_ shippo_live_ shippo_test_ duffel_live_ duffel_test_ live_pk_ lin_api_ lin_oauth_ fio-u- api_org_ fo1_ fm2_ vcp_ vercel_ clojars_ EZAK_ dt0c01. nfp_ sqp_ squ_', 20, KEY, true),
  ...of('ghp_ gho_ ghu_ ghs_ ghr_', 20, ALNUM), ...of('github_pat_', 20), ...of('npm_', 30, ALNUM), ...of('pypi-', 40),
  ...of('shpat_ shpca_ shppa_ shpss_ dop_v1_ doo_v1_ dor_v1_', 24),
  ...of('AKIA ASIA ABIA ACCA', 16, UPPER | DIGIT), ...of('AIza', 30), ...of('AGE-SECRET-KEY-1', 50, UPPER | DIGIT), ...of('ABSK', 80, KEY), ...of('bedrock-api-key-', 40, KEY),
  ...of('SG. ya29. hvs. hvb. hvr. atlasv1. pk.eyJ sk.eyJ', 20, DOTTED), ...of('ATATT3 ATCTT3', 40, KEY), ...of('ATBB', 28, ALNUM), ...of('FLWSECK_TEST- FLWSECK-', 12), ...of('SK', 32, HEX), ...of('EAAA', 56),
]; // prettier-ignore

/** Trigger characters of known tokens. */
export const TRIGGER_CHARS: ReadonlySet<string> = new Set(KNOWN.map(({ prefix, telling }) => prefix.charAt(telling)));

/** The trigger character and the two before it: one lookup rejects nearly every dash and underscore. */
const LAST = new Uint8Array(TRIPLES);
/** By the trigger character and the one before it. */
const BY_PAIR = new Array<Known[] | null>(128 * 128).fill(null);
for (const one of KNOWN) {
  const at = one.telling;
  const pair = one.prefix.charCodeAt(at - 1) * 128 + one.prefix.charCodeAt(at);
  (BY_PAIR[pair] ??= []).push(one);
  // When the token begins one character before, anything may precede it.
  for (let c = 0; c < 32; c++)
    LAST[tripleOf(at > 1 ? one.prefix.charCodeAt(at - 2) : c, one.prefix.charCodeAt(at - 1), one.prefix.charCodeAt(at))] = 1;
}

/** Whether this trigger character, after the one before it, can belong to a known token. */
export const isContextTrigger = (before: number, sign: number): boolean => before < 128 && BY_PAIR[before * 128 + sign] !== null;

/** The known token whose trigger character is at `at`. */
export function scanKnownToken(text: string, at: number): Match | null {
  if (LAST[tripleBefore(at + 1)] === 0) return null;
  const before = codeAt(at - 1);
  const candidates = before < 128 && BY_PAIR[before * 128 + codeAt(at)];
  if (!candidates) return null;
  for (const known of candidates) {
    const start = at - known.telling;
    if (start < 0 || codeAt(start) !== known.first) continue;
    const { prefix, least, made, needsDigit } = known;
    if (!text.startsWith(prefix, start) || !startsWord(start)) continue;
    const end = runEnd(start + prefix.length, MAX_TOKEN, made);
    const length = end - start - prefix.length;
    if (length >= least && (!needsDigit || length >= 32 || hasDigit(start, end))) return match(start, end, SECRET);
  }
  return null;
}
