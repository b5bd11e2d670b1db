import { Tooltip } from 'radix-ui';
import { type ReactNode } from 'react';

const AFTER_MS = 250;

/** Says more of what it stands around, when that is pointed at or focused. Its one child takes a ref: an element, not a text. */
export const Tip = ({ text, children }: { readonly text: ReactNode; readonly children: ReactNode }) => (
  <Tooltip.Provider delayDuration={AFTER_MS}>
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  </Tooltip.Provider>
);
