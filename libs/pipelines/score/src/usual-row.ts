import { type Baselines, type Holiday, holidayAt } from '@telltale/domain-detector';
import { DAY_MS } from '@telltale/kernel';
import { type Series } from './state/series';
import { openWindow } from './state/window';

/**
 * On a holiday the row that knows the usual days of a series, before a window at `start` is evaluated; undefined on a usual day. When a holiday
 * begins, the row is copied; when it is over, the copy takes its place. A series that is younger than a day knows no usual day: it learns.
 */
export function usualRowAt(
  baselines: Baselines,
  series: Series,
  holidays: readonly Holiday[],
  start: number,
): number | undefined {
  if (series.row < 0) return undefined;
  const now = holidayAt(holidays, start);
  if (!now) {
    endHoliday(baselines, series, start);
    return undefined;
  }
  const isKnown = now.from - baselines.presence(series.row).first >= DAY_MS && series.scored >= 0;
  if (!series.holiday && !isKnown) return series.row;
  series.holiday = { usualRow: series.holiday?.usualRow ?? baselines.addCopy(series.row), until: now.until };
  return series.holiday.usualRow;
}

function endHoliday(baselines: Baselines, series: Series, start: number): void {
  if (!series.holiday) return;
  const { usualRow, until } = series.holiday;
  const ended = Math.min(until, start);
  baselines.endHoliday(series.row, usualRow, ended);
  baselines.rows.remove(usualRow);
  series.holiday = null;
  // What waits to be evaluated together is of the holiday; traffic is counted from its end.
  series.longRun = null;
  series.run = series.model?.shape === 'traffic' ? openWindow(ended) : null;
}
