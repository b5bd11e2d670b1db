import { alertRecord, incidentRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { newTestRecord, newTestSettingRecord, newTestTask } from '@telltale/streaming/testing';
import { incidentsConfig, incidentsService } from './index';
import { alertsOf, anomalyOf, deploysOf, eventsOf, incidentsOf, newSut, NOW, triage, turns } from './incidents.fixture';

const QUIET = 300_000;
const over = (at: number) => ({ state: 'closed' as const, ended_at: isoTime(at) });
const TOOL = ['tool search'];

describe('the life of an incident', () => {
  it('is open, worsening, improving, resolved and reopened under the same id, each with its reason', () => {
    const sut = newSut();
    const run = (seconds: number, ...records: Parameters<typeof sut.run>[0]['records']) =>
      sut.run({ now: NOW + seconds * 1_000, records });
    const phaseOf = (effects: ReturnType<typeof run>) =>
      incidentsOf(effects).map(({ phase, phase_reason: why, state }) => [phase, why, state]);
    const opened = run(0, anomalyOf('shop', 'tool search', NOW));
    expect(phaseOf(opened)).toEqual([['open', 'it began', 'open']]);
    expect(phaseOf(run(120, anomalyOf('shop', 'tool pay', NOW + 100_000)))).toEqual([
      ['worsening', 'tool pay is slow, too', 'open'],
    ]);
    expect(phaseOf(run(180, anomalyOf('shop', 'tool pay', NOW + 100_000, over(NOW + 170_000))))).toEqual([
      ['improving', '1 of 2 anomalies are over', 'open'],
    ]);
    expect(phaseOf(run(200, anomalyOf('shop', 'tool search', NOW, over(NOW + 190_000))))).toEqual([
      ['improving', 'all of its anomalies are over', 'open'],
    ]);
    expect(phaseOf(run(500))).toEqual([['resolved', 'all of its anomalies are over and it was quiet since', 'closed']]);
    const again = run(900, anomalyOf('shop', 'tool search', NOW + 880_000, { id: 'again' }));
    expect(incidentsOf(again)).toMatchObject([
      { id: incidentsOf(opened)[0]?.id, phase: 'reopened', state: 'open', closed_at: null, reopened: 1, opened_at: isoTime(NOW) },
    ]);
    expect(eventsOf(again).map(({ kind }) => kind)).toContain('phase');
    const [first, second] = [alertsOf(opened)[0], alertsOf(again)[0]];
    expect([first?.dedupe_key === second?.dedupe_key, first?.id === second?.id, second?.status]).toEqual([true, false, 'firing']);
    run(950, anomalyOf('shop', 'tool search', NOW + 880_000, { id: 'again', ...over(NOW + 940_000) }));
    expect(alertsOf(run(1_300))).toMatchObject([{ status: 'resolved', dedupe_key: first?.dedupe_key }]);
  });

  it.each([
    ['the same cause half an hour after', 'tool search', 30 * MINUTE_MS, true],
    ['the same cause later', 'tool search', 30 * MINUTE_MS + 1, false],
    ['another cause', 'tool pay', MINUTE_MS, false],
  ])('that was resolved is not taken for what comes with %s, unless it is', (_what, about, later, isSame) => {
    const sut = newSut();
    const [first] = incidentsOf(sut.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW)] }));
    sut.run({ now: NOW + 1, records: [anomalyOf('shop', 'tool search', NOW, over(NOW))] });
    const resolvedAt = NOW + 1 + QUIET;
    sut.run({ now: resolvedAt, records: [] });
    const [next] = incidentsOf(
      sut.run({ now: resolvedAt + later, records: [anomalyOf('shop', about, resolvedAt + later, { id: 'next' })] }),
    );
    expect(next?.id === first?.id).toBe(isSame);
  });

  it('that is reopened takes in the incident of what waits for its cause', () => {
    const sut = newSut();
    const [first] = incidentsOf(sut.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW)] }));
    sut.run({ now: NOW + 1, records: [anomalyOf('shop', 'tool search', NOW, over(NOW))] });
    sut.run({ now: NOW + 1 + QUIET, records: [] });
    const at = NOW + 2 * QUIET;
    sut.run({ now: at, records: [anomalyOf('shop', 'turns', at)] });
    const effects = sut.run({ now: at + 20_000, records: [anomalyOf('shop', 'tool search', at, { id: 'again' })] });
    expect(incidentsOf(effects)).toMatchObject([
      { id: first?.id, phase: 'reopened', title: 'shop: tool search is slow' },
      { merged_into: first?.id, state: 'closed' },
    ]);
  });
});

describe('what an incident touched', () => {
  const before = [3, 2, 1].map((m) =>
    turns('shop', NOW - m * MINUTE_MS, { turns: 20, bad_turns: 1, cost_nano_usd: 20e6, users: 5, operations: TOOL }),
  );

  it('are the turns that called its cause since the onset, their users, and what they cost beyond the usual', () => {
    const sut = newSut();
    sut.run({
      now: NOW,
      records: [...before, turns('shop', NOW, { turns: 10, bad_turns: 2, cost_nano_usd: 10e6, users: 8, operations: TOOL })],
    });
    const [opened] = incidentsOf(sut.run({ now: NOW + 1, records: [anomalyOf('shop', 'tool search', NOW)] }));
    expect(opened).toMatchObject({ turns_touched: 10, bad_turns: 2, users_touched: 8, cost_nano_usd: 0, severity: 'info' });
    const later = sut.run({
      now: NOW + 60_001,
      records: [
        turns('shop', NOW + MINUTE_MS, { turns: 30, bad_turns: 3, cost_nano_usd: 3e9 + 30e6, users: 12, operations: TOOL }),
        turns('shop', NOW - MINUTE_MS, { bad_turns: 9, operations: TOOL }),
      ],
    });
    expect(incidentsOf(later)).toMatchObject([{ turns_touched: 40, bad_turns: 5, users_touched: 12, severity: 'warning' }]);
    expect(incidentsOf(later)[0]?.cost_nano_usd).toBe(3e9);
  });

  it('are written once a minute while only figures change, and at once where the severity rises', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: [...before, anomalyOf('shop', 'tool search', NOW)] });
    const quiet = sut.run({ now: NOW + 10_000, records: [turns('shop', NOW, { turns: 5, operations: TOOL })] });
    expect(quiet.rows.has('incidents')).toBe(false);
    const worse = sut.run({ now: NOW + 20_000, records: [turns('shop', NOW, { turns: 40, bad_turns: 30, operations: TOOL })] });
    expect(incidentsOf(worse)).toMatchObject([{ turns_touched: 45, bad_turns: 30, severity: 'critical', phase: 'worsening' }]);
    expect(alertsOf(worse)).toMatchObject([{ status: 'firing', severity: 'critical' }]);
  });

  it.each([
    ['nobody', {}, 'info'],
    ['three turns more than usual that end badly', { bad_turns: 4 }, 'warning'],
    ['ten users', { users: 10 }, 'warning'],
    ['a dollar over the usual', { cost_nano_usd: 1e9 + 10e6 }, 'warning'],
    ['fifty turns that end badly', { turns: 1_000, bad_turns: 100 }, 'critical'],
    ['a quarter of the turns', { turns: 20, bad_turns: 7 }, 'critical'],
    ['fifty dollars', { cost_nano_usd: 51e9 }, 'critical'],
  ])('make the severity: %s', (_what, change, severity) => {
    const sut = newSut();
    sut.run({ now: NOW, records: [...before, turns('shop', NOW, { turns: 10, ...change, operations: TOOL })] });
    const [opened] = incidentsOf(sut.run({ now: NOW + 1, records: [anomalyOf('shop', 'tool search', NOW)] }));
    expect(opened?.severity).toBe(severity);
  });

  it('never makes an incident less severe; one that fails is a warning before turns are known', () => {
    const sut = newSut();
    const [opened] = incidentsOf(
      sut.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW, { metric: 'operation.error_ratio' })] }),
    );
    expect(opened?.severity).toBe('warning');
    const later = sut.run({ now: NOW + 70_000, records: [turns('shop', NOW, { turns: 1, operations: TOOL })] });
    expect(incidentsOf(later)).toMatchObject([{ severity: 'warning', turns_touched: 1 }]);
  });
});

describe('an alert', () => {
  it('has its severity, services and key, and a link where there are pages', () => {
    const service = incidentsService.open(incidentsConfig.parse({ TELLTALE_PUBLIC_URL: 'https://telltale.example.com/' }));
    const sut = newTestTask(service);
    const effects = sut.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW)] });
    const id = incidentsOf(effects)[0]?.id ?? '';
    expect(alertsOf(effects)).toMatchObject([
      {
        dedupe_key: id,
        incident_id: id,
        severity: 'info',
        service_name: 'shop',
        services: ['shop'],
        kind: 'behavior',
        link: `https://telltale.example.com/incidents/${id}`,
        status: 'firing',
      },
    ]);
    expect(() => incidentsConfig.parse({ TELLTALE_PUBLIC_URL: 'telltale' })).toThrow('is no URL');
  });

  it('and an incident of an earlier release can still be read', () => {
    const old = { tenant: 'acme', id: 'a', incident_id: 'i', status: 'firing', at: isoTime(NOW), title: 't', summary: 's' };
    expect(alertRecord.parse(old)).toMatchObject({ dedupe_key: '', severity: 'warning', services: [], link: '' });
    const former = {
      tenant: 'acme',
      id: 'i',
      state: 'open',
      opened_at: isoTime(NOW),
      closed_at: null,
      updated_at: isoTime(NOW),
      title: 't',
      service_name: 's',
      kind: 'behavior',
      anomaly_ids: [],
      open_anomalies: 0,
      probable_cause: '',
      peak_score: 1,
      backfill: false,
    };
    expect(incidentRecord.parse(former)).toMatchObject({ phase: 'open', owner: '', services: [] });
  });
});

describe('triage', () => {
  const opened = () => {
    const sut = newSut();
    const [incident] = incidentsOf(sut.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW)] }));
    return { sut, id: incident?.id ?? '' };
  };

  it('acknowledges, assigns and notes, by whom', () => {
    const { sut, id } = opened();
    const effects = sut.run({
      now: NOW + 1_000,
      records: [
        triage({ type: 'acknowledge', incident_id: id, note: 'on it' }),
        triage({ type: 'assign', incident_id: id, owner: 'bea' }),
        triage({ type: 'note', incident_id: id, note: 'the index is gone' }, { by: 'bea' }),
      ],
    });
    expect(incidentsOf(effects)).toMatchObject([
      { id, acknowledged_by: 'ann', acknowledged_at: isoTime(NOW), owner: 'bea', state: 'open' },
    ]);
    expect(eventsOf(effects).map(({ kind, text, by }) => [kind, text, by])).toEqual([
      ['triage', 'acknowledged by ann: on it', 'ann'],
      ['triage', 'assigned to bea', 'ann'],
      ['triage', 'the index is gone', 'bea'],
    ]);
  });

  it('resolves: the alert is over, and who resolved it is said', () => {
    const { sut, id } = opened();
    const effects = sut.run({ now: NOW + 1_000, records: [triage({ type: 'resolve', incident_id: id, note: 'rolled back' })] });
    expect(incidentsOf(effects)).toMatchObject([
      { state: 'closed', phase: 'resolved', phase_reason: 'ann resolved it: rolled back' },
    ]);
    expect(alertsOf(effects)).toMatchObject([{ status: 'resolved', title: 'Over: shop: tool search is slow' }]);
  });

  it('silences the incident: more severe, it sends nothing until then', () => {
    const { sut, id } = opened();
    sut.run({
      now: NOW + 1_000,
      records: [triage({ type: 'silence', incident_id: id, until: isoTime(NOW + HOUR_MS), note: '' })],
    });
    const worse = (at: number) =>
      sut.run({ now: at, records: [turns('shop', NOW + MINUTE_MS, { turns: 40, bad_turns: 30, operations: TOOL })] });
    expect([alertsOf(worse(NOW + 100_000)), alertsOf(worse(NOW + HOUR_MS)).map(({ severity }) => severity)]).toEqual([
      [],
      ['critical'],
    ]);
  });

  it('that comes again changes nothing, of an unknown incident is counted, and a note of one that is over is kept', () => {
    const { sut, id } = opened();
    const note = triage({ type: 'note', incident_id: id, note: 'once' });
    expect(eventsOf(sut.run({ now: NOW + 1, records: [note, note] }))).toHaveLength(1);
    const effects = sut.run({
      now: NOW + 2,
      records: [
        triage({ type: 'assign', incident_id: 'gone', owner: 'bea' }),
        triage({ type: 'note', incident_id: 'gone', note: 'late' }, { id: 'n2' }),
      ],
    });
    expect([effects.counts?.['triage_ignored'], eventsOf(effects).map(({ incident_id: of }) => of)]).toEqual([1, ['gone']]);
  });

  it('that cannot be read goes to the DLQ with its reason', () => {
    const { rejections } = newSut().run({
      now: NOW,
      records: [newTestRecord(TOPICS.triage.name, { type: 'note', tenant: 'acme' })],
    });
    expect(rejections).toMatchObject([{ reason: 'invalid_field', tenant: 'acme' }]);
  });
});

describe('deploy marks', () => {
  const deploy = triage(
    {
      type: 'deploy',
      service_name: 'shop',
      version: '2.1',
      environment: 'production',
      kind: 'version',
      deployed_at: isoTime(NOW - MINUTE_MS),
      text: 'new search',
    },
    { id: 'd1' },
  );

  it('that people report are kept once by id, and are on the timeline of what begins after them, or before they are reported', () => {
    const sut = newSut();
    const effects = sut.run({ now: NOW, records: [deploy, deploy] });
    expect(deploysOf(effects)).toEqual([
      {
        tenant: 'acme',
        id: 'd1',
        at: isoTime(NOW - MINUTE_MS),
        service_name: 'shop',
        version: '2.1',
        environment: 'production',
        source: 'api',
        kind: 'version',
        text: 'new search',
      },
    ]);
    const opened = sut.run({
      now: NOW + 1,
      records: [anomalyOf('shop', 'tool search', NOW), anomalyOf('mail', 'tool send', NOW)],
    });
    const marked = eventsOf(opened).filter(({ kind }) => kind === 'deploy');
    expect(marked).toMatchObject([
      {
        ref: 'd1',
        text: 'new search',
        at: isoTime(NOW - MINUTE_MS),
        incident_id: incidentsOf(opened).find(({ service_name: of }) => of === 'shop')?.id,
      },
    ]);
    const late = newSut();
    late.run({ now: NOW, records: [anomalyOf('shop', 'tool search', NOW)] });
    expect(eventsOf(late.run({ now: NOW + 1, records: [deploy] }))).toMatchObject([{ kind: 'deploy', ref: 'd1' }]);
  });

  it('are made of versions, prompts and flags that turns of a known service show first', () => {
    const sut = newSut();
    const seen = (minute: number, version: string, prompt: string, flag: string) =>
      sut.run({
        now: NOW + minute * MINUTE_MS,
        records: [
          turns('shop', NOW + minute * MINUTE_MS, {
            versions: [`${version}\tproduction`],
            prompt_versions: [prompt],
            flags: [flag],
          }),
        ],
      });
    expect(deploysOf(seen(0, '1.0', 'sys@1', 'fast=off'))).toEqual([]);
    expect(
      deploysOf(seen(1, '1.1', 'sys@1', 'fast=on')).map(({ kind, version, environment, source, at }) => [
        kind,
        version,
        environment,
        source,
        at,
      ]),
    ).toEqual([
      ['version', '1.1', 'production', 'seen', isoTime(NOW + MINUTE_MS)],
      ['flag', 'fast=on', '', 'seen', isoTime(NOW + MINUTE_MS)],
    ]);
    expect(deploysOf(seen(2, '1.0', 'sys@2', 'fast=off')).map(({ version }) => version)).toEqual(['sys@2']);
  });

  it('are made of settings', () => {
    const setting = newTestSettingRecord(
      'deploy',
      'acme',
      { service_name: 'shop', version: '3', at: '2026-03-02' },
      { name: 'march' },
    );
    expect(deploysOf(newSut().run({ now: NOW, records: [setting] }))).toMatchObject([
      { id: 'setting/march', source: 'setting', kind: 'version', version: '3', at: '2026-03-02T00:00:00.000Z', text: 'shop 3' },
    ]);
  });

  it('of more than two hundred a day are none', () => {
    const sut = newSut();
    const flags = (from: number) => Array.from({ length: 16 }, (_, i) => `f=${from + i}`);
    let marks = 0;
    for (let i = 0; i < 20; i++)
      marks += deploysOf(sut.run({ now: NOW + i, records: [turns('shop', NOW, { flags: flags(16 * i) })] })).length;
    expect(marks).toBe(200);
  });
});
