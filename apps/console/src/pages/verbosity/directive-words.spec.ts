import { boughtText, bytesOf, keepOf, limitsText, setText, targetText } from './directive-words';

const counts = { events: 0, turns: 0, logs: 0, detailed_logs: 0, with_content: 0, from_ring: 0 };

describe('a directive in words', () => {
  it.each([
    ['{"service_name":"shop","tool_name":"search"}', 'service shop, tool search'],
    ['{"user":{"salt":"s","sha256":"f"}}', 'one user'],
    ['{"trace_hash":{"from":0,"to":0.1}}', 'a share of turns'],
    ['{"colour":"red"}', 'colour red'],
    ['{}', 'everything'],
    ['no JSON', 'everything'],
    ['[1]', 'everything'],
  ])('%s is about %s', (json, text) => expect(targetText(json)).toBe(text));

  it.each([
    ['{"min_severity":"debug","content":"full","flush":true}', 'logs from debug up, content full, what was held back is sent'],
    ['{"keep":0.05}', '5 % of turns'],
    ['{"content":7}', 'nothing'],
    ['', 'nothing'],
  ])('%s changes %s', (json, text) => expect(setText(json)).toBe(text));

  it.each([
    ['{"records_per_s":50,"bytes_per_min":1500000}', '50 records a second, 1.5 MB a minute'],
    ['{}', ''],
  ])('%s adds at most %j', (json, text) => expect(limitsText(json)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [12_345, '12.3 kB'],
    [4_100_000, '4.1 MB'],
  ])('%s bytes are %s', (bytes, text) => expect(bytesOf(bytes)).toBe(text));

  it.each([
    ['5', 0.05],
    ['100', 1],
    ['0', undefined],
    ['101', undefined],
    ['', undefined],
    ['many', undefined],
  ])('keeping %j percent is a share of %s', (text, keep) => expect(keepOf(text)).toBe(keep));

  it.each([
    [{ because: counts, instances: [], evidence: [], is_over: false }, 'nothing so far'],
    [{ because: counts, instances: [], evidence: [], is_over: true }, 'brought nothing:'],
    [{ because: counts, instances: [{ bytes: 0 }], evidence: [], is_over: true }, 'No stored event names it.'],
    [{ because: { ...counts, events: 3, turns: 1, logs: 1, with_content: 2, from_ring: 1 }, instances: [{ bytes: 1_000 }], evidence: [{ use: 'served' }], is_over: true }, '3 events of 1 turn were stored with it, 1 of them held back before: 1 log line, 2 operations with content, for 1 kB that SDKs sent because of it. It was there for 1 anomaly or incident that was open.'],
    [{ because: { ...counts, events: 1, turns: 1 }, instances: [], evidence: [{ use: 'rests_on' }], is_over: true }, 'the detail helped nobody'],
  ])('says what it brought: %#', (effect, text) => expect(boughtText(effect, true)).toContain(text)); // prettier-ignore
});
