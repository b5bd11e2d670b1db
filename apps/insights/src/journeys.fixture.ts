import { TOPICS, type TurnRecord, turnRecord, turnRowAndRecord } from '@telltale/contracts';
import { createDice, DAY_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { sessionsConfig, sessionsService } from '@telltale/pipeline-turns';
import { newTestRecord, newTestTask, rowsOf } from '@telltale/streaming/testing';

export interface TestTurns {
  readonly now: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  /** What a turn is beside what chance makes of it. */
  readonly turnOf: (user: number, at: number) => Partial<TurnRecord> & { readonly slower?: number; readonly worse?: number };
}

const INTENTS = ['cancel order', 'find order', 'refund payment', 'change address'] as const;

/** Turns of users who differ, with a rhythm of the day; a user who is not helped may ask again, and leave. */
export function simulateTurns({ now, users, days, seed, turnOf }: TestTurns): TurnRecord[] {
  const dice = createDice(seed);
  const turns: TurnRecord[] = [];
  for (let user = 0; user < users; user++) {
    const pace = 0.4 * dice.normal();
    for (let sessions = 1 + dice.poisson(4), session = 0; session < sessions; session++) {
      let at = now - Math.floor(dice.uniform() * days * DAY_MS) - 40 * MINUTE_MS;
      const rhythm = 0.3 * Math.sin(((at % DAY_MS) / DAY_MS) * 2 * Math.PI);
      const intent = INTENTS[Math.floor(dice.uniform() * INTENTS.length)] ?? 'find order';
      for (let left = 1 + dice.poisson(1.5), nth = 0; left > 0; left--, nth++) {
        const { slower = 0, worse = 0, ...of } = turnOf(user, at);
        const isBad = dice.uniform() < 0.12 + worse;
        const id = `t${seed}-${user}-${session}-${nth}`;
        const ts = isoTime(at);
        turns.push(turnRecord.parse({
          tenant: 'a', turn_id: id, trace_id: id, revision: 1, ts, first_minute: isoTime(at - (at % MINUTE_MS)), received_at: ts, expires_on: '2099-06-01', session_id: `s${seed}-${user}-${session}`,
          user_id: `u${user}`, service_name: 'bot', service_version: '1', intent, language: 'en', outcome: isBad ? 'error' : 'answered', status: isBad ? 'error' : 'ok',
          duration_ms: Math.round(2_000 * Math.exp(pace + rhythm + 0.5 * dice.normal()) * (1 + slower)), cost_nano_usd: Math.round(4_000_000 * Math.exp(0.6 * dice.normal())), ...of,
        })); // prettier-ignore
        at += 2 * MINUTE_MS;
        // Half of those who are not helped leave.
        if (isBad && dice.uniform() < 0.5) break;
      }
    }
  }
  return turns;
}

/** The rows of the sessions that these turns make, as the service writes them. */
export function sessionRowsOf(turns: readonly TurnRecord[], now: number): object[] {
  const task = newTestTask(sessionsService.open(sessionsConfig.parse({}), undefined));
  const records = turns.map((turn) =>
    newTestRecord(TOPICS.turns.name, turnRowAndRecord(turn)[0], turn.session_id || turn.user_id),
  );
  return rowsOf<object>(task.run({ now, records }), 'sessions');
}
