import { useMemo, useState } from 'react';
import { ApiFailure } from '../../api/client';
import { Chart } from '../../design/chart/chart';
import { TimeChart } from '../../design/chart/time-chart';
import { Copy } from '../../design/copy';
import { Dialog } from '../../design/dialog';
import { Choice, Field, Suggest, TextFilter } from '../../design/fields';
import { Menu } from '../../design/menu';
import { Page, Section } from '../../design/page';
import { Badge, Empty, Failure, Kind, Outcome, Skeleton, Stat, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { Tabs } from '../../design/tabs';
import { Tip } from '../../design/tip';
import { countOf, durationOf, moneyOf } from '../../format/numbers';
import { useNow } from '../../shell/preferences';
import { exampleHeat, exampleRows, exampleSeries, type ExampleRow } from './examples';

const ROWS = 10_000;
const KINDS = ['turn', 'llm', 'tool', 'retrieval', 'agent', 'log', 'other'] as const;
const OUTCOMES = ['answered', 'error', 'abandoned', 'transferred', 'refused', 'unknown', 'open', 'closed'] as const;
const COLORS = ['ground', 'surface', 'raised', 'line', 'ink', 'ink-quiet', 'focus', 'wash', 'good', 'warn', 'bad', 'bad-wash', 'band', 'mark'] as const; // prettier-ignore

const COLUMNS: readonly TableColumn<ExampleRow>[] = [
  { id: 'name', name: 'Name', cell: ({ name }) => name, sortBy: ({ name }) => name, width: 'minmax(160px, 2fr)' },
  { id: 'outcome', name: 'Outcome', cell: ({ outcome }) => <Outcome of={outcome} />, sortBy: ({ outcome }) => outcome },
  { id: 'took', name: 'Took', cell: ({ took }) => durationOf(took), sortBy: ({ took }) => took, isNumber: true },
  { id: 'cost', name: 'Cost', cell: ({ cost }) => moneyOf(cost), sortBy: ({ cost }) => cost, isNumber: true },
];

/** Every part that pages are made of, in its states: to look at while one is changed, and to measure. */
export default function PartsPage() {
  const now = useNow();
  const rows = useMemo(() => exampleRows(ROWS), []);
  const { series, from, to, marks } = useMemo(() => exampleSeries(), []);
  const [chosen, setChosen] = useState('');
  const [text, setText] = useState('');
  const [choice, setChoice] = useState('a');
  const [isOpen, setOpen] = useState(false);
  return (
    <Page title="Parts" subtitle="What pages are made of, in every state">
      <Section title="Colours">
        <div className="parts-row">
          {COLORS.map((name) => (
            <span key={name} className="parts-color">
              <span style={{ background: `var(--${name})` }} />
              {name}
            </span>
          ))}
        </div>
      </Section>
      <Section title="Words and states">
        <div className="parts-row">
          {OUTCOMES.map((one) => (
            <Outcome key={one} of={one} />
          ))}
          <Badge tone="good">good</Badge>
          <Badge tone="warn">warn</Badge>
          <Badge tone="bad">bad</Badge>
        </div>
        <div className="parts-row">
          {KINDS.map((one) => (
            <Kind key={one} of={one} />
          ))}
        </div>
        <p>
          A moment: <Time at={new Date(now - 95_000).toISOString()} />, by the clock{' '}
          <Time at={new Date(now - 95_000).toISOString()} by="clock" />
        </p>
        <dl className="stats">
          <Stat name="Turns" beside="1,102 in the hour before">
            {countOf(1234)}
          </Stat>
          <Stat name="Slowest 5 %">{durationOf(2345)}</Stat>
          <Stat name="Cost" beside="3 calls without a price">
            {moneyOf(12_340_000_000)}
          </Stat>
        </dl>
      </Section>
      <Section title="Controls">
        <div className="filters">
          <TextFilter key={text} label="Text" value={text} onChange={setText} placeholder="counts at Enter" />
          <Suggest label="Service" field="service_name" value="" onChange={() => undefined} />
          <Choice label="Choice" value={choice} options={[['a', 'first'], ['b', 'second']]} onChange={setChoice} />
          <Choice label="Disabled" value="a" options={[['a', 'first']]} onChange={() => undefined} disabled />
          <Field label="With an error" error="the field is empty: give it a name">
            <input defaultValue="" />
          </Field>
        </div>
        <div className="parts-row">
          <button type="button" className="button">Button</button>
          <button type="button" className="button" data-main="true">Main button</button>
          <Tip text="No scope to do this">
            <button type="button" className="button" aria-disabled="true">Disabled, with the reason</button>
          </Tip>
          <Copy text="text" name="Copy" />
          <Menu name="Menu" items={[{ name: 'One', onChoose: () => undefined }, { name: 'Disabled', onChoose: () => undefined, disabled: true }]} />
          <button type="button" className="button" onClick={() => setOpen(true)}>Dialog</button>
          <Dialog title="A dialog" isOpen={isOpen} onClose={() => setOpen(false)}>
            <p>Escape closes it.</p>
          </Dialog>
        </div>
        <Tabs label="Tabs" param="part" tabs={[{ id: 'one', name: 'One', content: () => <p>The first</p> }, { id: 'two', name: 'Two', content: () => <p>The second</p> }]} />
      </Section>
      <Section title="Loading, empty, failed">
        <Skeleton height={60} />
        <Empty title="Nothing yet">
          <p className="quiet">What to do about it.</p>
        </Empty>
        <Failure error={new ApiFailure(400, 'bad_parameter', 'since: is no time', 'give 24h or an ISO 8601 time')} again={() => undefined} />
      </Section>
      <Section title="Charts">
        <div className="card">
          <TimeChart label="An example of series" series={series} from={from} to={to} marks={marks} amount={durationOf} threshold={2_600} />
        </div>
        <div className="card">
          <Chart label="An example of a heat map" height={160} option={exampleHeat} />
        </div>
      </Section>
      <Section title={`A table of ${countOf(ROWS)} rows`}>
        <DataTable label="Example rows" rows={rows} columns={COLUMNS} rowId={({ id }) => id} onChoose={({ id }) => setChosen(id)} chosen={chosen} maxHeight={400} />
      </Section>
    </Page>
  );
} // prettier-ignore
