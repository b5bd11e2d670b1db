import { Route, Switch } from 'wouter';
import { loadedPage } from '../loaded-page';
import { TurnsPage } from './turns-page';

const { page: TurnPage } = loadedPage(() => import('../turn/turn-page'));

export default function TurnPages() {
  return (
    <Switch>
      <Route path="/turns/:id" component={TurnPage} />
      <Route path="/turns" component={TurnsPage} />
    </Switch>
  );
}
