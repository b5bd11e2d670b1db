import { type Operations } from '@telltale/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useAsked } from '../../api/use-asked';
import { createQueue } from './one-by-one';
import { type DashboardPanel, type PanelRow } from './panel-data';

export type Dashboard = Operations['getDashboard']['answer'];
export type DashboardList = Operations['listDashboards']['answer'];

/** Which dashboard: a pinned one, or one that is made of everything, a service or an incident. */
export interface Choice {
  readonly name: string;
  readonly service: string;
  readonly incident: string;
  /** As the API takes it; absent: of an incident its own time. */
  readonly since: string | undefined;
  readonly until: string | undefined;
}

const LIST = ['dashboards'];
export const useDashboards = () => useAsked(LIST, (signal) => api.listDashboards({}, signal));

const timesOf = ({ since, until }: Choice) => ({ ...(since !== undefined && { since }), ...(until !== undefined && { until }) });
const madeOf = ({ service, incident, ...rest }: Choice) => ({ ...timesOf({ service, incident, ...rest }), ...(service !== '' && { service }), ...(incident !== '' && { incident }) }); // prettier-ignore

const readDashboard = (choice: Choice, signal: AbortSignal): Promise<Dashboard> =>
  choice.name === ''
    ? api.proposeDashboard(madeOf(choice), signal)
    : api.getDashboard({ name: choice.name, ...timesOf(choice) }, signal);

/** `isEnabled`: after the list, for the questions of a tenant are answered one by one. */
export const useDashboard = (choice: Choice, isEnabled: boolean) =>
  useAsked(['dashboard', choice], (signal) => readDashboard(choice, signal), { isEnabled });

/** Panels ask one after the other, those in sight first. */
const inTurn = createQueue(1);

export interface PanelAnswer {
  readonly rows: readonly PanelRow[];
  readonly truncated: boolean;
}
export const usePanel = (
  choice: Choice,
  { since, until }: Pick<Dashboard, 'since' | 'until'>,
  panel: string,
  isSeen: boolean,
) => {
  const which = choice.name === '' ? madeOf(choice) : { name: choice.name };
  const asked = { ...which, since, until, panel };
  return useAsked(['panel', asked], (signal): Promise<PanelAnswer> => inTurn(() => api.readPanel(asked, signal), signal), {
    isEnabled: isSeen,
  });
};

export const exported = (choice: Choice): Promise<object> =>
  api.exportDashboard(choice.name === '' ? madeOf(choice) : { name: choice.name });

interface Pinned {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly panels: readonly DashboardPanel[];
  /** Of the dashboard that is changed; 0: there is none of this name yet. */
  readonly version: number;
}

/** Keeps a dashboard as a setting. */
export function usePin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, title, about, panels, version }: Pinned) =>
      api.putSetting({
        type: 'dashboard',
        name,
        if_version: version,
        value: { title, about, panels: panels.map(({ title: asked, why, form, unit, sql, service, open }) => ({ title: asked, why, form, unit, sql, ...(service !== undefined && { service }), ...(open && { open }) })) },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: LIST });
      await client.invalidateQueries({ queryKey: ['dashboard'] });
    },
  });
} // prettier-ignore

export function useUnpin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.deleteSetting({ type: 'dashboard', name }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  });
}
