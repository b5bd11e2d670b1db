import { type Operations } from '@telltale/api-client';

/** What the page asks, in the words of the API. */
export type Asked = Pick<Operations['explore']['params'], 'of' | 'where' | 'since' | 'until' | 'measure' | 'aggregation' | 'by'>;

export type Compared = Operations['exploreDifferences']['params'];

const PLAIN = /^[\w@%+=:,./-]+$/;
/** A word of a command line of any POSIX shell. */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const OPTIONS = ['of', 'where', 'measure', 'aggregation', 'by', 'since', 'until'] as const;

const written = (command: string, options: readonly (readonly [name: string, value: string | undefined])[]): string =>
  // With `=`, so that a value may begin with a dash.
  [command, ...options.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`--${name}=${shellWord(value)}`]))].join(' '); // prettier-ignore

/** The question of the page as a command. */
export const commandOf = (asked: Asked): string =>
  written('telltale explore measure', OPTIONS.map((name) => [name, asked[name]])); // prettier-ignore

/** What the selected are compared with the rest by, as a command. */
export const comparisonOf = ({ of, where, since, until, selected, selected_since: from, selected_until: to }: Compared): string =>
  written('telltale explore differences', [['of', of], ['where', where], ['since', since], ['until', until], ['selected', selected], ['selected-since', from], ['selected-until', to]]); // prettier-ignore

/** The statement as a request to the MCP server, whose tool query_sql runs it. */
export const mcpCallOf = (sql: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'query_sql', arguments: { sql } } }, null, 2);
