import { type ReactNode } from 'react';
import { useCan, useSession } from '../../api/session';
import { Asked } from '../../design/asked';
import { Page } from '../../design/page';
import { Empty } from '../../design/parts';
import { Tabs } from '../../design/tabs';
import { ApiKeys } from './api-keys';
import { History } from './history';
import { Privacy } from './privacy';
import { type SettingType, type SettingTypes, useSettingTypes } from './questions';
import { Receivers } from './receivers';
import { Budgets, Others, Prices, Silences, Views } from './sections';
import './settings.css';

const SHOWN: readonly SettingType[] = ['api_key', 'tenant', 'budget', 'receiver', 'silence', 'price', 'price_file', 'price_file_part', 'discount', 'tool_price', 'view', 'dashboard']; // prettier-ignore

/** What people set while Telltale runs, and who set it. */
export default function SettingsPage() {
  const { can, why } = useCan('admin');
  const { data: session } = useSession();
  const types = useSettingTypes(can);
  const ofAdmins = (content: (types: SettingTypes) => ReactNode) => () =>
    can ? (
      <Asked of={types} queryKey={['settings', 'types']} height={320}>
        {content}
      </Asked>
    ) : (
      <Empty title="For keys with the scope admin">
        <p>{why}. Sign in with another key, or ask somebody who has one.</p>
      </Empty>
    );
  return (
    <Page title="Settings" subtitle={`Of tenant ${session?.tenant ?? ''}. A change takes effect within seconds.`}>
      <Tabs
        label="Settings"
        tabs={[
          { id: 'keys', name: 'API keys', content: ofAdmins((known) => <ApiKeys types={known} />) },
          { id: 'privacy', name: 'Privacy', content: () => <Privacy types={types.data} /> },
          { id: 'receivers', name: 'Receivers', content: ofAdmins((known) => <Receivers types={known} />) },
          { id: 'silences', name: 'Silences', content: ofAdmins((known) => <Silences types={known} />) },
          { id: 'budgets', name: 'Budgets', content: ofAdmins((known) => <Budgets types={known} />) },
          { id: 'prices', name: 'Prices', content: ofAdmins((known) => <Prices types={known} />) },
          { id: 'views', name: 'Views and dashboards', content: ofAdmins((known) => <Views types={known} />) },
          { id: 'other', name: 'Other', content: ofAdmins((known) => <Others types={known} shown={SHOWN} />) },
          { id: 'history', name: 'History', content: ofAdmins((known) => <History types={known} />) },
        ]}
      />
    </Page>
  );
}
