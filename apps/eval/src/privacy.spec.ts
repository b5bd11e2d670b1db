import { testData } from '@telltale/testkit';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluatePrivacy, measureSpeed, scoreSpans } from './privacy';

const sentence = (full_text: string, ...spans: [string, string][]) => ({
  full_text,
  spans: spans.map(([entity_type, value]) => {
    const start_position = full_text.indexOf(value);
    return { entity_type, start_position, end_position: start_position + value.length };
  }),
});

describe('the evaluation of redaction', () => {
  it('counts spans by type and masked characters that are labeled', () => {
    const scores = scoreSpans([
      sentence('write to mia@example.com', ['EMAIL_ADDRESS', 'mia@example.com']),
      sentence('the code is qzx17', ['IBAN_CODE', 'qzx17']),
      sentence('I met John', ['PERSON', 'John']),
      sentence('ask leo@example.com'),
    ]);
    expect(scores).toEqual({
      recall_structured: 0.5,
      recall_free_text: 1,
      char_precision: 19 / 34,
      per_type: { EMAIL_ADDRESS: { spans: 1, recall: 1 }, IBAN_CODE: { spans: 1, recall: 0 }, PERSON: { spans: 1, recall: 1 } },
    });
  });
  it('measures bytes over time', () => {
    let ms = 0;
    expect(measureSpeed(['x '.repeat(2_000_000)], () => (ms += 50))).toBe(80);
  });
  it('reads a file, answers its keys and refuses what is no list of sentences', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'privacy-'));
    const file = join(folder, 'mine', 'sentences.json');
    mkdirSync(join(folder, 'mine'));
    writeFileSync(
      file,
      JSON.stringify([sentence(`call 415-555-2671 ${'please '.repeat(100_000)}`, ['PHONE_NUMBER', '415-555-2671'])]),
    );
    const figures = await evaluatePrivacy(file);
    expect(Object.keys(figures)).toEqual([
      'recall_structured',
      'recall_free_text',
      'char_precision',
      'mb_per_second',
      'per_type',
    ]);
    expect(figures).toMatchObject({
      recall_structured: 1,
      char_precision: 1,
      per_type: { PHONE_NUMBER: { spans: 1, recall: 1 } },
    });
    mkdirSync(join(folder, 'pii'));
    mkdirSync(join(folder, 'tau-airline'));
    writeFileSync(join(folder, 'pii', 'presidio-synth-even.json'), '[]');
    writeFileSync(join(folder, 'tau-airline', 'gpt-4o-airline.json'), JSON.stringify([{ traj: [{ content: 'hello there '.repeat(50_000) }, { content: null }] }])); // prettier-ignore
    expect((await evaluatePrivacy(join(folder, 'pii'))).mb_per_second).toBeGreaterThan(0);
    writeFileSync(file, '{"a":1}');
    await expect(evaluatePrivacy(file)).rejects.toThrow('no labeled sentences');
    rmSync(folder, { recursive: true });
  });
});

const { path: file, describeData, leftOut } = testData('pii', 'presidio-synth-even.json');
describeData(`750 labeled sentences${leftOut}`, () => {
  const half = (rest: number) =>
    (JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof scoreSpans>[0]).filter((_, i) => i % 2 === rest);
  it.each([
    ['the half the rules were made on', 0],
    ['the other half, of the same templates', 1],
  ])('keep the goals on %s', (_, rest) => {
    const scores = scoreSpans(half(rest));
    expect(scores.recall_structured).toBeGreaterThanOrEqual(0.99);
    expect(scores.recall_free_text).toBeGreaterThanOrEqual(0.65);
    expect(scores.char_precision).toBeGreaterThanOrEqual(0.95);
  });
});
