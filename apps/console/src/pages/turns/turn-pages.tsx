import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import { TurnsPage } from './turns-page';

const TurnPage = lazy(() => import('../turn/turn-page'));

export default function TurnPages() {
  return (
    <Switch>
      <Route path="/turns/:id" component={TurnPage} />
      <Route path="/turns" component={TurnsPage} />
    </Switch>
  );
}
