import { useMemo } from 'react';
import { TimeChart } from '../../design/chart/time-chart';
import { Time } from '../../design/parts';
import { type Mark } from '../../api/deploys';
import { amountIn, type DashboardPanel, isOverTime, type PanelRow, seriesOf, statOf, unitOfColumn } from './panel-data';
import { type PanelAnswer } from './questions';

export const PANEL_HEIGHT = 240;
const MOST_ROWS = 50;
const MOST_CHARACTERS = 200;

interface Drawn {
  readonly panel: DashboardPanel;
  readonly answer: PanelAnswer;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly marks: readonly Mark[];
  readonly onZoom: (from: number, to: number) => void;
}

/** The rows of a panel in its form. */
export function PanelView({ panel, answer, from, to, stepMs, marks, onZoom }: Drawn) {
  const { form, unit, title } = panel;
  const { rows, truncated } = answer;
  const series = useMemo(() => (form === 'stat' || form === 'table' || !isOverTime(rows) ? null : seriesOf(rows, form, stepMs)), [rows, form, stepMs]);
  if (rows.length === 0) return <p className="quiet dashboard-none">Nothing of it in this time.</p>;
  const amount = amountIn(unit);
  const stat = form === 'stat' ? statOf(rows) : null;
  return (
    <>
      {stat !== null && <p className="dashboard-stat">{amount(stat)}</p>}
      {stat === null && series !== null && (
        <TimeChart label={title} series={series} from={from} to={to} amount={amount} height={PANEL_HEIGHT - 40} marks={marks} isStacked={form !== 'line' && series.length > 1} onZoom={onZoom} />
      )}
      {stat === null && series === null && <Rows title={title} rows={rows} />}
      {truncated && <p className="quiet">Only the first {rows.length.toLocaleString('en-US')} rows were read.</p>}
    </>
  );
} // prettier-ignore

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly PanelRow[] }) {
  const columns = Object.keys(rows[0] ?? {});
  const isNumber = (name: string): boolean => rows.every((row) => row[name] === null || typeof row[name] === 'number');
  return (
    <div className="table-frame dashboard-rows" tabIndex={0} role="region" aria-label={title}>
      <table className="rows">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className={isNumber(name) ? 'number' : undefined}>{name.replace(/_(ms|usd|share|at)$/, '').replaceAll('_', ' ')}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, nth) => (
            <tr key={nth}>
              {columns.map((name) => (
                <td key={name} className={isNumber(name) ? 'number' : undefined}><Cell name={name} value={row[name]} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className="quiet">The first {MOST_ROWS} of {rows.length.toLocaleString('en-US')} rows.</p>}
    </div>
  );
} // prettier-ignore

function Cell({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (value === null || value === undefined) return <>–</>;
  if (typeof value === 'number') return <>{amountIn(unitOfColumn(name))(value)}</>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/_at$/.test(name) && /^\d{4}-\d\d-\d\d \d\d:\d\d/.test(text)) return <Time at={text} />;
  return <>{text === '' ? '(none)' : text.slice(0, MOST_CHARACTERS)}</>;
}
