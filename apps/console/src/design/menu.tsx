import { DropdownMenu } from 'radix-ui';

interface MenuItem {
  readonly name: string;
  readonly onChoose: () => void;
  readonly disabled?: boolean;
}

/** A button that opens a few things to do. */
export const Menu = ({ name, items }: { readonly name: string; readonly items: readonly MenuItem[] }) => (
  // A modal menu writes a style element into the page, which its policy forbids.
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger className="button">{name}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
        {items.map(({ name: item, onChoose, disabled }) => (
          <DropdownMenu.Item key={item} className="menu-item" disabled={disabled ?? false} onSelect={onChoose}>
            {item}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);
