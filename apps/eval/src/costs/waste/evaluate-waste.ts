import { type NativeEvent, type EventRecord, TOPICS, WASTE_RULES, type WasteRule } from '@telltale/contracts';
import { MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { wasteConfig, wasteService } from '@telltale/pipeline-costs';
import { turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { createRandom, type Random } from '@telltale/simulator';
import { type LogRecord } from '@telltale/streaming';
import { createEvalEnricher } from '../../enricher';
import { byPartition, createTasks } from '../../turns/tasks';
import { createConversation } from './conversation-script';
import { PLANTED_IN_CONTEXT } from './planted-in-context';
import { PLANTED_IN_SERVICES } from './planted-in-services';
import { PLANTED_IN_TURNS } from './planted-in-turns';

const START = Date.UTC(2026, 0, 31, 11);
const BATCH = 400;

/** A conversation, or a service, in which waste is looked for. */
interface Unit {
  readonly name: string;
  readonly rule: WasteRule | null;
}
interface PlantedSet {
  readonly events: readonly NativeEvent[];
  /** By session, or by `service <name>`. */
  readonly units: ReadonlyMap<string, Unit>;
}

/** Conversations of each kind, and services; `share`: part of the sessions of services. */
function plantedSet(random: Random, repeats: number, services: number): PlantedSet {
  const units = new Map<string, Unit>();
  const events: NativeEvent[] = [];
  [...PLANTED_IN_TURNS, ...PLANTED_IN_CONTEXT].forEach(({ name, rule, write }, kind) => {
    for (let nth = 0; nth < repeats; nth++) {
      const session = `talk-${kind}-${nth}`;
      const talk = createConversation(random, `desk-${kind}`, session, START + random.int(0, 60 * MINUTE_MS));
      write(talk, random);
      units.set(session, { name, rule });
      events.push(...talk.events);
    }
  });
  for (let of = 0; of < services; of++)
    for (const [kind, { name, rule, sessions, write }] of PLANTED_IN_SERVICES.entries()) {
      const service = `shop-${kind}-${of}`;
      units.set(`service ${service}`, { name, rule });
      for (let nth = 0; nth < sessions; nth++) {
        const talk = createConversation(random, service, `${service}-${nth}`, START + random.int(0, 60 * MINUTE_MS));
        write(talk, random, nth);
        events.push(...talk.events);
      }
    }
  events.sort((a, b) => (String(a.ts) < String(b.ts) ? -1 : 1));
  return { events, units };
}

interface WasteRow {
  readonly turn_id: string;
  readonly session_id: string;
  readonly service_name: string;
  readonly rule: WasteRule;
  readonly model: string;
  readonly calls: number;
  readonly nano_lost: number;
}
interface Found {
  readonly rows: readonly WasteRow[];
  /** Spend of each turn. */
  readonly spend: ReadonlyMap<string, number>;
}

/** Everything through enricher, turns and waste, as time goes by, with restores. */
async function runAll(events: readonly NativeEvent[]): Promise<Found> {
  const random = createRandom(23);
  const enricher = createTasks(createEvalEnricher(), random);
  const turns = createTasks(turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }), random);
  const waste = createTasks(wasteService.open(wasteConfig.parse({}), undefined), random);
  const rows = new Map<string, WasteRow>();
  const spend = new Map<string, number>();

  async function through(records: readonly LogRecord[], now: number): Promise<void> {
    const { outputs } = await enricher.run(0, records, now);
    const keyOf = (value: unknown): string => (JSON.parse(String(value)) as EventRecord).trace_id;
    for (const [partition, of] of byPartition(outputs, TOPICS.events.name, ({ value }) => keyOf(value)).entries()) {
      const said = await turns.run(partition, of, now);
      for (const json of said.rows.get('turns') ?? []) {
        const row = JSON.parse(String(json)) as { turn_id: string; cost_nano_usd?: number };
        spend.set(row.turn_id, row.cost_nano_usd ?? 0);
      }
      for (const [to, turnRecords] of byPartition(said.outputs, TOPICS.turns.name).entries())
        for (const json of (await waste.run(to, turnRecords, now)).rows.get('waste') ?? []) {
          const row = JSON.parse(String(json)) as WasteRow;
          rows.set(`${row.turn_id} ${row.rule} ${row.model}`, row);
        }
    }
  }

  let now = START;
  for (let at = 0; at < events.length; at += BATCH) {
    const piece = events.slice(at, at + BATCH);
    now = Math.max(now, Date.parse(String(piece.at(-1)?.ts))) + SECOND_MS;
    await through([{ topic: TOPICS.raw.name, partition: 0, offset: at, key: null, value: Buffer.from(JSON.stringify(piece)), headers: { 'tt-format': 'native', 'tt-encoding': 'json' }, timestampMs: now }], now); // prettier-ignore
  }
  for (let minutes = 0; minutes < 20; minutes++) await through([], (now += MINUTE_MS));
  return { rows: [...rows.values()].filter(({ calls }) => calls > 0), spend };
}

interface RuleFigures {
  readonly planted: number;
  readonly found: number;
  readonly false: number;
  readonly recall: number;
  readonly precision: number;
}
export interface WasteFigures {
  readonly waste_recall: number;
  readonly waste_precision: number;
  /** Turns of which more is claimed than they cost. */
  readonly waste_over_spend: number;
  readonly waste_events: number;
  readonly by_rule: Readonly<Record<string, RuleFigures>>;
  /** What was missed or found where it was not planted, by name of the script. */
  readonly waste_wrong: readonly string[];
}

export interface WasteOptions {
  readonly seed: number;
  /** Conversations of each script. */
  readonly repeats: number;
  /** Services of each kind. */
  readonly services: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : Math.round((1_000 * part) / whole) / 1_000);

/** Recall and precision of every rule over planted waste and look-alikes; the lowest of the rules' stand for all. */
export async function evaluateWaste({ seed, repeats, services }: WasteOptions): Promise<WasteFigures> {
  const { events, units } = plantedSet(createRandom(seed), repeats, services);
  const { rows, spend } = await runAll(events);
  const found = new Map<string, Set<WasteRule>>();
  const lost = new Map<string, number>();
  for (const { turn_id: turn, session_id: session, service_name: service, rule, nano_lost: nano } of rows) {
    const unit = units.has(session) ? session : `service ${service}`;
    found.set(unit, (found.get(unit) ?? new Set()).add(rule));
    lost.set(turn, (lost.get(turn) ?? 0) + nano);
  }
  const wrong = new Map<string, number>();
  const blame = (what: string): void => void wrong.set(what, (wrong.get(what) ?? 0) + 1);
  const figures = WASTE_RULES.map((rule): [WasteRule, RuleFigures] => {
    let [planted, hits, falls] = [0, 0, 0];
    for (const [id, unit] of units) {
      const isFound = found.get(id)?.has(rule) ?? false;
      if (unit.rule === rule) planted++;
      if (unit.rule === rule && isFound) hits++;
      else if (unit.rule === rule) blame(`${rule} missed: ${unit.name}`);
      else if (isFound) {
        falls++;
        blame(`${rule} in: ${unit.name}`);
      }
    }
    return [rule, { planted, found: hits, false: falls, recall: share(hits, planted), precision: share(hits, hits + falls) }];
  });
  return {
    waste_recall: Math.min(...figures.map(([, { recall }]) => recall)),
    waste_precision: Math.min(...figures.map(([, { precision }]) => precision)),
    waste_over_spend: [...lost].filter(([turn, nano]) => nano > (spend.get(turn) ?? 0)).length,
    waste_events: events.length,
    by_rule: Object.fromEntries(figures),
    waste_wrong: [...wrong].map(([what, times]) => `${what} (${times})`),
  };
}
