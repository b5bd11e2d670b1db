import { type Operations } from '@telltale/api-client';

/** What the page asks, in the words of the API. */
export type Asked = Pick<Operations['explore']['params'], 'of' | 'where' | 'since' | 'until' | 'measure' | 'aggregation' | 'by'>;

const PLAIN = /^[\w@%+=:,./-]+$/;
/** A word of a command line of any POSIX shell. */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const OPTIONS = ['of', 'where', 'measure', 'aggregation', 'by', 'since', 'until'] as const;

/** The question of the page as a command. */
export const commandOf = (asked: Asked): string =>
  ['telltale explore measure', ...OPTIONS.flatMap((name) => {
    const value = asked[name];
    // With `=`, so that a value may begin with a dash.
    return value === undefined || value === '' ? [] : [`--${name}=${shellWord(value)}`];
  })].join(' '); // prettier-ignore

/** The statement as a request to the MCP server, whose tool query_sql runs it. */
export const mcpCallOf = (sql: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'query_sql', arguments: { sql } } }, null, 2);
