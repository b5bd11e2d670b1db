import { useCallback, useMemo } from 'react';
import { type Mark } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { Chart } from '../../design/chart/chart';
import { type Palette } from '../../design/chart/palette';
import { MARGIN } from '../../design/chart/time-option';
import { Empty } from '../../design/parts';
import { durationOf } from '../../format/numbers';
import { clockOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { amountOf, rowsName } from './amounts';
import { boxBetween, type Cell, cornersOf } from './box';
import { type ExploreState } from './explore-state';
import { HeatGlass } from './heat-glass';
import { heatOption } from './heat-option';
import { type HeatMap, heatMapKey, useHeatMap } from './questions';

const HEIGHT = 340;
const DAY = 86_400_000;

/** How long turns or events took, as cells of time and duration. A box that is dragged over them is compared with the rest. */
export function Durations({ state, marks }: { readonly state: ExploreState; readonly marks: readonly Mark[] }) {
  const heatMap = useHeatMap(state);
  return (
    <Asked of={heatMap} queryKey={heatMapKey(state)} height={HEIGHT + 48}>
      {(data) => (data.cells.length === 0 ? <NoDuration data={data} /> : <Cells state={state} data={data} marks={marks} />)}
    </Asked>
  );
}

const NoDuration = ({ data }: { readonly data: HeatMap }) => (
  <Empty title="Nothing with a duration here">
    <p className="quiet">
      {data.without_duration > 0
        ? `${rowsName(data.of, data.without_duration)} without a duration: their producer sends none.`
        : 'Choose a longer time, or take out a filter.'}
    </p>
  </Empty>
);

interface CellsProps {
  readonly state: ExploreState;
  readonly data: HeatMap;
  readonly marks: readonly Mark[];
}

function Cells({ state, data, marks }: CellsProps) {
  const [zone] = useZone();
  const grid = useMemo(() => ({ times: data.times.map((at) => Date.parse(at)), stepMs: data.step_ms, levels: data.levels }), [data]);
  const counts = useMemo(() => new Map(data.cells.map((cell) => [`${cell.time} ${cell.level}`, cell])), [data]);
  const isLong = data.times.length * data.step_ms > 2 * DAY;
  const option = useCallback(
    (palette: Palette) => heatOption(data, (at) => (isLong ? clockOf(at, zone).slice(5, 16) : clockOf(at, zone).slice(11, 16)), durationOf, palette),
    [data, isLong, zone],
  );
  const { box, setBox } = state;
  const first = grid.times[0] ?? 0;
  const span = grid.times.length * data.step_ms;
  const shown = marks.filter(({ at }) => at >= first && at < first + span);

  function tipOf({ time, level }: Cell, isPinned: boolean) {
    const cell = counts.get(`${time} ${level}`);
    const { from_ms: from = 0, to_ms: to = 0, percentile = 0 } = data.levels[level] ?? {};
    const below = data.levels[level - 1]?.percentile ?? 0;
    const at = grid.times[time] ?? 0;
    return (
      <>
        <strong>{durationOf(from)} to {durationOf(to)}</strong>
        <span>{rowsName(data.of, cell?.count ?? 0)}{cell && cell.failed > 0 ? `, ${amountOf('rows')(cell.failed)} failed` : ''}</span>
        <span>percentile {below} to {percentile} of all {data.of} shown</span>
        <span className="quiet">{clockOf(at, zone).slice(0, 19)}{zone === 'utc' ? ' UTC' : ''}, {durationOf(data.step_ms)}</span>
        {isPinned && (
          <p className="explore-pinned">
            <button type="button" className="button" onClick={() => setBox(boxBetween({ time, level }, { time, level }, grid))}>
              Compare it with the rest
            </button>
            <button type="button" className="button" onClick={() => setBox(boxBetween({ time: 0, level }, { time: grid.times.length - 1, level: grid.levels.length - 1 }, grid))}>
              All as slow, or slower
            </button>
          </p>
        )}
      </>
    );
  }
  return (
    <figure className="chart">
      <HeatGlass
        label={`Durations of ${data.of} over time`}
        columns={data.times.length}
        levels={data.levels.length}
        height={HEIGHT}
        corners={box ? cornersOf(box, grid) : null}
        onSelect={(corners) => setBox(corners ? boxBetween(...corners, grid) : null)}
        tipOf={tipOf}
      >
        <Chart option={option} height={HEIGHT} label={`${rowsName(data.of, data.count)} by time and duration`} />
        {shown.map(({ at, text }) => (
          <div
            key={`${at} ${text}`}
            className="heat-mark"
            title={text}
            style={{ left: `calc(${MARGIN.left}px + (100% - ${MARGIN.left + MARGIN.right}px) * ${(at - first) / span})` }}
          />
        ))}
      </HeatGlass>
      <figcaption className="quiet">
        The stronger the colour, the more. Drag a box to compare it with the rest; by keys: arrows, Shift and arrows, Enter.
        {data.without_duration > 0 && ` ${rowsName(data.of, data.without_duration)} without a duration ${data.without_duration === 1 ? 'is' : 'are'} not shown.`}
        {data.sampled_one_in > 1 && ` ≈ One turn in ${data.sampled_one_in} was read.`}
        {shown.length > 0 && ` Deployed: ${shown.map(({ at, text }) => `${text} at ${clockOf(at, zone).slice(0, 16)}`).join('; ')}.`}
      </figcaption>
    </figure>
  );
} // prettier-ignore
