import { TOPICS, type TurnRecord } from '@telltale/contracts';
import { wasteConfig, wasteService } from '@telltale/pipeline-costs';
import { turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { expectSync, type LogRecord } from '@telltale/streaming';
import { enrichedEvents, recordAt } from './enriched-events';

const EVENTS = 8_000;
const PER_BATCH = 1_000;
const BATCH_MS = 200;
const START = Date.UTC(2026, 10, 23, 12);
const TURNS = 60_000;
/** Turns of a session, a minute apart. */
const PER_SESSION = 4;
const TENANTS = 20;
/** What comes while the engine warms up is not counted. */
const WARM = 0.25;
const recordOf = recordAt(START);

/** Turns as the turns service writes them. */
function turnsOfFleet(): TurnRecord[] {
  const at = { source: 'bench/0', partition: 0, now: START };
  const events = enrichedEvents(EVENTS, START);
  const turns = turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }).createTask(0, new Map());
  void turns.process(events.map(({ value, key: of }) => recordOf(TOPICS.events.name, value, of)), at); // prettier-ignore
  return expectSync(turns.process([], { ...at, now: START + 120_000 }))
    .outputs.filter(({ topic }) => topic === TOPICS.turns.name)
    .map(({ value }) => JSON.parse(String(value)) as TurnRecord);
}

/** Turns a second and core of the waste service, in memory and without any IO, and what it keeps. */
export function benchWaste(): Promise<Record<string, number>> {
  const fleet = turnsOfFleet();
  let bytes = 0;
  const sessionOf = (nth: number): number => Math.floor(nth / (PER_BATCH * PER_SESSION)) * PER_BATCH + (nth % PER_BATCH);
  const batchOf = (batch: number): LogRecord[] =>
    Array.from({ length: PER_BATCH }, (_, i) => {
      const nth = batch * PER_BATCH + i;
      const session = `session-${sessionOf(nth)}`;
      const ts = new Date(START + batch * BATCH_MS).toISOString();
      const turn = {
        ...fleet[nth % fleet.length],
        tenant: `tenant-${sessionOf(nth) % TENANTS}`,
        turn_id: `turn-${nth}`,
        session_id: session,
        ts,
        first_minute: ts,
      };
      const json = JSON.stringify(turn);
      bytes += json.length;
      return recordOf(TOPICS.turns.name, json, session);
    });
  const task = wasteService.open(wasteConfig.parse({}), undefined).createTask(0, new Map());
  const state = new Map<string, number>();
  const batches = TURNS / PER_BATCH;
  let [counted, cpuUs, rows] = [0, 0, 0];
  for (let batch = 0; batch < batches; batch++) {
    const records = batchOf(batch);
    const before = process.cpuUsage();
    const effects = expectSync(
      task.process(records, { source: 'bench/0', partition: 0, now: START + 60_000 + batch * BATCH_MS }),
    );
    const { user, system } = process.cpuUsage(before);
    if (batch >= batches * WARM) {
      counted += records.length;
      cpuUs += user + system;
    }
    rows += effects.rows.get('waste')?.length ?? 0;
    for (const [key, value] of effects.state)
      if (value === null) state.delete(key);
      else state.set(key, key.length + value.length);
  }
  const sum = (isOne: (key: string) => boolean): number =>
    [...state].reduce((all, [key, size]) => (isOne(key) ? all + size : all), 0);
  const ofSessions = sum((key) => key.startsWith('session/') || key.startsWith('turn/'));
  const sessions = [...state.keys()].filter((key) => key.startsWith('session/')).length;
  return Promise.resolve({
    waste_turns_per_second_per_core: Math.round((counted * 1e6) / cpuUs),
    waste_turn_record_bytes: Math.round(bytes / TURNS),
    waste_rows_per_turn: Math.round((1_000 * rows) / TURNS) / 1_000,
    waste_state_bytes_per_session_of_4_turns: Math.round(ofSessions / Math.max(1, sessions)),
    waste_state_bytes_per_tenant: Math.round(sum((key) => key.startsWith('outcomes/') || key.startsWith('read/')) / TENANTS),
  });
}
