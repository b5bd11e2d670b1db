import { type TurnRecord } from '@telltale/contracts';
import { type SeriesValue } from './series-of-event';

/** Ends that leave the request without what was asked for. */
const UNHELPED: ReadonlySet<TurnRecord['outcome']> = new Set(['error', 'abandoned', 'refused', 'transferred']);

/** Whether a turn ended badly. */
export const isUnhelped = ({ outcome }: Pick<TurnRecord, 'outcome'>): boolean => UNHELPED.has(outcome);

/** The series a turn belongs to: which metrics of turns there are is decided here and nowhere else. */
export function seriesOfTurn(turn: TurnRecord, add: SeriesValue): void {
  const { service_name: name, service_version: version, duration_ms: duration } = turn;
  const service = ['service_name', name];
  const isError = turn.status === 'error';
  /** Of its service, and of the tenant over all services. */
  const addToBoth = (metric: string, value: number, isFailed: boolean): void => {
    add(metric, service, value, isFailed);
    add(`tenant.${metric}`, [], value, isFailed, [name]);
  };
  addToBoth('turn.count', 1, isError);
  // Without its root nobody knows when it began and ended.
  if (turn.has_root) {
    add('turn.duration', service, duration, isError);
    if (version) add('version.duration', [...service, 'service_version', version], duration, isError);
  }
  if (turn.cost_nano_usd !== null) addToBoth('turn.cost', turn.cost_nano_usd, isError);
  add(
    'turn.calls',
    service,
    Object.values(turn.calls).reduce((sum, count) => sum + count, 0),
    isError,
  );
  // Nothing is known of a turn without content.
  if (turn.outcome === 'unknown') return;
  const isBad = isUnhelped(turn);
  addToBoth('turn.unhelped', isBad ? 1 : 0, isBad);
}
