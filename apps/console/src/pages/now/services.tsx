import { TableFrame } from '../../design/parts';
import { Link } from 'wouter';
import { Section } from '../../design/page';
import { turnsHref } from '../../format/links';
import { countOf, durationOf, moneyOf, numberOf, shareOf } from '../../format/numbers';
import { useUrlChange } from '../../shell/url';
import { type Health } from './questions';

const MOST = 50;

export function Services({ services }: { readonly services: Health['services'] }) {
  const change = useUrlChange();
  if (services.length === 0) return null;
  return (
    <Section title="Services">
      <TableFrame label="Services">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Service</th>
              {['Turns', 'Unhelped', 'p95', 'Cost'].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">Only this</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {services.map((one) => (
              <tr key={one.service_name}>
                <td>
                  <Link href={turnsHref({ service: one.service_name })}>{one.service_name || '(no name)'}</Link>
                </td>
                <td className="number">{countOf(one.turns)}</td>
                <td className="number">{shareOf(one.unhelped_turns, one.known_turns)}</td>
                <td className="number">{durationOf(one.p95_ms)}</td>
                <td className="number">{moneyOf(numberOf(one.cost_nano_usd))}</td>
                <td>
                  {one.service_name !== '' && (
                    <button type="button" className="link" onClick={() => change({ service: one.service_name })}>
                      Only {one.service_name}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {services.length >= MOST && <p className="quiet">The {MOST} services with the most turns are shown.</p>}
    </Section>
  );
}
