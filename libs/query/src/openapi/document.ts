import { DAY_MS } from '@telltale/kernel';
import { type Definition, placesOf, TAGS } from '../define/definition';
import { ERRORS, errorSpec, type ErrorStatus, serverRefusal } from './errors';
import { bodyOf, type JsonSchema, nameOf, parametersOf, refTo, schemasOf } from './schemas';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}
interface Content {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}
interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
}
export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content: Readonly<Record<string, Content>>;
}
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

const VERSION = '1';
const JSON_TYPE = 'application/json';
const ABOUT = `What people ask of Telltale and have done by it. Every answer is for the tenant of the API key. A wrong parameter, or one that is not known, is refused with its name and the fix.
Lists are bounded by \`limit\`; \`next_cursor\` of an answer gives the next page as \`cursor\`. Times are ISO 8601 in UTC.`;
const TAG_TEXTS: Readonly<Record<(typeof TAGS)[number], string>> = {
  conversations: 'Sessions and turns',
  detection: 'Series, anomalies, incidents, and settings of the detector',
  costs: 'Spend, and pricing again',
  verbosity: 'Directives: log detail raised and lowered',
  alerts: 'Where alerts go, and what became of them',
  settings: 'What people set: privacy, retention, keys, prices, silences, receivers of alerts, budgets of detail, views',
  dashboards: 'Dashboards that were pinned, and those made of the data',
  operations: 'Topics, dead letters, the live tail',
  explore: 'Exploring turns and events: filters, groups, durations, differences',
  sql: "People's own statements",
};

const RETRY_AFTER: Readonly<Record<string, Header>> = {
  'retry-after': { description: 'Seconds until it is worth trying again', schema: { type: 'string', pattern: '^\\d+$' } },
};

function errorResponse(status: ErrorStatus, about?: string): Response {
  const { about: usual, example, isRetried } = errorSpec(status);
  return {
    description: about === undefined ? usual : `${usual}: ${about}`,
    ...(isRetried ? { headers: RETRY_AFTER } : {}),
    content: { [JSON_TYPE]: { schema: refTo('Error'), example: { error: about === undefined ? example : { ...example, message: about } } } }, // prettier-ignore
  };
}
const RESPONSE_NAMES = { 400: 'Invalid', 401: 'Unauthorized', 403: 'Forbidden', 413: 'TooLarge', 429: 'Overloaded', 503: 'Unavailable' } as const; // prettier-ignore
type SharedStatus = keyof typeof RESPONSE_NAMES;
const shared = (status: SharedStatus) => ({ $ref: `#/components/responses/${RESPONSE_NAMES[status]}` });
const SHARED = Object.keys(ERRORS)
  .map(Number)
  .filter((status): status is SharedStatus => status in RESPONSE_NAMES);

const HEADERS_TOO_LARGE: Response = {
  description: 'The address and headers together are longer than 16 KiB',
  content: {
    [JSON_TYPE]: {
      schema: refTo(nameOf(serverRefusal)),
      example: {
        error: 'Request Header Fields Too Large',
        message: 'Exceeded maximum allowed HTTP header size',
        statusCode: 431,
      },
    },
  },
};

function boundsOf({ limits, scope }: Definition): string {
  const parts = [
    `Needs the scope ${scope}.`,
    ...(limits.maxRows > 1 && Number.isFinite(limits.maxRows) ? [`At most ${limits.maxRows} rows.`] : []),
    ...(limits.maxRangeMs === undefined ? [] : [`A range of at most ${limits.maxRangeMs / DAY_MS} days.`]),
    ...(Number.isFinite(limits.seconds) ? [`A query ends after ${limits.seconds} s.`] : []),
  ];
  return parts.join(' ');
}

function contentOf({ answer, isJson, streams = {} }: Definition): Readonly<Record<string, Content>> {
  return {
    ...(isJson ? { [JSON_TYPE]: { schema: refTo(nameOf(answer)) } } : {}),
    ...Object.fromEntries(Object.entries(streams).map(([type, description]) => [type, { schema: { type: 'string', description } }])),
  }; // prettier-ignore
}

function parameters(definition: Definition): Parameter[] {
  const { schemas, required } = parametersOf(definition);
  const { path, query } = placesOf(definition);
  const parameter = (name: string, place: 'path' | 'query'): Parameter => {
    const { description = '', ...schema } = schemas[name] ?? {};
    const example = definition.example[name];
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      description: String(description),
      schema,
      ...(example === undefined ? {} : { example }),
    };
  };
  return [...path.map((name) => parameter(name, 'path')), ...query.map((name) => parameter(name, 'query'))];
}

function operationOf(definition: Definition): Operation {
  const { name, about, tag, status, missing, example } = definition;
  const body = bodyOf(definition);
  const { path } = placesOf(definition);
  const sent = Object.fromEntries(Object.entries(example).filter(([field]) => !path.includes(field)));
  const errors = SHARED.filter((one) => one !== 413 || body !== null);
  return {
    operationId: name,
    summary: about,
    description: boundsOf(definition),
    tags: [tag],
    parameters: parameters(definition),
    ...(body === null
      ? {}
      : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: refTo(body), example: sent } } } }),
    responses: {
      [status]: {
        description: status === 202 ? 'Asked for; a service does it a moment later' : 'The answer',
        content: contentOf(definition),
      },
      ...(missing === undefined ? {} : { 404: errorResponse(404, missing) }),
      ...Object.fromEntries(errors.map((one) => [one, shared(one)])),
      431: { $ref: '#/components/responses/HeadersTooLarge' },
    },
  };
}

/** The OpenAPI 3.1 document of these questions and commands. */
export function openApiDocument(definitions: readonly Definition[]): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const definition of definitions)
    (paths[definition.path] ??= {})[definition.method.toLowerCase()] = operationOf(definition);
  return {
    openapi: '3.1.0',
    info: { title: 'Telltale', version: VERSION, description: ABOUT },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { key: [] }],
    tags: TAGS.map((name) => ({ name, description: TAG_TEXTS[name] })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The API key' },
        key: { type: 'apiKey', in: 'header', name: 'x-telltale-key', description: 'The API key' },
      },
      responses: {
        ...Object.fromEntries(SHARED.map((status) => [RESPONSE_NAMES[status], errorResponse(status)])),
        HeadersTooLarge: HEADERS_TOO_LARGE,
      },
      schemas: schemasOf(definitions),
    },
  };
}
