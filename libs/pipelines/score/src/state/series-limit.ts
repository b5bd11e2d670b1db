import { WINDOW_MS } from '@telltale/domain-detector';
import { countCuts, createBoundedKeys, type Effects, type KeyLimits } from '@telltale/streaming';
import { type Evaluator } from '../evaluator';
import { type Series, type SeriesTable } from './series';

/** Bounds the series of each tenant and of the task, and removes those that have had no data for very long. */
export interface SeriesLimit {
  /** The series is new, or one of its windows was scored. Parents that are merged from their parts go with the last part. */
  touch(series: Series, now: number): void;
  /** Ends a batch: `onGone` is called for each series that is removed, parents and parts included, while it still has its windows. */
  cut(now: number, effects: Effects, onGone: (series: Series) => void): void;
  due(now: number): boolean;
}

export interface SeriesLimitParts {
  readonly table: SeriesTable;
  readonly evaluator: Evaluator;
  readonly limits: KeyLimits;
}

export function createSeriesLimit({ table, evaluator, limits }: SeriesLimitParts): SeriesLimit {
  const known = [...table.all()].filter(({ seenAt }) => seenAt > 0);
  const bounded = createBoundedKeys(
    limits,
    known.map(({ tenant, id, seenAt }) => ({ tenant, key: id, at: seenAt })),
  );

  function remove(series: Series, effects: Effects, onGone: (series: Series) => void): void {
    if (!table.get(series.id)) return;
    // Parts are compared with their parent and cannot be without it.
    for (const part of [...series.parts]) remove(part, effects, onGone);
    // The last part may have taken it along.
    if (!table.get(series.id)) return;
    for (const channel of [...series.anomalies.keys()]) evaluator.close(series, channel, series.scored + WINDOW_MS, effects);
    onGone(series);
    bounded.remove(series.tenant, series.id);
    table.remove(series);
    const { parent } = series;
    if (parent && parent.parts.size === 0 && parent.seenAt === 0) remove(parent, effects, onGone);
  }

  return {
    touch(series, now) {
      if (series.isParent) return;
      series.seenAt = now;
      bounded.touch(series.tenant, series.id, now);
    },
    cut(now, effects, onGone) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        const series = table.get(key);
        if (series) remove(series, effects, onGone);
      }
      countCuts('series', cut, effects.count);
    },
    due: bounded.due,
  };
}
