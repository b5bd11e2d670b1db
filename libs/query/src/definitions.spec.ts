import { API_KEY_SCOPES } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { createSettings, createSettingStore } from '@telltale/settings';
import { newTestSecrets } from '@telltale/settings/testing';
import { COMMANDS, QUERIES } from './catalog';
import { type AskContext, type Definition, placesOf } from './define/definition';
import { noReplay } from './detection/backtest/no-replay.fixture';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ALL = [...QUERIES, ...COMMANDS];
const ASKED = ALL.filter((definition) => definition.ask !== null);

/** What a definition asks the store and the log for tenant `acme`; the store answers with `rows`. */
function newTestContext(rows: readonly Record<string, unknown>[] = []) {
  const queries: { sql: string; params: Record<string, unknown> }[] = [];
  const clock: Clock = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
  const broker: AskContext['broker'] = {
    describe: (names) => Promise.resolve(names.map((name) => ({ name, partitions: [{ partition: 0, start: 0, end: 0 }] }))),
    groupOffsets: () => Promise.resolve(new Map()),
    newest: () => Promise.resolve([]),
    produce: () => Promise.resolve(),
  };
  const context: AskContext = {
    tenant: 'acme',
    grant: { name: 'test', scopes: API_KEY_SCOPES },
    settings: createSettings(createSettingStore(), broker, clock, newTestSecrets()),
    rows: {
      query: <T>(sql: string, params: object = {}) => {
        queries.push({ sql, params: { ...params } });
        return Promise.resolve([...rows] as T[]);
      },
    },
    broker,
    clock,
    priceOf: () => null,
    replay: noReplay,
    reprice: () => Promise.resolve({ calls: 0, corrections: 0, delta_nano_usd: 0, unpriced: {}, price_versions: {}, pending: 0 }),
  };
  return { context, queries };
}

const STRANGE = { 'a list': ['a', 'b'], 'an object': { a: 1 }, 'a long text': 'x'.repeat(3_000) } as const;

const failureOf = (asked: Promise<object> | undefined): Promise<unknown> =>
  Promise.resolve(asked).then(
    () => null,
    (error: unknown) => error,
  );

describe('questions and commands', () => {
  it('have a name and a route each of their own', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(new Set(ALL.map(({ method, path }) => `${method} ${path}`)).size).toBe(ALL.length);
  });

  it.each(ALL.map((one) => [one.name, one] as const))('%s takes its example, and describes every parameter', (_, definition) => {
    expect(definition.params.safeParse(definition.example)).toMatchObject({ success: true });
    const undescribed = Object.entries(definition.params.shape).filter(([, schema]) => !describedBy(schema));
    expect(undescribed.map(([name]) => name)).toEqual([]);
    expect(placesOf(definition).path.filter((name) => !(name in definition.params.shape))).toEqual([]);
  });

  it.each(ASKED.map((one) => [one.name, one] as const))(
    '%s binds the tenant of the key in every statement, and takes none from its parameters',
    async (_, definition) => {
      const { context, queries } = newTestContext();
      await failureOf(definition.ask?.(definition.example, context));
      expect(queries.filter(({ sql, params }) => !sql.includes('tenant = {tenant:String}') || params['tenant'] !== 'acme')).toEqual([]); // prettier-ignore
      const forged = await failureOf(definition.ask?.({ ...definition.example, tenant: 'other' }, context));
      expect(forged).toMatchObject({ code: 'invalid', parameter: 'tenant', fix: expect.stringMatching(/^there (is|are) /) });
    },
  );

  const wrong = ASKED.flatMap((definition) => wrongValuesOf(definition).map(([name, what]) => [definition.name, name, what, definition] as const)); // prettier-ignore
  it.each(wrong)('%s names %s when it is %s, what is wrong and the fix', async (_, name, what, definition) => {
    const { context, queries } = newTestContext();
    const error = await failureOf(definition.ask?.({ ...definition.example, [name]: STRANGE[what] }, context));
    expect(error).toMatchObject({ code: 'invalid', parameter: expect.stringMatching(new RegExp(`^${name}`)), fix: expect.stringMatching(/\w/) }); // prettier-ignore
    expect(String(error)).toMatch(/: [^;]+; /);
    expect(queries).toEqual([]);
  });
});

function describedBy(schema: unknown): boolean {
  const { description } = schema as { description?: string };
  const inner = (schema as { def?: { innerType?: unknown } }).def?.innerType;
  return Boolean(description) || (inner !== undefined && describedBy(inner));
}

/** For each parameter, values of other types than its own. */
function wrongValuesOf({ params }: Definition): [string, keyof typeof STRANGE][] {
  return Object.keys(params.shape).flatMap((name) =>
    Object.entries(STRANGE)
      .filter(([, value]) => !params.shape[name]?.safeParse(value).success)
      .map(([what]): [string, keyof typeof STRANGE] => [name, what as keyof typeof STRANGE]),
  );
}
