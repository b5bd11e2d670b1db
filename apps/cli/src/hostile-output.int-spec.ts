import { openSubjectKeys } from '@telltale/adapter-crypto';
import { encryptPseudonym } from '@telltale/domain-privacy';
import { type Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from './program';
import { createIo } from './terminal/io';
import { newTestCli, type Reply } from './test-cli.fixture';

/** Sets the title of the window, colours, rings, moves the cursor, reorders, hides a tag: by C0, C1, bidi and zero-width characters. */
const HOSTILE = 'a\u001b]0;owned\u0007b\u009b31mc\u202ed\u2066e\u200bf\u{e0041}g\u007fh\ri\u2028j\u00adk\u061cl\ufeffm';
const FORBIDDEN = /[^\P{C}\t\n]|[\u2028\u2029\u115f\u3164]/u;
const PSEUDONYM = 'u_1f2e3d4c5b6a7988';
const NAMES = Object.fromEntries(
  ['id', 'name', 'kind', 'state', 'summary', 'reason', 'target', 'topic', 'error', 'about', 'at', 'service_name', 'metric', 'status', 'tool_name', 'error_type', 'error_message', 'expires_at', 'from', 'until', 'trace_id', HOSTILE]
    .map((name) => [name, HOSTILE]),
); // prettier-ignore

let folder: string;
let encrypted: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-hostile-'));
  const whose = { tenant: 'default', subject: PSEUDONYM, pseudonym: PSEUDONYM };
  encrypted = encryptPseudonym(whose, HOSTILE, openSubjectKeys(join(folder, 'keys')).makeKeyOf('default', PSEUDONYM)).encrypted;
  writeFileSync(join(folder, 'in.ndjson'), '{"a":1}\n');
  writeFileSync(join(folder, 'bill.csv'), 'day,model,usd\n2026-11-22,gpt-4o,1.5\n');
  const entry = { litellm_provider: 'openai', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 };
  writeFileSync(join(folder, 'prices.json'), JSON.stringify({ [HOSTILE]: entry }));
  writeFileSync(join(folder, 'receiver.yaml'), 'url: https://hooks.example.com/x');
  writeFileSync(join(folder, 'settings.yaml'), 'tenants: [{name: acme, privacy: mask}]');
});
afterAll(() => rmSync(folder, { recursive: true }));

const RATES = { input: HOSTILE, output: HOSTILE, cache_read: HOSTILE, cache_write: HOSTILE, cache_write_1h: HOSTILE };
const PRICES = { version: HOSTILE, usd_per_million: RATES, usd_per_million_at_300k: RATES };

const CHANGED = {
  deploys: [NAMES],
  anomalies: [{ ...NAMES, dimensions: { service_name: HOSTILE } }],
  deploys_total: 1,
  anomalies_total: 2,
};

/** Answers to everything that a command asks, hostile in every field and name. */
function hostile(url: string): Reply {
  const rows = [
    {
      ...NAMES,
      tenant: 'default',
      subject: PSEUDONYM,
      pseudonym: PSEUDONYM,
      encrypted,
      events: 1,
      input: 'write to anna@example.com',
    },
  ];
  if (url.startsWith('/api/tail'))
    return {
      text: `event: event\ndata: ${JSON.stringify(NAMES)}\n\nevent: skipped\ndata: ${JSON.stringify({ count: HOSTILE })}\n\n`,
    };
  return {
    body: {
      ...NAMES,
      rows,
      pseudonyms: rows,
      topics: [{ ...NAMES, partitions: 1, records: 1, producers: [HOSTILE], lag: { [HOSTILE]: HOSTILE } }],
      dead_letters: [{ ...NAMES, at: '2999-01-01T00:00:00Z' }],
      total: { usd: 1, usd_lost: 1, usd_avoidable: 1, unpriced_calls: 1, unpriced_share: 1 },
      directives: [{ ...NAMES, in_force: true }],
      series: [{ ...NAMES, labels: { [HOSTILE]: HOSTILE }, dimensions: {}, windows: [], value: HOSTILE, points: [{ calls: 1 }] }],
      all: [],
      anomalies: [NAMES],
      labels: [{ ...NAMES, anomaly_id: HOSTILE, label: HOSTILE }],
      sentence: HOSTILE,
      spend_today: { cost_nano_usd: 1, forecast_nano_usd: 1, yesterday_nano_usd: 1 },
      incidents: [NAMES],
      incident: { ...NAMES, services: [HOSTILE] },
      incident_id: HOSTILE,
      timeline: [{ at: '2026-01-01T00:00:00.000Z', kind: HOSTILE, text: HOSTILE, by: HOSTILE }],
      deploys: [NAMES],
      link: HOSTILE,
      pinned: [{ ...NAMES, title: HOSTILE }],
      proposed: [{ title: HOSTILE, why: HOSTILE, service: HOSTILE, incident: null }],
      panels: [{ title: HOSTILE, why: HOSTILE, query: HOSTILE }],
      deliveries: [{ ...NAMES, receiver: HOSTILE }],
      delivery: { ...NAMES, receiver: HOSTILE },
      outcome: HOSTILE,
      sessions: [{ ...NAMES, session_id: HOSTILE }],
      turns: [{ ...NAMES, turn: NAMES, turn_id: HOSTILE, input_preview: HOSTILE, operations: [NAMES] }],
      turn: { outcome: HOSTILE, intent: HOSTILE },
      root: { ...NAMES, decision_options: [HOSTILE], decision_chosen: HOSTILE, decision_reason: HOSTILE },
      wanted: HOSTILE,
      steps: [{ step: 1, kind: 'user', text: HOSTILE, failed: true, marked: true, steps: [] }],
      findings: [{ step: 1, reason: HOSTILE }],
      similar: [{ id: HOSTILE, likeness: 1, ending: HOSTILE }],
      operations: [NAMES],
      others: [NAMES],
      maintenance: [NAMES],
      holidays: [{ ...NAMES, dates: [HOSTILE] }],
      budgets: [
        {
          budget: HOSTILE,
          dimension: 'user',
          value: HOSTILE,
          share: 1,
          forecast_nano_usd: null,
          unpriced_share: null,
          spent_nano_usd: 1,
          limit_nano_usd: 1,
          rate_nano_usd_per_hour: 0,
        },
      ],
      left_out: 0,
      dates: [HOSTILE],
      sensitivity: [NAMES],
      settings: [
        { ...NAMES, type: 'tenant', tenant: 'acme', name: 'default', changed_by: HOSTILE, value: { [HOSTILE]: HOSTILE } },
      ],
      changes: [NAMES],
      privacy: HOSTILE,
      value: { [HOSTILE]: HOSTILE },
      replayed: HOSTILE,
      skipped: 1,
      accepted: 1,
      rejected: 1,
      errors: [{ index: 0, field: HOSTILE, message: HOSTILE }],
      calls: 1,
      corrections: 1,
      delta_nano_usd: 1,
      days: [{ day: HOSTILE, model: HOSTILE, billed_nano_usd: 1, recorded_nano_usd: 1, differences: { [HOSTILE]: 1 } }],
      options: [
        { sentence: HOSTILE, before_nano_usd: 1, after_nano_usd: 1, saving_nano_usd: 1, low_nano_usd: null, latency: null },
      ],
      spend_nano_usd: 1,
      suggested_discounts: [{ model: HOSTILE, share: 0.1 }],
      groups: [
        {
          rule: HOSTILE,
          detail: HOSTILE,
          evidence: [HOSTILE],
          value: HOSTILE,
          usd: 1,
          share: 1,
          unpriced_share: null,
          cache_read_share: null,
        },
      ],
      by: [HOSTILE],
      times: [],
      fields: [HOSTILE],
      measures: [{ name: HOSTILE, value: 1, p50: 1, p95: 1, p99: 1, less: 1, more: 0, calls: 1 }],
      worked: [{ turn_id: HOSTILE }],
      sizes: { [HOSTILE]: 1 },
      selected: { count: 1, one_in: 1 },
      rest: { count: 1, one_in: 1 },
      differences: [
        {
          field: HOSTILE,
          value: HOSTILE,
          selected_share: 1,
          rest_share: 0,
          difference: 1,
          low: 1,
          high: 1,
          q: 0,
          turns: [HOSTILE],
        },
      ],
      journeys: [{ ...NAMES, session_id: HOSTILE, reasons: [{ sign: HOSTILE, times: 1 }], input_preview: HOSTILE }],
      transitions: [{ from: { intent: HOSTILE, outcome: HOSTILE }, to: { intent: HOSTILE, outcome: HOSTILE }, times: 1 }],
      loops: [],
      drop_offs: [{ intent: HOSTILE, outcome: HOSTILE }],
      counts: { sessions_a: 1, sessions_b: 1, users_a: 1, users_b: 1, sessions_with_both: 1 },
      metrics: [{ metric: HOSTILE, sentence: HOSTILE, verdict: HOSTILE }],
      notes: [HOSTILE],
      parts: { [HOSTILE]: 1 },
      question: HOSTILE,
      answer: HOSTILE,
      ruled_out: [{ dimension: HOSTILE, value: HOSTILE, reason: HOSTILE }],
      moved: [{ operation: HOSTILE }],
      causes: [{ sentence: HOSTILE, evidence: EVIDENCE }],
      slices: [{ dimension: HOSTILE, value: HOSTILE }],
      unpriced: { [HOSTILE]: 1 },
      price_versions: { [HOSTILE]: 1 },
      pending: 0,
      in_force: PRICES,
      sources: [{ source: HOSTILE, ...PRICES }],
      models: [HOSTILE],
      gaps: [
        {
          ...NAMES,
          provider: HOSTILE,
          model: HOSTILE,
          service_tier: HOSTILE,
          family: HOSTILE,
          calls: 1,
          least_nano_usd: 1,
          most_nano_usd: 1,
        },
      ],
      because: { events: 1 },
      scope: null,
      instances: [{ ...NAMES, instance: HOSTILE, sdk: HOSTILE }],
      evidence: [{ kind: HOSTILE, title: HOSTILE, use: 'served' }],
      same: 1,
      new: [{ provider: HOSTILE, model: HOSTILE, in_force: null, listed: PRICES }],
      changed: url.startsWith('/api/now') ? CHANGED : [],
    },
  };
}

/** Of spend a list of turns, of a cause two of them. */
const EVIDENCE = Object.assign([{ turn_id: HOSTILE }], { bad: [HOSTILE], good: [HOSTILE] });

/** Names of the files that commands are given. */
const FILES: Readonly<Record<string, string>> = {
  '<file>': 'in.ndjson',
  '<settings>': 'settings.yaml',
  '<bill>': 'bill.csv',
  '<receiver>': 'receiver.yaml',
  '<prices>': 'prices.json',
};

/** Arguments of every command; those that ask nobody for content get it where they take it from. */
const CASES: Readonly<Record<string, readonly string[]>> = {
  demo: [`--${HOSTILE}`],
  up: ['--print-config'],
  import: ['<file>', '--format', 'ndjson'],
  export: ['events'],
  tail: [],
  query: ['SELECT 1'],
  mcp: [`--${HOSTILE}`],
  topics: [],
  'topics diff': [`--${HOSTILE}`],
  'topics apply': [`--${HOSTILE}`],
  'topics acls': ['--principal', HOSTILE],
  migrate: [`--${HOSTILE}`],
  init: ['--tenant', HOSTILE],
  'dlq list': [],
  'dlq show': ['0-1'],
  'dlq replay': ['--all'],
  now: [],
  'sessions list': [],
  'sessions show': ['s1'],
  'turns list': [],
  'turns show': ['t1'],
  'operation show': ['o1'],
  'operation usual': ['o1'],
  'explore measure': ['--by', HOSTILE],
  'explore differences': ['--selected', HOSTILE],
  'explore rows': ['--where', HOSTILE],
  explain: ['t1'],
  journeys: [],
  flows: [],
  compare: ['--by', 'version'],
  'incidents list': [],
  'incidents show': [HOSTILE],
  'incidents acknowledge': [HOSTILE],
  'incidents assign': [HOSTILE, '--owner', HOSTILE],
  'incidents resolve': [HOSTILE],
  'incidents note': [HOSTILE, HOSTILE],
  'dashboards list': [],
  'dashboards show': [],
  'dashboards export': [],
  'deploys add': ['--service', HOSTILE],
  'deploys list': [],
  'alerts receivers': [],
  'alerts add': [HOSTILE, 'slack', '--from', '<receiver>'],
  'alerts test': [HOSTILE],
  'alerts deliveries': [],
  'alerts silence': [HOSTILE, '--for', '1h', '--reason', HOSTILE],
  'incidents why': ['i1'],
  why: ['why', 'slow'],
  'verbosity list': [],
  'verbosity set': ['--content', 'full', '--ttl', '1m'],
  'verbosity revoke': [HOSTILE],
  'verbosity status': [],
  'costs top': [],
  'costs over-time': [],
  'costs budgets': [],
  'costs waste': [],
  'costs explain': ['--from', '24h'],
  'costs what-if': ['--from', '7d'],
  'costs reconcile': ['--bill', '<bill>'],
  'costs prices import': ['<prices>', '--dry-run', '--name', HOSTILE],
  'costs prices show': [HOSTILE],
  'costs prices gaps': [],
  'costs prices diff': ['<prices>'],
  'costs reprice': ['--from', '2026-01-01', '--to', '2026-01-02', '--dry-run'],
  'privacy forget': [PSEUDONYM, '--tenant', HOSTILE],
  'privacy reveal': [PSEUDONYM],
  'privacy scan': [],
  'privacy policy': [],
  'privacy try': [HOSTILE],
  'detector anomalies': [],
  'detector label': [HOSTILE, '--as', 'real'],
  'detector maintenance add': ['--for', '1h'],
  'detector maintenance list': [],
  'detector maintenance end': [HOSTILE],
  'detector holidays add': [HOSTILE, '--name', HOSTILE],
  'detector holidays list': [],
  'detector holidays end': [HOSTILE],
  'detector sensitivity set': ['--false-positives-per-day', '2'],
  'detector sensitivity list': [],
  'detector sensitivity end': [HOSTILE],
  'detector backtest': [HOSTILE],
  'detector labels': [],
  'detector status': [],
  'verbosity effect': [HOSTILE],
  'settings list': [],
  'settings get': ['tenant'],
  'settings set': ['tenant', 'privacy=mask'],
  'settings delete': ['view', 'a'],
  'settings apply': ['<settings>'],
  'settings history': [],
  share: ['/turns'],
  doctor: [],
  'support-bundle': [`/nonexistent/${HOSTILE}`],
  size: ['--events-per-second', HOSTILE],
};

/** Programs of their own, which have such a test too. */
const LATE = ['eval', 'bench'];
/** It does something itself, and has others below it. */
const WITH_OTHERS = ['topics'];

const NOTHING = { out: () => undefined, err: () => undefined, isOutTty: false, isErrTty: false, columns: 80, env: {}, signal: new AbortController().signal }; // prettier-ignore
const pathsOf = (command: Command, path = ''): string[] =>
  command.commands.flatMap((child) => {
    const name = `${path}${child.name()}`;
    return child.commands.length > 0 ? pathsOf(child, `${name} `) : [name];
  });

async function run(reply: (url: string) => Reply, args: readonly string[]) {
  const cli = await newTestCli(({ url }) => reply(url), { SUBJECT_KEYS_DIR: join(folder, 'keys'), TELLTALE_HOME: `/nonexistent/${HOSTILE}`, HTTP_HOST: HOSTILE }); // prettier-ignore
  const answer = await cli.run(...args.map((arg) => (FILES[arg] === undefined ? arg : join(folder, FILES[arg]))));
  await cli.close();
  return { ...answer, all: answer.out + answer.err };
}

describe('content with terminal escapes, control, bidi and invisible characters', () => {
  it('has a case for every command of this program', () => {
    const all = pathsOf(createProgram(createIo(NOTHING), NOTHING));
    expect(Object.keys(CASES).sort()).toEqual([...WITH_OTHERS, ...all.filter((path) => !LATE.includes(path))].sort());
  });

  it.each(Object.keys(CASES))('reaches no terminal through `telltale %s`', async (name) => {
    const args = [...name.split(' '), ...(CASES[name] ?? [])];
    const { all } = await run(hostile, args);
    // The content was shown, as text.
    expect(all).toContain('a\\u001b]0;owned\\u0007b');
    expect(FORBIDDEN.exec(all)).toBeNull();

    const json = await run(hostile, [...args, '--json']);
    expect(FORBIDDEN.exec(json.all)).toBeNull();
    // Nothing, or JSON with the content in it.
    const lines = json.out.split('\n').filter(Boolean).map((line): unknown => JSON.parse(line)); // prettier-ignore
    const parsed = JSON.stringify(lines);
    expect(parsed === '[]' || parsed.includes(JSON.stringify(HOSTILE).slice(1, -1))).toBe(true);

    const refused = await run(() => ({ status: 400, body: { error: { code: HOSTILE, message: HOSTILE, fix: HOSTILE } } }), args);
    expect(FORBIDDEN.exec(refused.all)).toBeNull();
  });

  it('colours and progress of ours still reach a terminal, content within them does not', () => {
    let raw = '';
    const io = createIo({ ...NOTHING, isOutTty: true, isErrTty: true, out: (text) => (raw += text), err: (text) => (raw += text) }); // prettier-ignore
    io.out('a ', { text: 'error\u001b[0m', colour: 'red' });
    io.redraw('half\u001b[2J');
    expect(raw).toBe('a \u001b[31merror\\u001b[0m\u001b[0m\r\u001b[2Khalf\\u001b[2J');
  });
});
