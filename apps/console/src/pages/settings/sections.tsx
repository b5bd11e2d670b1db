import { type Setting } from '@telltale/api-client';
import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Section } from '../../design/page';
import { dashboardHref, hrefOf } from '../../format/links';
import { EditSetting } from './edit-setting';
import { type SettingType, type SettingTypes, useSettings } from './questions';
import { SettingList } from './setting-list';

interface OfTypeProps {
  readonly types: SettingTypes;
  readonly type: SettingType;
  readonly title: string;
  readonly about: ReactNode;
  readonly empty: ReactNode;
  readonly aboutDelete: string;
  readonly show?: (setting: Setting) => ReactNode;
  /** They are made elsewhere. */
  readonly isReadOnly?: boolean;
  readonly canMake?: boolean;
  readonly beside?: ReactNode;
}

/** Settings of one type under a heading. */
export function OfType({ types, type, title, about, empty, aboutDelete, show, isReadOnly = false, canMake = !isReadOnly, beside }: OfTypeProps) {
  const settings = useSettings(type);
  return (
    <Section title={title} beside={<div className="page-actions">{beside}{canMake && <EditSetting button="New" type={type} types={types} />}</div>}>
      <p className="quiet">{about}</p>
      <Asked of={settings} queryKey={['settings', 'list', type]} height={160}>
        {(found) => (
          <SettingList label={title} type={type} types={types} settings={found.settings} empty={empty} aboutDelete={aboutDelete} isReadOnly={isReadOnly} {...(show && { show })} />
        )}
      </Asked>
    </Section>
  );
} // prettier-ignore

interface Typed {
  readonly types: SettingTypes;
}

export const Budgets = ({ types }: Typed) => (
  <OfType
    types={types}
    type="budget"
    title="Budgets"
    about="Dollars a day or a month, and when to say so."
    beside={<Link href="/costs?tab=budgets" className="button">How each stands</Link>}
    empty={<p>A budget says when spend is about to be too much: all of it, or that of a service, a model or each user.</p>}
    aboutDelete="Nobody is warned by it from then on. What was spent stays."
  />
); // prettier-ignore

export const Silences = ({ types }: Typed) => (
  <OfType
    types={types}
    type="silence"
    title="Silences"
    about="Alerts that are held back for a while, or week by week. Incidents are written as always."
    empty={<p>During a move or a test, a silence holds alerts back, of all or of one service, and says why.</p>}
    aboutDelete="The alerts of what is still open are sent then."
  />
);

export const Prices = ({ types }: Typed) => (
  <>
    <OfType isReadOnly types={types} type="price_file" title="Price files" about="Price lists that are in force; telltale costs prices import takes one in." empty={<pre>telltale costs prices import prices.json</pre>} aboutDelete="" />
    <OfType types={types} type="price" title="Prices of models" about="They come before those of files and of Telltale itself." empty={<p>Set a price that you have agreed on, in dollars for a million tokens.</p>} aboutDelete="Calls from then on cost what the next price says; telltale costs reprice prices former ones again." />
    <OfType types={types} type="discount" title="Discounts" about="Shares of list prices that are not paid." empty={<p>0.15 is 15 % off what a provider lists.</p>} aboutDelete="Calls from then on cost what is listed." />
    <OfType types={types} type="tool_price" title="Prices of tools" about="What a call of a tool costs, or a unit of what it returns." empty={<p>The name is that of the tool, such as web_search.</p>} aboutDelete="Calls of the tool have no cost from then on." />
  </>
); // prettier-ignore

/** Where a view leads. */
function viewHref({ page, params }: Setting['value']): string {
  return hrefOf(`/${encodeURIComponent(String(page))}`, (params ?? {}) as Record<string, string>);
}

const GONE = 'It is gone for everybody. What it showed stays.';

export const Views = ({ types }: Typed) => (
  <>
    <OfType
      types={types}
      type="view"
      title="Views"
      canMake={false}
      about="What people saved of a page."
      empty={<p>Save one on the page that it shows, where you have chosen what you want to see.</p>}
      show={(setting) => <Link href={viewHref(setting.value)}>{String(setting.value['title'])}</Link>}
      aboutDelete={GONE}
    />
    <OfType
      types={types}
      type="dashboard"
      title="Dashboards"
      canMake={false}
      about="Panels that people pinned."
      empty={<p>Telltale makes dashboards by itself; pin one to keep it.</p>}
      show={({ name, value }) => <Link href={dashboardHref(name)}>{String(value['title'])}</Link>}
      aboutDelete={GONE}
    />
  </>
);

/** Types that no other part of the page is about, those of a later server among them. */
export function Others({ types, shown }: Typed & { readonly shown: readonly SettingType[] }) {
  return types.types
    .filter(({ type }) => !shown.includes(type))
    .map(({ type, is_single: isSingle }) => (
      <OfType
        key={type}
        types={types}
        type={type}
        title={type.replaceAll('_', ' ')}
        about={isSingle ? 'There is one, by the name default.' : ''}
        empty={<p>None is set: what is built in holds.</p>}
        aboutDelete="What is built in, or set for all tenants, holds from then on."
      />
    ));
}
