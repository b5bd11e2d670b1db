import { codeAt, MAX_TEXT, read } from './reading';
import { createRedactionCounts, findSpans, redactText } from './redact-text';
import { redactToText } from './redact-value';

describe('the text that is looked through', () => {
  it.each(['', 'a', 'short', 'longer than what is copied unit by unit', 'é ž 乡 \u{1F600} \ud800 in one'])(
    'is read unit by unit with zeros around it, whatever was read before: %j',
    (text) => {
      read('z'.repeat(200));
      read(text);
      expect(Array.from({ length: text.length + 60 }, (_, i) => codeAt(i - 30))).toEqual([
        ...new Array<number>(30).fill(0),
        ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
        ...new Array<number>(30).fill(0),
      ]);
    },
  );
  it('is refused when it is too long', () => {
    expect(() => {
      read('x'.repeat(MAX_TEXT + 1));
    }).toThrow(RangeError);
  });
  it('tells the same of the second text when it differs in the end only', () => {
    const said = (name: string): string => redactText(`please write to ${name}`, createRedactionCounts(), 'prose');
    expect([said('the desk at noon'), said('Amelia Petersen!')]).toEqual(['please write to the desk at noon', 'please write to [PERSON]!']); // prettier-ignore
  });
});

describe('text at the limit', () => {
  const filled = (length: number, end: string): string => 'x '.repeat(length / 2).slice(0, length - end.length) + end;

  it('is looked through to its last character', () => {
    expect(redactText(filled(MAX_TEXT, ' mia@example.com'), createRedactionCounts()).endsWith(' [EMAIL]')).toBe(true);
  });
  it('is one span where it is beyond', () => {
    const spans = findSpans(`${filled(MAX_TEXT, ' mia@example.com')} 10.0.0.1`, 'content');
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [MAX_TEXT - 15, MAX_TEXT],
      [MAX_TEXT, MAX_TEXT + 9],
    ]);
  });
  it('is cut when it grows beyond, and goes through unchanged then', () => {
    const tally = createRedactionCounts();
    const once = redactText('a@b.co '.repeat(MAX_TEXT / 7), tally);
    expect(once.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(once).toMatch(/^(?:\[EMAIL\] )+.{0,8}\[cut\]$/);
    expect(tally.failed).toBe(0);
    expect(redactText(once, createRedactionCounts())).toBe(once);
  });
  it('is of each value, not of the JSON they make together', () => {
    const value = { texts: Array.from({ length: 3 }, () => 'x '.repeat(MAX_TEXT / 4)), mail: 'mia@example.com' };
    const tally = createRedactionCounts();
    expect(redactToText(value, tally)).toBe(JSON.stringify({ ...value, mail: '[EMAIL]' }));
    expect(tally.failed).toBe(0);
  });
});
