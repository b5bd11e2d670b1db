import { isRecord } from '@telltale/kernel';
import { ApiError, type Definition, placesOf } from '@telltale/query';
import { type TenantRequest } from '../api-key.guard';

type Fields = Readonly<Record<string, unknown>>;

const bad = (parameter: string, problem: string, fix: string): ApiError =>
  new ApiError('invalid', `${parameter}: ${problem}; ${fix}`, { parameter, fix });

/** The body as a JSON object. The parser's message quotes its input, so it stays here. */
export function bodyOf(body: unknown): Fields {
  let value: unknown;
  try {
    value = Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
  } catch {
    throw bad('body', 'is not JSON', 'send one JSON object');
  }
  if (!isRecord(value)) throw bad('body', 'is not an object', 'send one JSON object');
  return value;
}

/** The query string; an empty parameter counts as absent, and `tenant` may only be that of the key. */
function queryOf(query: unknown, tenant: string): Fields {
  const { tenant: named, ...rest } = Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
  if (named !== undefined && named !== tenant)
    throw bad('tenant', 'is not the tenant of your key', `leave it out, your key reads ${tenant}`);
  return rest;
}

/** What a request gives for the parameters of a definition, from path, query string and body; nothing is checked yet but their form. */
export function givenBy(definition: Definition, request: TenantRequest): Fields {
  const places = placesOf(definition);
  const inPath = request.params as Fields;
  const query = queryOf(request.query, request.tenant);
  const [unread] = definition.method === 'POST' ? Object.keys(query) : [];
  if (unread !== undefined) throw bad(unread, 'is not a parameter of the query string here', 'send it in the body');
  const given = definition.method === 'POST' ? bodyOf(request.body) : query;
  const [twice] = places.path.filter((name) => name in given);
  if (twice !== undefined) throw bad(twice, 'is in the path already', 'leave it out');
  return { ...given, ...inPath };
}
