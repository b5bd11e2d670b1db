import { createRedactionCounts, findSpans, redactText, redactToText } from '.';
import { codeAt, MAX_TEXT, read } from './reading';

describe('the scanned text', () => {
  it.each(['', 'a', 'short', 'longer than what is copied unit by unit', 'é ž 乡 \u{1F600} \ud800 in one'])(
    'is read by code unit with zeros around it, whatever was read before: %j',
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
  it('is rejected when it is too long', () => {
    expect(() => {
      read('x'.repeat(MAX_TEXT + 1));
    }).toThrow(RangeError);
  });
  it('gives the right result for a second text that differs only at its end', () => {
    const said = (name: string): string => redactText(`please write to ${name}`, createRedactionCounts(), 'prose');
    expect([said('the desk at noon'), said('Amelia Petersen!')]).toEqual(['please write to the desk at noon', 'please write to [PERSON]!']); // prettier-ignore
  });
});

describe('text at the limit', () => {
  const filled = (length: number, end: string): string => 'x '.repeat(length / 2).slice(0, length - end.length) + end;

  it('is scanned to its last character', () => {
    expect(redactText(filled(MAX_TEXT, ' mia@example.com'), createRedactionCounts()).endsWith(' [EMAIL]')).toBe(true);
  });
  it('is one span beyond the limit', () => {
    const spans = findSpans(`${filled(MAX_TEXT, ' mia@example.com')} 10.0.0.1`, 'content');
    expect(spans.map(({ start, end }) => [start, end])).toEqual([
      [MAX_TEXT - 15, MAX_TEXT],
      [MAX_TEXT, MAX_TEXT + 9],
    ]);
  });
  it('is truncated when it grows beyond the limit, and is unchanged by a second pass', () => {
    const tally = createRedactionCounts();
    const once = redactText('a@b.co '.repeat(MAX_TEXT / 7), tally);
    expect(once.length).toBeLessThanOrEqual(MAX_TEXT);
    expect(once).toMatch(/^(?:\[EMAIL\] )+.{0,8}\[cut\]$/);
    expect(tally.failed).toBe(0);
    expect(redactText(once, createRedactionCounts())).toBe(once);
  });
  it('applies to each value, not to the whole JSON', () => {
    const value = { texts: Array.from({ length: 3 }, () => 'x '.repeat(MAX_TEXT / 4)), mail: 'mia@example.com' };
    const tally = createRedactionCounts();
    expect(redactToText(value, tally)).toBe(JSON.stringify({ ...value, mail: '[EMAIL]' }));
    expect(tally.failed).toBe(0);
  });
});
