import { nameGiven, namesIn, parseWords } from './parse-words';

const NOW = Date.parse('2026-11-25T15:30:00Z');
const HOUR = 3_600_000;

describe('a question in words', () => {
  it.each([
    ['why is the support bot slow', 'duration', 'up'],
    ['why did cost double since yesterday', 'cost', 'up'],
    ['why do users abandon', 'abandoned', 'up'],
    ['why are there so many errors', 'errors', 'up'],
    ['why is less read from the cache', 'cache', 'down'],
    ['why are there fewer turns', 'traffic', 'down'],
    ['why is it cheaper today', 'cost', 'down'],
    ['what is this', null, 'up'],
  ])('%s: %s %s', (text, measure, direction) => {
    expect(parseWords(text, NOW)).toMatchObject({ measure, direction });
  });

  it.each([
    ['slow since yesterday', '2026-11-24T00:00:00Z'],
    ['slow today', '2026-11-25T00:00:00Z'],
    ['slow this morning', '2026-11-25T06:00:00Z'],
    ['slow for the last 2 hours', '2026-11-25T13:30:00Z'],
    ['slow since an hour ago', '2026-11-25T14:30:00Z'],
    ['slow since monday', '2026-11-23T00:00:00Z'],
    ['slow since 2026-11-25T10:00:00Z', '2026-11-25T10:00:00Z'],
  ])('%s is since %s', (text, since) => {
    expect(parseWords(text, NOW).since).toBe(Date.parse(since));
  });

  it('says no time where it names none', () => {
    expect(parseWords('why is the bot slow', NOW).since).toBeNull();
    expect(parseWords('why is it slow for 3 hours', NOW).since).toBe(NOW - 3 * HOUR);
  });

  it('names the longest known names, one of each kind', () => {
    const known = [
      { kind: 'service', value: 'bot' },
      { kind: 'service', value: 'support-bot' },
      { kind: 'tool', value: 'search_orders' },
      { kind: 'tool', value: 'orders' },
    ] as const;
    expect(namesIn('why is search orders of the support bot slow', known)).toEqual([known[2], known[1]]);
    expect(namesIn('why is the supportbot slow', known)).toEqual([]);
  });

  it('may name what nobody knows', () => {
    expect(nameGiven('why is the unicorn bot slow')).toBe('unicorn bot');
    expect(nameGiven('why did cost double')).toBeNull();
  });
});
