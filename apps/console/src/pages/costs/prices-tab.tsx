import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Suggest } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, TableFrame } from '../../design/parts';
import { countOf, moneyOf } from '../../format/numbers';
import { RangePicker } from '../../shell/range';
import { useHere, useUrl } from '../../shell/url';
import { useCostFilter } from './cost-filters';
import { type Answer, useGaps, usePrice } from './questions';

type Gap = Answer<'listPriceGaps'>['gaps'][number];
type Price = Answer<'getPrice'>;
const LIMIT = 100;

/** Models without a price, and what the price of a model is and where it comes from. */
export function PricesTab() {
  const { times } = useCostFilter();
  const [model, setModel] = useUrl('model');
  const [provider, setProvider] = useUrl('provider');
  const gaps = useGaps({ ...times, limit: LIMIT });
  const price = usePrice({ model, ...(provider === '' ? {} : { provider }) });
  return (
    <>
      <div className="filters"><RangePicker fallback="7d" /></div>
      <Section title="Models without a price" beside={<Download name="price-gaps" rows={gaps.of.data?.gaps ?? []} columns={CSV} />}>
        <Asked {...gaps} height={240}>{({ gaps: models }) => <Gaps models={models} />}</Asked>
      </Section>
      <Section title="What a call of a model costs now">
        <div className="filters">
          <Suggest label="Model" field="response_model" value={model} onChange={setModel} placeholder="gpt-4o" />
          <Suggest label="Provider" field="provider" value={provider} onChange={setProvider} placeholder="any" />
        </div>
        {model === '' ? <p className="quiet">Name a model, as events name it, to see its price and where it comes from.</p> : <Asked {...price} height={160}>{(data) => <PriceOf data={data} />}</Asked>}
      </Section>
    </>
  );
} // prettier-ignore

function Gaps({ models }: { readonly models: readonly Gap[] }) {
  const here = useHere();
  if (models.length === 0)
    return (
      <Empty title="Every call of a model has a price">
        <p className="quiet">So sums of this time hold all of them. A model that nobody knows a price of would stand here, with an estimate of what it hides.</p>
      </Empty>
    );
  return (
    <>
      <TableFrame label="Models without a price">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Model</th><th scope="col" className="number">Calls</th><th scope="col" className="number">Tokens in</th><th scope="col" className="number">Tokens out</th>
              <th scope="col">Would cost, by its family</th><th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {models.map((gap) => (
              <tr key={`${gap.provider} ${gap.model} ${gap.service_tier}`}>
                <td><Link href={here({ model: gap.model, provider: gap.provider })}>{gap.provider}/{gap.model}</Link>{gap.service_tier && <span className="quiet"> {gap.service_tier}</span>}</td>
                <td className="number">{countOf(gap.calls)}</td>
                <td className="number">{countOf(gap.input_tokens)}</td>
                <td className="number">{countOf(gap.output_tokens)}</td>
                <td>{gap.least_nano_usd === null ? <span className="quiet">no known family</span> : `${moneyOf(gap.least_nano_usd)} to ${moneyOf(gap.most_nano_usd)}`}</td>
                <td className="mono">{gap.priced_now ? 'telltale costs reprice' : `telltale settings set price NAME model=${gap.model}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p className="quiet">{models.length >= LIMIT ? `The ${LIMIT} with the most calls` : 'All of this time'}. What they would cost is an estimate and in no sum.</p>
    </>
  );
} // prettier-ignore

const RATES = [['input', 'Input'], ['output', 'Output'], ['cache_read', 'From a cache'], ['cache_write', 'To a cache'], ['cache_write_1h', 'To a cache, 1 h']] as const; // prettier-ignore
const SOURCES: Readonly<Record<Price['sources'][number]['source'], string>> = {
  tenant_price: 'your price setting',
  tenant_file: 'your price file',
  all_tenants_price: 'a price setting of all tenants',
  all_tenants_file: 'a price file of all tenants',
  built_in: 'the built-in table',
};
const rate = (usd: number | null): string => (usd === null ? '–' : `$${usd}`);

function PriceOf({ data }: { readonly data: Price }) {
  if (data.in_force === null && data.sources.length === 0)
    return <p className="quiet">No source knows this model: its calls are without a price, which is not zero. Set one with telltale settings set price.</p>;
  const rows = [...(data.in_force ? [{ ...data.in_force, source: 'in force, discounts taken off' }] : []), ...data.sources.map((one) => ({ ...one, source: SOURCES[one.source] }))];
  return (
    <TableFrame label="Prices by source">
      <table className="rows">
        <thead><tr><th scope="col">Source</th><th scope="col">Version</th>{RATES.map(([id, name]) => <th key={id} scope="col" className="number">{name}</th>)}</tr></thead>
        <tbody>
          {rows.map(({ source, version, usd_per_million: rates }) => (
            <tr key={`${source} ${version}`}><td>{source}</td><td>{version}</td>{RATES.map(([id]) => <td key={id} className="number">{rate(rates[id])}</td>)}</tr>
          ))}
        </tbody>
        <caption className="quiet">Dollars per million tokens; the source that counts comes first</caption>
      </table>
    </TableFrame>
  );
} // prettier-ignore

const CSV = (['provider', 'model', 'service_tier', 'calls', 'input_tokens', 'output_tokens', 'priced_now', 'family', 'least_nano_usd', 'most_nano_usd'] as const).map((name) => ({ name, of: (gap: Gap) => gap[name] })); // prettier-ignore
