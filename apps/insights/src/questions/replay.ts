import { backtestSteps, type BacktestSeries, expectedRanges, metricsWithParent, scorerConfig, windowOfStored } from '@telltale/pipeline-score'; // prettier-ignore
import { type DetectorReplay } from '@telltale/query';
import { setImmediate as othersFirst } from 'node:timers/promises';

/** Windows that are evaluated before others of this process get their turn: some ten milliseconds. */
const AT_ONCE = 500;

type Stored = Parameters<DetectorReplay['expectedRanges']>[0];

/** Runs `work` when it is its turn, among the queries of its tenant. */
type InTurn = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** Goes through all steps without holding up the process; the signal ends it. */
async function finish<T>(steps: Generator<number, T>, signal: AbortSignal): Promise<T> {
  for (let evaluated = 0; ;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    evaluated += value;
    if (evaluated < AT_ONCE) continue;
    evaluated = 0;
    await othersFirst();
    signal.throwIfAborted();
  }
}

function* windowsOf({ windows }: Stored): Generator<ReturnType<typeof windowOfStored>> {
  for (const [start = 0, count = 0, sum = 0, min = 0, max = 0, errors = 0, p50 = 0, p95 = 0] of windows)
    yield windowOfStored({ start, count, sum, min, max, errors, p50, p95 });
}

/** The scorer's own code over stored windows of `tenant`, on behalf of one request. */
export function createReplay(tenant: string, inTurn: InTurn, falsePerDay?: number): DetectorReplay {
  const { DETECTOR_FALSE_POSITIVES_PER_DAY: usual } = scorerConfig.parse({});
  return {
    defaultFalsePerDay: falsePerDay ?? usual,
    metricsWithParent,
    run: (series, { falsePerDay: budget, settings, until }) =>
      inTurn((signal) => {
        const all = series.map((one): BacktestSeries => ({ ...one, tenant, windows: windowsOf(one) }));
        const config = scorerConfig.parse({ DETECTOR_FALSE_POSITIVES_PER_DAY: budget });
        return finish(backtestSteps(all, until, { config, settings }), signal);
      }),
    expectedRanges: (series) =>
      inTurn((signal) => finish(expectedRanges({ ...series, tenant, windows: windowsOf(series) }), signal)),
  };
}
