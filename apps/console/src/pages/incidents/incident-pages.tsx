import { Route, Switch } from 'wouter';
import { IncidentPage } from './incident-page';
import { IncidentsPage } from './incidents-page';
import './incident.css';

export default function IncidentPages() {
  return (
    <Switch>
      <Route path="/incidents/:id">{({ id }) => <IncidentPage key={id} id={id} />}</Route>
      <Route path="/incidents" component={IncidentsPage} />
    </Switch>
  );
}
