import { Route, Switch } from 'wouter';
import { useSession } from './api/session';
import { Empty, Failure } from './design/parts';
import { IncidentsPage } from './pages/incidents';
import { NowPage } from './pages/now';
import { SignInPage } from './pages/sign-in';
import { TurnPage } from './pages/turn';
import { TurnsPage } from './pages/turns';
import { Shell } from './shell/shell';

export function App() {
  const session = useSession();
  if (session.isPending) return null;
  if (session.isError) return <Failure error={session.error} again={() => void session.refetch()} />;
  if (session.data === null) return <SignInPage />;
  return (
    <Shell session={session.data}>
      <Switch>
        <Route path="/" component={NowPage} />
        <Route path="/incidents" component={IncidentsPage} />
        <Route path="/turns" component={TurnsPage} />
        <Route path="/turns/:id">{({ id }) => <TurnPage id={id} />}</Route>
        <Route>
          <Empty title="There is no such page">
            <a href="/">To what is happening now</a>
          </Empty>
        </Route>
      </Switch>
    </Shell>
  );
}
