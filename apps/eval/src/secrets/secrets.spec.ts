import { testData } from '@telltale/testkit';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHAT, DEVELOPED, HELD_OUT, named } from './plant-templates';
import { PLACES, RULE_FORMS } from './rule-forms';
import { samplePattern } from './sample-pattern';
import { evaluateSecrets, recallAssigned, recallBare } from './secrets';

describe('values drawn from a pattern', () => {
  it.each([
    [String.raw`AB-[a-c]{3}`, /^AB-[a-c]{3}$/],
    [String.raw`(x|yz)_\d{2,4}`, /^(?:x|yz)_\d{2,4}$/],
    [String.raw`[\w=.-]{5}=?`, /^[\w=.-]{5}=?$/],
    [String.raw`a\.b([0-9]{2}-){2}c`, /^a\.b(?:\d\d-){2}c$/],
  ])('%s', (pattern, form) => {
    const values = samplePattern(pattern, 50, 7);
    for (const value of values) expect(value).toMatch(form);
    expect(new Set(values).size).toBeGreaterThan(1);
    expect(samplePattern(pattern, 50, 7)).toEqual(values);
    expect(samplePattern(pattern, 50, 8)).not.toEqual(values);
  });
  it('has an id of its own for every rule, and texts for those that look at a place', () => {
    expect(new Set(RULE_FORMS.map(({ id }) => id)).size).toBe(RULE_FORMS.length);
    expect(RULE_FORMS.length).toBeGreaterThan(200);
    const placed = RULE_FORMS.filter(({ kind }) => kind === 'place').map(({ id }) => id);
    expect(placed.sort()).toEqual(Object.keys(PLACES).sort());
  });
  it('gives a name in every style', () => {
    const styles = '{snake} {SCREAM} {camel} {Pascal} {kebab} {dotted} {}';
    expect(named(styles, 'db_pass', '$&')).toBe('db_pass DB_PASS dbPass DbPass db-pass db.pass $&');
  });
});

describe('the forms of public rules', () => {
  it.each(RULE_FORMS.map((rule) => [rule.id, rule] as const))('%s are masked in assignments', (_, rule) => {
    expect(recallAssigned(rule, [...DEVELOPED, ...HELD_OUT], 3)).toBeGreaterThanOrEqual(0.85);
  });
  it.each(RULE_FORMS.filter(({ kind }) => kind === 'bare').map((rule) => [rule.id, rule] as const))(
    '%s are masked in chat',
    (_, rule) => {
      expect(recallBare(rule, CHAT, 3)).toBeGreaterThanOrEqual(0.9);
    },
  );
  // The negative of each form: the same characters without what tells them.
  it.each(RULE_FORMS.filter(({ kind }) => kind === 'named').map((rule) => [rule.id, rule] as const))(
    '%s are left where no name tells them',
    (_, rule) => expect(recallBare(rule, ['row {} was read', 'see {}'], 3)).toBeLessThan(0.6),
  );
});

describe('the evaluation', () => {
  it('says what it had no texts of, and counts what is masked in those it has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    const none = await evaluateSecrets(folder, folder);
    expect(none.left_out.map((line) => line.split(':')[0])).toEqual(['code', 'logs', 'chat']);
    mkdirSync(join(folder, 'libs'));
    writeFileSync(join(folder, 'libs', 'a.ts'), 'const password = "letmein";');
    mkdirSync(join(folder, 'loghub', 'X'), { recursive: true });
    writeFileSync(join(folder, 'loghub', 'X', 'x.log'), 'all is well\npassword: hunter2');
    mkdirSync(join(folder, 'tau-airline'));
    writeFileSync(
      join(folder, 'tau-airline', 'gpt-4o-airline.json'),
      JSON.stringify([{ traj: [{ content: 'hello' }, { content: null }] }]),
    );
    const figures = await evaluateSecrets(folder, folder);
    rmSync(folder, { recursive: true });
    expect(figures.left_out).toEqual([]);
    expect(figures.masked_in_clean).toEqual({ examples: 0, code: 7, logs: 7, chat: 0 });
    expect(figures.char_precision).toBeLessThanOrEqual(none.char_precision);
  });
});

const { path, describeData, leftOut } = testData('.');
describeData(`the goals${leftOut}`, () => {
  it('are held', async () => {
    const figures = await evaluateSecrets(path);
    expect(figures.mean_recall_assigned).toBeGreaterThanOrEqual(0.97);
    expect(figures.mean_recall_bare).toBeGreaterThanOrEqual(0.9);
    expect(figures.char_precision).toBeGreaterThanOrEqual(0.96);
  });
});
