import { useMemo, useState } from 'react';
import { Link, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Suggest } from '../../design/fields';
import { Page } from '../../design/page';
import { Empty, Failure, Time } from '../../design/parts';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { DashboardChips } from './dashboard-list';
import { Panels } from './panels';
import { PinDialog, type ToPin } from './pin-dialog';
import { type Choice, type Dashboard, exported, useDashboard, useDashboards, usePin, useUnpin } from './questions';
import { layoutOf, shownIds } from './layout';
import { SaveFile } from './save-file';
import './dashboards.css';

export default function DashboardsPages() {
  return (
    <Switch>
      <Route path="/dashboards/:name">{({ name }) => <DashboardsPage name={name} />}</Route>
      <Route path="/dashboards">
        <DashboardsPage name="" />
      </Route>
    </Switch>
  );
}

/** A dashboard: a pinned one by its name, else one made of the data. What is shown, and in which order, stands in the address. */
function DashboardsPage({ name }: { readonly name: string }) {
  const { since, until } = useRange('24h');
  const [params] = useSearchParams();
  const [service, setService] = useUrl('service');
  const [incident] = useUrl('incident');
  const isOwnTime = incident !== '' && !params.has('since');
  const choice: Choice = useMemo(
    () => ({ name, service: incident === '' ? service : '', incident, since: isOwnTime ? undefined : since, until: isOwnTime ? undefined : until }),
    [name, service, incident, isOwnTime, since, until],
  );
  const list = useDashboards();
  const asked = useDashboard(choice, !list.of.isPending);
  const { data } = asked.of;
  const [toPin, setToPin] = useState<ToPin | null>(null);
  return (
    <Page title={data?.title ?? 'Dashboards'} subtitle={data ? <Subtitle dashboard={data} /> : 'Made from what the data has, or pinned by somebody'} actions={data && <Actions choice={choice} dashboard={data} onPin={setToPin} />}>
      <div className="filters">
        {isOwnTime ? null : <RangePicker />}
        {name === '' && incident === '' && <Suggest label="Service" field="service_name" value={service} onChange={setService} placeholder="all" />}
      </div>
      <Asked {...list} height={64}>
        {(all) => <DashboardChips list={all} choice={choice} />}
      </Asked>
      <Asked {...asked} height={720}>
        {(dashboard) => (dashboard.panels.length === 0 ? <Nothing /> : <Panels key={`${name} ${service} ${incident}`} choice={choice} dashboard={dashboard} onPin={setToPin} />)}
      </Asked>
      <PinDialog what={toPin} pinned={list.of.data?.pinned ?? []} onClose={() => setToPin(null)} />
    </Page>
  );
} // prettier-ignore

const Subtitle = ({ dashboard: { about, since, until, looked_at_from: from } }: { readonly dashboard: Dashboard }) => (
  <>
    {about} From <Time at={since} by="clock" /> to <Time at={until} by="clock" />
    {from !== null && Date.parse(from) > Date.parse(since) && <>; what is shown was chosen by the events since <Time at={from} by="clock" /></>}.
  </>
); // prettier-ignore

interface ActionsProps {
  readonly choice: Choice;
  readonly dashboard: Dashboard;
  readonly onPin: (what: ToPin) => void;
}
function Actions({ choice, dashboard, onPin }: ActionsProps) {
  const { can, why } = useCan('admin');
  const [named, setNamed] = useUrl('panels');
  const [, go] = useLocation();
  const pin = usePin();
  const unpin = useUnpin();
  const all = dashboard.panels.map(({ id }) => id);
  const ids = shownIds(all, named);
  const isChanged = layoutOf(all, ids) !== '';
  const panels = ids.flatMap((id) => dashboard.panels.find((one) => one.id === id) ?? []);
  const { title, about, version, name } = dashboard;
  return (
    <>
      {isChanged && <button type="button" className="button" onClick={() => setNamed('')}>Undo changes</button>}
      {name === null ? (
        <button type="button" className="button" data-main="true" disabled={!can || panels.length === 0} title={why} onClick={() => onPin({ title, about, panels })}>Pin dashboard</button>
      ) : (
        <>
          {isChanged && (
            <button type="button" className="button" data-main="true" disabled={!can || pin.isPending} title={why} onClick={() => pin.mutate({ name, title, about, panels, version }, { onSuccess: () => setNamed('') })}>Save changes</button>
          )}
          <button type="button" className="button" disabled={!can || unpin.isPending} title={why} onClick={() => unpin.mutate(name, { onSuccess: () => go('/dashboards') })}>Unpin</button>
        </>
      )}
      <SaveFile name={`${name ?? 'telltale'}-grafana.json`} label="Export for Grafana" why={isChanged ? 'Save or undo the changes first: what is exported is what the server has' : undefined} content={() => exported(choice)} />
      {(pin.isError || unpin.isError) && <Failure error={pin.error ?? unpin.error} />}
    </>
  );
} // prettier-ignore

const Nothing = () => (
  <Empty title="Nothing came in this time">
    <p className="quiet">
      A dashboard is made of what the data has: traffic, outcomes, time, money, and what sets turns apart. Choose a longer time, or <Link href="/">send a first event</Link>.
    </p>
  </Empty>
); // prettier-ignore
