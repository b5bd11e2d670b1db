import { moneyOf } from '../../format/numbers';
import { placesOf, type WaterfallBar } from './waterfall';
import { signed } from './words';

/** A waterfall as a table: a row for each bar, so that it is read as well as seen, at any width. */
export function WaterfallChart({ bars, label }: { readonly bars: readonly WaterfallBar[]; readonly label: string }) {
  const places = placesOf(bars);
  return (
    <table className="cost-waterfall" aria-label={label}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Part</th>
          <th scope="col">From where to where it reaches</th>
          <th scope="col">What it changed</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, kind, amount, from, to }, i) => (
          <tr key={name} data-kind={kind}>
            <th scope="row">{name}</th>
            <td className="cost-track">
              <span className="visually-hidden">
                {moneyOf(from)} to {moneyOf(to)}
              </span>
              <span
                className="cost-bar"
                data-tone={kind === 'total' ? 'total' : amount > 0 ? 'more' : 'less'}
                style={{ left: `${(places[i]?.left ?? 0) * 100}%`, width: `${(places[i]?.width ?? 0) * 100}%` }}
              />
            </td>
            <td className="number">{kind === 'total' ? moneyOf(amount) : signed(moneyOf(amount))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
