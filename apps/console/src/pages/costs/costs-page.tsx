import { Page } from '../../design/page';
import { Tabs } from '../../design/tabs';
import { BudgetsTab } from './budgets-tab';
import { PricesTab } from './prices-tab';
import { SpendTab } from './spend-tab';
import { TopTab } from './top-tab';
import { WasteTab } from './waste-tab';
import { WhatIfTab } from './what-if-tab';
import { WhyTab } from './why-tab';
import './costs.css';

const TABS = [
  { id: 'spend', name: 'Spend', content: () => <SpendTab /> },
  { id: 'top', name: 'Top spenders', content: () => <TopTab /> },
  { id: 'why', name: 'Why it changed', content: () => <WhyTab /> },
  { id: 'waste', name: 'Waste', content: () => <WasteTab /> },
  { id: 'what-if', name: 'What if', content: () => <WhatIfTab /> },
  { id: 'budgets', name: 'Budgets', content: () => <BudgetsTab /> },
  { id: 'prices', name: 'Prices', content: () => <PricesTab /> },
] as const;

/** What calls cost: who spends, why it changed, what is wasted, what would be cheaper, and what may be spent. */
export default function CostsPage() {
  return (
    <Page
      title="Costs"
      subtitle="What calls of models and tools cost, by the newest price of each; what has no price is in no sum"
    >
      <Tabs label="Costs" tabs={TABS} />
    </Page>
  );
}
