import { type TurnRecord, turnRecord } from '@telltale/contracts';
import { seriesOfTurn } from './series-of-turn';

const AT = '2026-01-31T12:00:00.000Z';
const seriesIn = (of: Partial<TurnRecord>): [metric: string, value: number, isError: boolean][] => {
  const series: [string, number, boolean][] = [];
  const turn = turnRecord.parse({ tenant: 'acme', turn_id: 't', revision: 1, ts: AT, first_minute: AT, received_at: AT, expires_on: '2026-03-02', service_name: 'bot', ...of });
  seriesOfTurn(turn, (metric, _dimensions, value, isError) => series.push([metric, value, isError]));
  return series;
}; // prettier-ignore

/** Of its service, and over all services of the tenant. */
const both = (metric: string, value: number, isError: boolean): ReturnType<typeof seriesIn> => [
  [metric, value, isError],
  [`tenant.${metric}`, value, isError],
];

describe('the series of a turn', () => {
  it.each<[string, Partial<TurnRecord>, ReturnType<typeof seriesIn>]>([
    ['that was answered', { has_root: true, duration_ms: 9, outcome: 'answered', calls: { llm: 2, tool: 3 }, cost_nano_usd: 7 }, [
      ...both('turn.count', 1, false), ['turn.duration', 9, false], ...both('turn.cost', 7, false), ['turn.calls', 5, false], ...both('turn.unhelped', 0, false)]],
    ['that failed', { has_root: true, duration_ms: 9, status: 'error', outcome: 'error' }, [
      ...both('turn.count', 1, true), ['turn.duration', 9, true], ['turn.calls', 0, true], ...both('turn.unhelped', 1, true)]],
    ['that was refused, though nothing failed', { outcome: 'refused', status: 'ok' }, [...both('turn.count', 1, false), ['turn.calls', 0, false], ...both('turn.unhelped', 1, true)]],
    ['without its root has no duration, without content no outcome', { duration_ms: 9 }, [...both('turn.count', 1, false), ['turn.calls', 0, false]]],
    ['of a version', { has_root: true, duration_ms: 9, service_version: '2' }, [...both('turn.count', 1, false), ['turn.duration', 9, false], ['version.duration', 9, false], ['turn.calls', 0, false]]],
  ])('%s', (_, of, expected) => expect(seriesIn(of)).toEqual(expected)); // prettier-ignore
});
