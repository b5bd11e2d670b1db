import { useState } from 'react';
import { Copy } from '../../design/copy';
import { Dialog } from '../../design/dialog';
import { Menu } from '../../design/menu';
import { type Asked, commandOf, type Compared, comparisonOf, mcpCallOf } from './copied';

interface Copied {
  readonly name: string;
  readonly text: string;
  readonly about: string;
}

interface CopyMenuProps {
  readonly asked: Asked;
  /** What is compared with the rest, where something is. */
  readonly compared: Compared | null;
  readonly sql: string | undefined;
}

const COMPARISON = 'CLI of the comparison';

/** What the page shows, as a question for the command line, as SQL, and for the MCP server. */
export function CopyMenu({ asked, compared, sql }: CopyMenuProps) {
  const [shown, setShown] = useState<Copied | null>(null);
  const texts: readonly Copied[] = [
    { name: 'CLI', text: commandOf(asked), about: 'A command for any POSIX shell.' },
    ...(compared ? [{ name: COMPARISON, text: comparisonOf(compared), about: 'A command for any POSIX shell.' }] : []),
    ...(sql === undefined
      ? []
      : [
          { name: 'SQL', text: sql, about: 'For telltale query, or POST /api/query: every group, unsampled.' },
          { name: 'MCP call', text: mcpCallOf(sql), about: 'For POST /mcp, with the header accept: application/json, text/event-stream.' },
        ]),
  ];
  return (
    <>
      <Menu
        name="Copy as"
        items={['CLI', ...(compared ? [COMPARISON] : []), 'SQL', 'MCP call'].map((name) => {
          const one = texts.find((text) => text.name === name);
          return { name, disabled: one === undefined, onChoose: () => setShown(one ?? null) };
        })}
      />
      <Dialog title={shown ? `As ${shown.name}` : ''} isOpen={shown !== null} onClose={() => setShown(null)}>
        {shown && (
          <>
            <p className="quiet">{shown.about}</p>
            <pre className="explore-copied" tabIndex={0} aria-label={`The question as ${shown.name}`}>{shown.text}</pre>
            <Copy text={shown.text} name="Copy" />
          </>
        )}
      </Dialog>
    </>
  );
} // prettier-ignore
