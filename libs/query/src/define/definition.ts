import { type ApiKeyScope } from '@telltale/contracts';
import { type PriceBook } from '@telltale/domain-pricing';
import { type Clock } from '@telltale/kernel';
import { type Settings } from '@telltale/settings';
import { type Broker, type QueryParams, type RowStore } from '@telltale/streaming';
import { z } from 'zod';
import { type McpTag } from '../mcp/tag';
import { type DetectorReplay } from '../detection/backtest/replay';
import { fields, type Given, parseParams } from './params';
import { type RepriceAnswer, type RepriceRange } from '../costs/reprice';

export const TAGS = [
  'conversations',
  'detection',
  'alerts',
  'costs',
  'verbosity',
  'settings',
  'dashboards',
  'operations',
  'explore',
  'sql',
] as const;

/** Who asks, and what may be asked on their behalf. */
export interface AskContext {
  readonly tenant: string;
  /** The key that asks. */
  readonly grant: { readonly name: string; readonly scopes: readonly ApiKeyScope[] };
  readonly settings: Settings;
  /** The rows of this tenant only; a query waits for its turn. */
  readonly rows: Pick<RowStore, 'query'>;
  readonly broker: Pick<Broker, 'describe' | 'groupOffsets' | 'newest' | 'produce'>;
  readonly clock: Clock;
  /** The price of a call as the tenant pays it; null when it is unknown. */
  readonly priceOf: PriceBook['priceOf'];
  /** The detector over stored windows. */
  readonly replay: DetectorReplay;
  /** Prices stored calls of the tenant again. TransientError when costs takes no corrections. */
  readonly reprice: (range: RepriceRange) => Promise<RepriceAnswer>;
}

/** What one answer may take. */
export interface Limits {
  readonly maxRows: number;
  /** The engine ends a query after this. */
  readonly seconds: number;
  /** Longest range of time; absent where a question is not about a range. */
  readonly maxRangeMs?: number;
}

/** A statement that reads; `{tenant:String}` is bound to the tenant of the key and nothing else. */
export interface Select {
  readonly sql: string;
  readonly params: QueryParams;
}

export interface Identity {
  /** Of the operation in OpenAPI and of the function in the client. */
  readonly name: string;
  /** One sentence: what is answered or done. */
  readonly about: string;
  readonly tag: (typeof TAGS)[number];
  readonly scope: ApiKeyScope;
  /** As in OpenAPI: `/api/sessions/{id}`. Parameters not named in it are in the query string, or in the body of a POST. */
  readonly path: string;
  /** Parameters that are accepted; names in the tests and in the document. */
  readonly example: Readonly<Record<string, unknown>>;
  /** What 404 says, where what is asked for may not be there. */
  readonly missing?: string;
  /** Makes the question a tool of the MCP server. */
  readonly mcp?: McpTag;
}

/** A question or command as everything that is made of the list sees it. */
export interface Definition extends Identity {
  readonly kind: 'query' | 'command';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly status: 200 | 202;
  readonly params: z.ZodObject;
  readonly answer: z.ZodType;
  /** Formats other than JSON that the answer can have: content type and what a line or event holds. */
  readonly streams?: Readonly<Record<string, string>>;
  /** Answered as a JSON object; false: only as a stream, by whoever serves it. */
  readonly isJson: boolean;
  readonly limits: Limits;
  /** Checks what was given and answers. ApiError names the parameter that is wrong; null where who serves it answers. */
  readonly ask: ((given: Given, context: AskContext) => Promise<object>) | null;
  /** Of a list: the cursor that goes on after `row` of an answer to `given`; null where the question is no list. */
  readonly cursorAfter: ((given: Given, row: Given, now: number) => string) | null;
}

export type RowsOf = (select: Select) => Promise<Record<string, unknown>[]>;

export interface RunSpec<S extends z.core.$ZodShape> extends Identity {
  readonly params: S;
  readonly answer: z.ZodType<object>;
  readonly limits?: Partial<Limits>;
  readonly run: (
    params: z.infer<z.ZodObject<S, z.core.$strict>>,
    context: AskContext & { readonly rowsOf: RowsOf },
  ) => Promise<object>;
}

export const DEFAULT_SECONDS = 30;

/** Reads rows of the tenant for a question of this name, times in ISO 8601. */
export const rowsFor =
  (name: string, { tenant, rows }: AskContext, limitSeconds: number): RowsOf =>
  ({ sql, params }) =>
    rows.query(sql, { ...params, tenant } satisfies QueryParams, { comment: `telltale.insights ${name}`, limitSeconds });

export function runnable<S extends z.core.$ZodShape>(
  { params: shape, run, limits: own, ...identity }: RunSpec<S>,
  kind: Definition['kind'],
  method: Definition['method'],
): Definition {
  const params = fields(shape);
  const limits = { maxRows: 1, seconds: DEFAULT_SECONDS, ...own };
  return {
    ...identity,
    kind,
    method,
    status: kind === 'command' ? 202 : 200,
    params,
    isJson: true,
    limits,
    ask: async (given, context) =>
      run(parseParams(params, given), { ...context, rowsOf: rowsFor(identity.name, context, limits.seconds) }),
    cursorAfter: null,
  };
}

/** Something to be done. `method` is POST unless it ends something; 202: a service does it later, 200: it is done. */
export const defineCommand = <S extends z.core.$ZodShape>({
  method = 'POST',
  status = 202,
  ...spec
}: RunSpec<S> & { readonly method?: 'POST' | 'DELETE'; readonly status?: 200 | 202 }): Definition => ({
  ...runnable(spec, 'command', method),
  status,
});

interface StreamSpec<S extends z.core.$ZodShape> extends Identity {
  readonly method: 'GET' | 'POST';
  readonly params: S;
  readonly answer: z.ZodType<object>;
  readonly streams: Readonly<Record<string, string>>;
  readonly isJson: boolean;
  readonly limits: Limits;
}

/** A question whose answer is sent piece by piece: whoever serves it asks `parse` and sends. */
export function defineStream<S extends z.core.$ZodShape>({ params: shape, ...spec }: StreamSpec<S>) {
  const params = fields(shape);
  const definition: Definition = { ...spec, kind: 'query', status: 200, params, ask: null, cursorAfter: null };
  return { ...definition, parse: (given: Given) => parseParams(params, given) };
}

/** Something to be done by whoever serves it, at once: it takes more of the request than what is given. */
export function defineServedCommand<S extends z.core.$ZodShape>({ params: shape, ...spec }: Omit<StreamSpec<S>, 'streams' | 'isJson' | 'limits' | 'method'>) {
  const params = fields(shape);
  const limits = { maxRows: 1, seconds: DEFAULT_SECONDS };
  const definition: Definition = { ...spec, kind: 'command', method: 'POST', status: 200, params, isJson: true, limits, ask: null, cursorAfter: null };
  return { ...definition, parse: (given: Given) => parseParams(params, given) };
} // prettier-ignore

/** Where each parameter goes: into the path, the query string, or the body. */
export function placesOf({ path, method, params }: Pick<Definition, 'path' | 'method' | 'params'>) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const rest = Object.keys(params.shape).filter((name) => !inPath.includes(name));
  return { path: inPath, query: method === 'POST' ? [] : rest, body: method === 'POST' ? rest : [] };
}

/** Names a schema in the document and in the client. */
export const components = z.registry<{ id: string }>();
export function named<T extends z.ZodType>(id: string, schema: T): T {
  components.add(schema, { id });
  return schema;
}
