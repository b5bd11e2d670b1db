import { ApiError } from '../define/api-error';
import { type RowsOf } from '../define/definition';
import { numberOf, textOf } from '../define/row-values';
import { explainSessionOf } from '../explain/explain-session';
import { explainTurnOf } from '../explain/explain-turn';
import { type WhyAnswer } from './answer';

const FACTS = `turn_id, service_name, outcome, outcome_reason, status, error_type, retries, duration_ms, intent, error_fingerprints,
  mapKeys(self_time_ms) AS operations, mapValues(self_time_ms) AS times,
  arrayFilter(e -> e.errors > 0, edges).callee AS failed`;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The step that went wrong by the events, in words; null where no events are kept or no step is known to. */
async function rootOf(rowsOf: RowsOf, kind: 'turn' | 'session', id: string): Promise<string | null> {
  try {
    const { root } = await (kind === 'turn' ? explainTurnOf(id, rowsOf) : explainSessionOf(id, rowsOf));
    return root && `${root.reason}; ${root.fix} (see GET /api/${kind}s/${encodeURIComponent(id)}/explain)`;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return null;
    throw error;
  }
}

/** What is known of why one turn, or the turns of one session, went as they did: the step that went wrong, then what their rows say. */
export async function explainOne(rowsOf: RowsOf, kind: 'turn' | 'session', id: string): Promise<WhyAnswer> {
  const rows = await rowsOf({
    sql: `SELECT ${FACTS} FROM telltale.turns FINAL WHERE tenant = {tenant:String} AND ${kind === 'turn' ? 'turn_id' : 'session_id'} = {id:String} ORDER BY ts LIMIT 200`,
    params: { id },
  });
  const root = await rootOf(rowsOf, kind, id);
  const notes = rows.flatMap((row): string[] => {
    const turn = textOf(row, 'turn_id');
    const failed = [...new Set(texts(row['failed']))];
    const times = texts(row['times']).map(Number);
    const slowest = texts(row['operations'])[times.indexOf(Math.max(...times))];
    const facts = [
      `${textOf(row, 'outcome')}${textOf(row, 'outcome_reason') ? ` (${textOf(row, 'outcome_reason')})` : ''}`,
      ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
      ...(numberOf(row, 'retries') > 0 ? [`${numberOf(row, 'retries')} retries`] : []),
      ...(textOf(row, 'error_type') ? [textOf(row, 'error_type')] : []),
      ...(slowest === undefined ? [] : [`most time in ${slowest} (${Math.round(Math.max(...times))} of ${Math.round(numberOf(row, 'duration_ms'))} ms)`]),
    ];
    const wentWrong = textOf(row, 'outcome') !== 'answered' || failed.length > 0;
    return kind === 'turn' || wentWrong ? [`turn ${turn}: ${facts.join('; ')}`] : [];
  }); // prettier-ignore
  return {
    question: `why did ${kind} ${id} go as it did`,
    answer: root ?? notes[0] ?? `nothing went wrong in the ${rows.length} turns of session ${id}`,
    measure: null,
    threshold: null,
    since: null,
    onset: null,
    until: null,
    before: null,
    after: null,
    excess_bad_turns: null,
    mix_share: null,
    causes: [],
    ruled_out: [],
    moved: [],
    changes: [],
    looked_at_one_in: 1,
    notes: notes.slice(0, 20),
  };
}
