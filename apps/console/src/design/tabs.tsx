import { Tabs as Primitive } from 'radix-ui';
import { type ReactNode } from 'react';
import { useUrl } from '../shell/url';

interface Tab {
  readonly id: string;
  readonly name: string;
  readonly content: () => ReactNode;
}

/** Parts of a page of which one shows; which one stands in the address, under `param`. */
export function Tabs({ label, tabs, param = 'tab' }: { readonly label: string; readonly tabs: readonly Tab[]; readonly param?: string }) {
  const [chosen, choose] = useUrl(param, tabs[0]?.id ?? '');
  const shown = tabs.some(({ id }) => id === chosen) ? chosen : (tabs[0]?.id ?? '');
  return (
    <Primitive.Root className="tabs" value={shown} onValueChange={choose} activationMode="manual">
      <Primitive.List className="tab-list" aria-label={label}>
        {tabs.map(({ id, name }) => (
          <Primitive.Trigger key={id} value={id} className="tab">
            {name}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map(({ id, content }) => (
        <Primitive.Content key={id} value={id} className="tab-content">
          {id === shown && content()}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
} // prettier-ignore
