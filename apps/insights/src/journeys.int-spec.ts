import { DAY_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestTables } from './insights-tables.fixture';
import { sessionRowsOf, simulateTurns } from './journeys.fixture';

const NOW = Date.parse('2026-03-16T12:30:00Z');
type Row = Readonly<Record<string, unknown>>;

/** Users have a flag or not, whatever they do; what it makes of a turn is planted. */
const flagged = (user: number) => (user % 2 === 0 ? 'on' : 'off');
const CHANGE = NOW - 8 * DAY_MS;

describe('journeys over the tables', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW);
    const turns = [
      // The flag makes turns slower and fail more often.
      ...simulateTurns({ now: NOW, users: 300, days: 6, seed: 1, turnOf: (user) => ({ feature_flags: { new_prompt: flagged(user), same: user % 3 === 0 ? 'x' : 'y' }, ...(flagged(user) === 'on' && { slower: 0.3, worse: 0.15 }) }) }),
      // A deploy to one service makes it slower, while all services get slower at that time anyway.
      ...['shop', 'desk'].flatMap((service, i) =>
        simulateTurns({ now: NOW, users: 150, days: 16, seed: 2 + i, turnOf: (_, at) => ({ service_name: service, session_id: '', user_id: `${service}-${_}`, slower: (at >= CHANGE ? 0.5 : 0) + (service === 'shop' && at >= CHANGE ? 0.6 : 0) }) }),
      ),
      ...simulateTurns({ now: NOW, users: 1, days: 1, seed: 9, turnOf: () => ({ tenant: 'b', service_name: 'bot', feature_flags: { new_prompt: 'on' } }) }),
    ]; // prettier-ignore
    const late = { tenant: 'a', session_id: 'now', service_name: 'bot', user_id: 'u7', duration_ms: 900 };
    const running = simulateTurns({ now: NOW + 30 * MINUTE_MS, users: 1, days: 0, seed: 11, turnOf: () => ({ ...late, outcome: 'error', worse: 1 }) });
    await test.fill('sessions', sessionRowsOf([...turns, ...running.slice(0, 1)], NOW));
  }, 120_000); // prettier-ignore
  afterAll(() => test.close());
  const ask = async (url: string, tenant = 'a') => {
    const { status, body } = await test.get(url, tenant);
    expect({ url, status, body: status === 200 ? {} : body }).toEqual({ url, status: 200, body: {} });
    return body;
  };

  it('lists the hardest first, page by page, with what made them hard', async () => {
    const { journeys, next_cursor } = (await ask('/api/journeys?service=bot&limit=20')) as {
      journeys: Row[];
      next_cursor: string;
    };
    expect(journeys).toHaveLength(20);
    const frictions = journeys.map(({ friction }) => Number(friction));
    expect(frictions).toEqual([...frictions].sort((x, y) => y - x));
    expect((journeys[0]?.['reasons'] as Row[])[0]).toMatchObject({ sign: 'error' });
    expect((journeys[0]?.['steps'] as Row[])[0]).toMatchObject({ outcome: expect.stringMatching(/error|answered/) as string });
    const next = (await ask(`/api/journeys?service=bot&limit=20&cursor=${next_cursor}`)) as { journeys: Row[] };
    expect(new Set([...journeys, ...next.journeys].map(({ session_id: id }) => id)).size).toBe(40);
  });
  it('finds those of a reason, and those that were abandoned', async () => {
    const { journeys } = (await ask('/api/journeys?abandoned=yes&order=started&limit=5')) as { journeys: Row[] };
    expect(new Set(journeys.map(({ abandoned_because: why }) => why))).toEqual(new Set(['error']));
    const none = (await ask('/api/journeys?reason=refusal')) as { journeys: Row[] };
    expect(none.journeys).toEqual([]);
    expect((await test.get('/api/journeys?reason=sadness')).body).toMatchObject({ error: { parameter: 'reason' } });
  });

  it('finds the sessions behind a state and a way of the flows, as many as were counted', async () => {
    const flows = (await ask('/api/flows?service=bot&from=7d&limit=5000')) as unknown as {
      nodes: { step: number; intent: string; outcome: string; sessions: number }[];
      links: { source: string; target: string; sessions: number }[]; drop_offs: { intent: string; outcome: string; abandoned: number; left_after_ms: number; left_after_turns: number }[];
    }; // prettier-ignore
    const count = async (given: Record<string, string | number>): Promise<number> => {
      const params = new URLSearchParams({ service: 'bot', limit: '1000', ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])) });
      return ((await ask(`/api/journeys?${params.toString()}`)) as { journeys: Row[] }).journeys.length;
    }; // prettier-ignore
    const node = flows.nodes.find(({ step, intent }) => step === 2 && intent !== '' && intent !== 'other');
    const state = `${node?.intent}/${node?.outcome}`;
    expect(await count({ state, turn: 2 })).toBe(node?.sessions);
    const link = flows.links.find(
      ({ source, target }) => source === `2 ${node?.intent} ${node?.outcome}` && target.startsWith('3 '),
    );
    const [, intent = '', outcome = ''] = /^3 (.*) (\w+)$/.exec(link?.target ?? '') ?? [];
    expect(await count({ state, turn: 2, next: `${intent}/${outcome}` })).toBe(link?.sessions);
    const lost = flows.drop_offs[0];
    expect(await count({ state: `${lost?.intent}/${lost?.outcome}`, next: 'abandoned' })).toBe(lost?.abandoned);
    expect(lost?.left_after_turns).toBeGreaterThanOrEqual(1);
    expect(lost?.left_after_ms).toBeGreaterThan(0);
  });
  it.each([
    ['state=refund', 'state'],
    ['state=refund/sad', 'state'],
    ['state=refund/error&next=lost', 'next'],
    ['next=abandoned', 'next'],
    ['turn=1', 'turn'],
    ['state=refund/error&turn=0', 'turn'],
  ])('refuses journeys with %s, and names %s', async (query, parameter) => {
    const { status, body } = await test.get(`/api/journeys?${query}`);
    expect({ status, parameter: (body['error'] as Row)['parameter'] }).toEqual({ status: 400, parameter });
  });

  it('counts flows so that what enters a step leaves it, loops and drop-offs', async () => {
    const flows = (await ask('/api/flows?service=bot&from=7d&limit=5000')) as unknown as {
      sessions: number; nodes: Row[]; links: { source: string; target: string; sessions: number }[]; loops: Row[]; drop_offs: Row[]; left_out: Row;
    }; // prettier-ignore
    expect(flows.left_out).toEqual({ links: 0, sessions: 0 });
    const sum = (list: readonly { sessions: number }[]): number => list.reduce((all, one) => all + one.sessions, 0);
    expect(sum(flows.links.filter(({ source }) => source.startsWith('1 ')))).toBeCloseTo(flows.sessions, 6);
    for (const { id, step, sessions } of flows.nodes as { id: string; step: number; sessions: number }[]) {
      const into = sum(flows.links.filter(({ target }) => target === id));
      const out = sum(flows.links.filter(({ source }) => source === id));
      expect({ id, into: step === 1 ? sessions : into, out: step === 6 ? sessions : out }).toEqual({
        id,
        into: sessions,
        out: sessions,
      });
    }
    expect(flows.loops[0]).toMatchObject({ from: { intent: expect.stringMatching(/ /) as string } });
    expect(flows.drop_offs.every(({ outcome }) => outcome === 'error')).toBe(true);
    const few = (await ask('/api/flows?service=bot&intents=1&steps=1&limit=3')) as unknown as { nodes: Row[]; links: Row[] };
    expect(few.links).toHaveLength(3);
    expect(new Set(few.nodes.map(({ intent }) => intent)).size).toBeLessThanOrEqual(3);
  });

  it('says a risk of sessions that go on, where later sessions bore it out', async () => {
    const { journeys, calibration } = (await ask('/api/journeys/running?service=bot')) as unknown as { journeys: Row[]; calibration: Record<string, number> };
    expect(journeys.map(({ session_id: id }) => id)).toEqual(['now']);
    expect(journeys[0]?.['risk']).toBeGreaterThan(0.3);
    expect(Math.abs(Number(journeys[0]?.['risk']) - Number(journeys[0]?.['observed']))).toBeLessThan(0.15);
    expect(calibration['error']).toBeLessThan(calibration['error_of_one_risk'] ?? 0);
    const others = (await ask('/api/journeys/running', 'b')) as unknown as { journeys: Row[] };
    expect(others.journeys).toEqual([]);
  }); // prettier-ignore

  const metricsOf = async (url: string) => {
    const { metrics, ...rest } = (await ask(url)) as unknown as { metrics: (Row & { metric: string })[]; notes: string[]; a: string; b: string; counts: Row };
    return { ...rest, by: Object.fromEntries(metrics.map((one) => [one.metric, one])) };
  }; // prettier-ignore

  it('shows the effect of a feature from its flag alone, and none on what it does not touch', async () => {
    const all = 'turns,cost_per_turn,duration,duration_p50,duration_p95,friction,unhelped,abandoned';
    const { by, a, b, counts } = await metricsOf(`/api/compare?by=flag:new_prompt&a=off&b=on&metric=${all}`);
    expect({ a, b, both: counts['sessions_with_both'] }).toEqual({ a: 'off', b: 'on', both: 0 });
    expect(by).toMatchObject({
      duration: { verdict: 'higher', a: expect.closeTo(2_000, -3) as number },
      duration_p50: { verdict: 'higher' },
      unhelped: { verdict: 'higher' },
      friction: { verdict: 'higher' },
      abandoned: { verdict: 'higher' },
      cost_per_turn: { verdict: 'no effect shown' },
    });
    const { low, high } = by['duration']?.['relative'] as { low: number; high: number };
    expect([low < 0.3, high > 0.3]).toEqual([true, true]);
    expect([Number(by['unhelped']?.['low']) < 0.15, Number(by['unhelped']?.['high']) > 0.1]).toEqual([true, true]);
    const quiet = await metricsOf('/api/compare?by=flag:same&a=x&b=y');
    expect(Object.values(quiet.by).map(({ verdict }) => verdict)).toEqual(Array(5).fill('no effect shown'));
  });
  it('takes what all services have from what a deploy made of one', async () => {
    const url = `/api/compare?by=service&b=shop&a=desk&metric=duration&from=16d&after=${isoTime(CHANGE)}`;
    const { by, notes } = await metricsOf(url);
    expect(notes).toEqual([]);
    const { relative, verdict, trend } = by['duration'] as unknown as { relative: { low: number; change: number; high: number }; verdict: string; trend: Row };
    // 2.1 times beside 1.5 times.
    expect({ verdict, trend: trend['holds'], holds: relative.low < 0.4 && relative.high > 0.4 }).toEqual({ verdict: 'higher', trend: true, holds: true });
    const alone = await metricsOf(`/api/compare?by=service&b=shop&service=shop&metric=duration&from=16d&after=${isoTime(CHANGE)}`);
    expect(alone.notes).toEqual([expect.stringContaining('no control')]);
    expect((alone.by['duration'] as unknown as { relative: { low: number } }).relative.low).toBeGreaterThan(0.7);
  }); // prettier-ignore

  it.each([
    ['by=colour', 'by'],
    ['by=version&metric=joy', 'metric'],
    ['by=version&metric=,', 'metric'],
    ['by=version&after=1h&before=1m', 'after'],
    ['by=version&after=100d', 'after'],
    ['by=version&after=1h&metric=cost_p95', 'metric'],
    ['by=version&a=x&b=x', 'b'],
    ['by=version&match=colour&after=1h', 'match'],
    ['by=version&from=99d', 'from'],
    ['metric=turns', 'by'],
    ['by=version&who=me', 'who'],
  ])('refuses %s, and names %s', async (query, parameter) => {
    const { status, body } = await test.get(`/api/compare?${query}`);
    expect({ status, parameter: (body['error'] as Row)['parameter'] }).toEqual({ status: 400, parameter });
  });
  it('says what there is when there are not two values', async () => {
    expect(await ask('/api/compare?by=version&service=bot')).toMatchObject({ a: null, metrics: [], values: [{ value: '1' }], notes: ['there are not two values of version to compare'] });
    expect(await ask('/api/compare?by=flag:nothing')).toMatchObject({ values: [], notes: ['no session has a value of flag:nothing'] });
  }); // prettier-ignore
});
