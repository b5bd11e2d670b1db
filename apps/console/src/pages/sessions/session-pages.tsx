import { Route, Switch } from 'wouter';
import { loadedPage } from '../loaded-page';
import { SessionsPage } from './sessions-page';

const { page: SessionPage } = loadedPage(() => import('./session-page'));

export default function SessionPages() {
  return (
    <Switch>
      <Route path="/sessions/:id" component={SessionPage} />
      <Route path="/sessions" component={SessionsPage} />
    </Switch>
  );
}
