import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import { SessionsPage } from './sessions-page';

const SessionPage = lazy(() => import('./session-page'));

export default function SessionPages() {
  return (
    <Switch>
      <Route path="/sessions/:id" component={SessionPage} />
      <Route path="/sessions" component={SessionsPage} />
    </Switch>
  );
}
