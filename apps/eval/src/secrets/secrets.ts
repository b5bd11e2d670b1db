import { findSpans } from '@telltale/domain-privacy';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAT, CLEAN, DEVELOPED, HELD_OUT, named, NAMES } from './plant-templates';
import { PLACES, RULE_FORMS, type RuleForm } from './rule-forms';
import { samplePattern } from './sample-pattern';

/** Shares of the values of one rule that are masked. */
export interface RuleFigures {
  readonly assigned: number;
  /** In chat, where the form alone can tell; absent where it cannot. */
  readonly bare?: number;
}
export interface SecretsFigures {
  /** Mean over rules, in assignments that were set apart from development. */
  readonly mean_recall_assigned: number;
  readonly mean_recall_assigned_developed: number;
  /** Mean over rules whose form alone can tell, in sentences of a chat. */
  readonly mean_recall_bare: number;
  /** Share of the characters masked as secrets, in planted and in clean texts, that belong to a planted value. */
  readonly char_precision: number;
  /** Characters masked as secrets in clean texts, by kind of text, and what was left out. */
  readonly masked_in_clean: Readonly<Record<string, number>>;
  readonly left_out: readonly string[];
  readonly per_rule: Readonly<Record<string, RuleFigures>>;
}

/** A value counts as recalled when this share of its characters is masked. */
const ENOUGH = 0.9;
const SEED = 14;
const SECRET = '[SECRET]';

/** Counts over texts of one kind. */
interface Tally {
  planted: number;
  recalled: number;
  masked: number;
  right: number;
}
const newTally = (): Tally => ({ planted: 0, recalled: 0, masked: 0, right: 0 });

/** Looks for secrets in the text that `plant` makes of the drawn value. */
function look(drawn: string, plant: (value: string) => string, mode: 'content' | 'prose', tally: Tally): void {
  const text = plant(drawn.replace('‹', ''));
  const value = drawn.slice(drawn.indexOf('‹') + 1);
  const from = text.lastIndexOf(value);
  const to = from + value.length;
  let inside = 0;
  for (const { start, end, placeholder } of findSpans(text, mode)) {
    const shared = Math.max(0, Math.min(end, to) - Math.max(start, from));
    inside += shared;
    if (placeholder !== SECRET) continue;
    tally.masked += end - start;
    tally.right += shared;
  }
  const isRecalled = inside >= ENOUGH * value.length;
  tally.planted++;
  if (isRecalled) tally.recalled++;
}

/** The name beside a value: of the rule when it is known by its vendor, else one that says only that it is a secret. */
function nameFor(rule: RuleForm, n: number): string {
  if (rule.kind === 'bare') return NAMES[n % NAMES.length] ?? 'password';
  if (rule.id === 'gitlab-session-cookie') return '_gitlab_session';
  if (rule.id === 'sidekiq-secret') return 'bundle_gems__contribsys__com';
  return rule.id.replaceAll('-', '_');
}

const shareOf = (rule: RuleForm, texts: readonly string[], seed: number, mode: 'content' | 'prose', tally: Tally): number => {
  const { planted, recalled } = tally;
  samplePattern(rule.pattern, texts.length, seed).forEach((value, n) => {
    look(value, (said) => named(texts[n] ?? '', nameFor(rule, n), said), mode, tally);
  });
  return (tally.recalled - recalled) / (tally.planted - planted);
};
/** Share of values of the rule that are masked, one in each template. */
export const recallAssigned = (rule: RuleForm, templates: readonly string[], seed: number, tally = newTally()): number =>
  shareOf(rule, rule.kind === 'place' ? (PLACES[rule.id] ?? []) : templates, seed, 'content', tally);
/** Share of values of the rule that are masked, one in each sentence. */
export const recallBare = (rule: RuleForm, sentences: readonly string[], seed: number, tally = newTally()): number =>
  shareOf(rule, sentences, seed, 'prose', tally);

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isWanted(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const MAX_TEXT = 900_000;

/** Texts without secrets: own sources (tests and the rules' own data hold made-up ones), lines of logs, messages of a chat. */
function* cleanTexts(
  data: string,
  sources: string,
  leftOut: string[],
): Generator<{ kind: string; text: string; mode: 'content' | 'prose' }> {
  for (const text of CLEAN) yield { kind: 'examples', text, mode: 'content' };
  const code = ['libs', 'apps', 'sdk'].map((part) => join(sources, part)).filter((folder) => existsSync(folder));
  if (code.length === 0) leftOut.push(`code: no libs or apps in ${sources}`);
  for (const file of code.flatMap((folder) =>
    filesBelow(folder, (name) => /\.(?:ts|py|sh|sql)$/.test(name) && !/spec|test|fixture/.test(name)),
  ))
    if (!file.includes(join('eval', 'src', 'secrets')))
      yield { kind: 'code', text: readFileSync(file, 'utf8').slice(0, MAX_TEXT), mode: 'content' };
  const logs = join(data, 'loghub');
  if (!existsSync(logs)) leftOut.push(`logs: no loghub in ${data}`);
  else
    for (const file of filesBelow(logs, (name) => name.endsWith('.log')))
      for (const text of readFileSync(file, 'utf8').split('\n')) yield { kind: 'logs', text, mode: 'prose' };
  const chat = join(data, 'tau-airline', 'gpt-4o-airline.json');
  if (!existsSync(chat)) leftOut.push(`chat: no tau-airline in ${data}`);
  else
    for (const { traj } of JSON.parse(readFileSync(chat, 'utf8')) as { traj: { content?: string | null }[] }[])
      for (const { content } of traj) if (content) yield { kind: 'chat', text: content, mode: 'prose' };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Values of the forms of public rules, planted in assignments and in chat, and texts that hold none. `data` may have loghub/ and tau-airline/. */
export function evaluateSecrets(data: string, sources = process.cwd()): Promise<SecretsFigures> {
  const tally = newTally();
  const perRule = RULE_FORMS.map((rule, n) => {
    const developed = recallAssigned(rule, DEVELOPED, SEED + n, tally);
    const assigned = recallAssigned(rule, HELD_OUT, SEED + 1_000 + n, tally);
    const bare = rule.kind === 'bare' ? recallBare(rule, CHAT, SEED + 2_000 + n, tally) : undefined;
    return { id: rule.id, developed, assigned, bare };
  });
  const maskedIn: Record<string, number> = {};
  const leftOut: string[] = [];
  for (const { kind, text, mode } of cleanTexts(data, sources, leftOut)) {
    let masked = 0;
    for (const { start, end, placeholder } of findSpans(text, mode)) if (placeholder === SECRET) masked += end - start;
    maskedIn[kind] = (maskedIn[kind] ?? 0) + masked;
    tally.masked += masked;
  }
  return Promise.resolve({
    mean_recall_assigned: rounded(mean(perRule.map(({ assigned }) => assigned))),
    mean_recall_assigned_developed: rounded(mean(perRule.map(({ developed }) => developed))),
    mean_recall_bare: rounded(mean(perRule.flatMap(({ bare }) => (bare === undefined ? [] : [bare])))),
    char_precision: rounded(tally.masked === 0 ? 1 : tally.right / tally.masked),
    masked_in_clean: maskedIn,
    left_out: leftOut,
    per_rule: Object.fromEntries(
      perRule.map(({ id, assigned, bare }) => [
        id,
        { assigned: rounded(assigned), ...(bare !== undefined && { bare: rounded(bare) }) },
      ]),
    ),
  });
}
