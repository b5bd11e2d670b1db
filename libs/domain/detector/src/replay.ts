import { createBaselines, RUN_COUNT, RUN_SPAN_MS, LONG_COUNT, LONG_SPAN_MS } from './baselines';
import { type EpisodeTransition, type Episode, followEpisode, openEpisode, opens, type Cooldown, cooldownOf } from './episode';
import { type Channel, type Evidence, cooldownChannel, sharesSignal } from './evidence';
import { type MetricModel, WINDOW_MS } from './model';

/** A window as it is stored: what remains of the measurements are two quantiles. */
export interface StoredWindow {
  /** ms since the epoch. */
  readonly start: number;
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
}

/** What would have been said, and how it went on. */
export interface Opening {
  readonly startedAt: number;
  readonly channel: Channel;
  readonly evidence: Evidence;
  /** null when it did not end. */
  endedAt: number | null;
  edge: EpisodeTransition;
}

export interface Replay {
  readonly openings: readonly Opening[];
  /** log p of each evaluation, by channel. */
  readonly logPs: ReadonlyMap<Channel, readonly number[]>;
}

interface Pending {
  readonly start: number;
  readonly windows: StoredWindow[];
  count: number;
}

/** The value that half of the weight lies at or below. */
function weightedMedian(windows: readonly StoredWindow[], valueOf: (window: StoredWindow) => number): number {
  const sorted = [...windows].sort((a, b) => valueOf(a) - valueOf(b));
  let left = sorted.reduce((sum, { count }) => sum + count, 0) / 2;
  for (const window of sorted) {
    left -= window.count;
    if (left <= 0) return valueOf(window);
  }
  return sorted.length > 0 ? valueOf(sorted[sorted.length - 1] as StoredWindow) : 0;
}

/** Windows that wait to be judged together; answers them when they are enough. */
function createRuns(count: number, spanMs: number): (window: StoredWindow) => Pending | null {
  let pending: Pending | null = null;
  return (window) => {
    pending ??= { start: window.start, windows: [], count: 0 };
    pending.windows.push(window);
    pending.count += window.count;
    if (pending.count < count && window.start + WINDOW_MS - pending.start < spanMs) return null;
    const done = pending;
    pending = null;
    return done;
  };
}

/**
 * Runs one series as the scorer would, over windows in order, with `perDay` false deviations a day accepted. Sparse windows are
 * merged by the weighted median of their quantiles, which is close to what the scorer does with their sketches.
 */
export function replay(windows: Iterable<StoredWindow>, model: MetricModel, perDay: number): Replay {
  const baselines = createBaselines();
  const row = baselines.add();
  const openings: Opening[] = [];
  const logPs = new Map<Channel, number[]>();
  const open = new Map<Channel, { episode: Episode; opening: Opening }>();
  const cooldowns = new Map<Channel, Cooldown>();
  const nextRun = createRuns(RUN_COUNT, RUN_SPAN_MS);
  const nextLong = createRuns(LONG_COUNT, LONG_SPAN_MS);

  function follow(known: { episode: Episode; opening: Opening }, evidence: Evidence, start: number): void {
    const { episode, edge } = followEpisode(known.episode, evidence, start);
    open.set(evidence.channel, { ...known, episode });
    if (edge === 'none') return;
    open.delete(evidence.channel);
    Object.assign(known.opening, { edge, endedAt: start });
    const cooling = cooldownChannel(evidence.channel);
    if (cooling) cooldowns.set(cooling, cooldownOf(episode, start));
  }

  function consider(evidence: Evidence, start: number): void {
    const { channel } = evidence;
    const list = logPs.get(channel);
    if (list) list.push(evidence.logP);
    else logPs.set(channel, [evidence.logP]);
    const known = open.get(channel);
    if (known) return follow(known, evidence, start);
    for (const other of open.keys()) if (sharesSignal(channel, other)) return;
    if (!opens(evidence, Math.log(perDay), cooldowns.get(cooldownChannel(channel) ?? channel), start)) return;
    const opening: Opening = { startedAt: start, channel, evidence, endedAt: null, edge: 'none' };
    openings.push(opening);
    if (channel === 'drift') baselines.restDrift(row);
    else open.set(channel, { episode: openEpisode(evidence, start), opening });
  }

  let longRuns = 0;
  let wholeRuns = 0;
  /**
   * The 95th percentile of several windows cannot be had from those of each, so the slow end is reported only of series whose windows are
   * nearly always large enough alone.
   */
  function evaluateLong({ windows: merged, count }: Pending, end: number): Evidence[] {
    longRuns++;
    if (merged.length === 1) wholeRuns++;
    const p50 = weightedMedian(merged, (w) => w.p50);
    const p95 = weightedMedian(merged, (w) => w.p95);
    const said = baselines.evaluateLongRun(row, model, { end, count, p50, p95 });
    return wholeRuns >= 0.9 * longRuns ? said : said.filter(({ channel }) => channel !== 'p95');
  }

  for (const window of windows) {
    const evidence = baselines.evaluateWindow(row, model, window);
    if (model.shape !== 'rate') {
      const end = window.start + WINDOW_MS;
      const run = nextRun(window);
      if (run)
        evidence.push(
          ...baselines.evaluateRun(row, model, { end, count: run.count, p50: weightedMedian(run.windows, (w) => w.p50) }),
        );
      const long = nextLong(window);
      if (long) evidence.push(...evaluateLong(long, end));
    }
    for (const one of evidence) consider(one, window.start);
  }
  return { openings, logPs };
}
