import { Page } from '../../design/page';
import { Tabs } from '../../design/tabs';
import { CompareTab } from './compare-tab';
import { FlowTab } from './flow-tab';
import { JourneysTab } from './journeys-tab';
import './flows.css';

const TABS = [
  { id: 'flow', name: 'Flow', content: () => <FlowTab /> },
  { id: 'journeys', name: 'Sessions by friction', content: () => <JourneysTab /> },
  { id: 'compare', name: 'Compare', content: () => <CompareTab /> },
] as const;

/** How users fare: the ways they take, where they are lost, and what a change made of it. */
export default function FlowsPage() {
  return (
    <Page title="Flows" subtitle="What users want, turn after turn, how it ends, and where they are lost">
      <Tabs label="Flows" tabs={TABS} />
    </Page>
  );
}
