import { topicsWith } from './topic-retention';

describe('retention of topics', () => {
  it('is that of the catalog, unless it is configured', () => {
    const of = (setting: string | undefined, name: string) =>
      topicsWith(setting).find((topic) => topic.name === name)?.retentionMs;
    expect(of(undefined, 'telltale.raw.v1')).toBe(6 * 3_600_000);
    expect(of('telltale.raw.v1=1000, telltale.alerts.v1=5', 'telltale.raw.v1')).toBe(1000);
  });
  it.each([
    ['an unknown topic', 'raw=5', /no topic raw/],
    ['a time that is none', 'telltale.raw.v1=6h', /whole milliseconds/],
    ['a compacted topic', 'telltale.control.v1=5', /newest of each key/],
  ])('rejects %s', (_, setting, message) => {
    expect(() => topicsWith(setting)).toThrow(message);
  });
});
