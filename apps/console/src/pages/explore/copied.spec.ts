import { commandOf, comparisonOf, mcpCallOf, shellWord } from './copied';

describe('what is copied', () => {
  it.each([
    ['plain:x', 'plain:x'],
    ["it's", "'it'\\''s'"],
    ['$HOME `id` \\ "x"', '\'$HOME `id` \\ "x"\''],
    ['ü\nz', "'ü\nz'"],
    ['*', "'*'"],
    ['', "''"],
  ])('%j is one word of a shell', (text, word) => expect(shellWord(text)).toBe(word));

  it('is a command with what is asked, and without what is not', () => {
    expect(commandOf({ of: 'turns', where: '-name:"a b" duration_ms>2s', measure: 'rows', by: 'intent', since: '24h' })).toBe(
      `telltale explore measure --of=turns --where='-name:"a b" duration_ms>2s' --measure=rows --by=intent --since=24h`,
    );
  });

  it('is a command that compares', () => {
    expect(
      comparisonOf({
        of: 'events',
        since: '6h',
        selected: 'duration_ms>=1 duration_ms<2',
        selected_since: '2026-03-16T12:00:00.000Z',
      }),
    ).toBe(
      `telltale explore differences --of=events --since=6h --selected='duration_ms>=1 duration_ms<2' --selected-since=2026-03-16T12:00:00.000Z`,
    );
  });

  it('is a call of the MCP server', () => {
    expect(JSON.parse(mcpCallOf("SELECT 'a\n'"))).toMatchObject({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'query_sql', arguments: { sql: "SELECT 'a\n'" } } }); // prettier-ignore
  });
});
