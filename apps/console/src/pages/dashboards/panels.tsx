import { useCallback, useMemo, useRef } from 'react';
import { useCan } from '../../api/session';
import { usePageKeys } from '../../shell/page-keys';
import { useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { layoutOf, moved, shownIds } from './layout';
import { PanelCard } from './panel-card';
import { type ToPin } from './pin-dialog';
import { type Choice, type Dashboard } from './questions';

/** The panel that has the focus, or has what has it. */
const focused = (): string | undefined => document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset['panel'];

interface PanelsProps {
  readonly choice: Choice;
  readonly dashboard: Dashboard;
  readonly onPin: (what: ToPin) => void;
}

/** The panels of a dashboard in the order of the address. J and K go from one to the next, with Shift they take it along, X takes it out. */
export function Panels({ choice, dashboard, onPin }: PanelsProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [named, setNamed] = useUrl('panels');
  const { setRange } = useRange('24h');
  const { can, why } = useCan('admin');
  const all = useMemo(() => dashboard.panels.map(({ id }) => id), [dashboard]);
  const ids = useMemo(() => shownIds(all, named), [all, named]);
  const focus = useCallback((id: string | undefined) => {
    const panel = [...(grid.current?.querySelectorAll<HTMLElement>('[data-panel]') ?? [])].find((one) => one.dataset['panel'] === id); // prettier-ignore
    panel?.focus();
  }, []);
  const place = useCallback(
    (next: readonly string[], then: string | undefined) => {
      setNamed(layoutOf(all, next));
      // Once it is drawn where it belongs.
      window.requestAnimationFrame(() => focus(then));
    },
    [all, focus, setNamed],
  );
  const remove = useCallback(
    (id: string) => {
      const at = ids.indexOf(id);
      if (ids.length > 1) place(ids.filter((one) => one !== id), ids[at + 1] ?? ids[at - 1]); // prettier-ignore
    },
    [ids, place],
  );
  usePageKeys(
    useMemo(() => {
      const step = (by: -1 | 1): void => {
        const at = ids.indexOf(focused() ?? '');
        focus(ids[Math.min(ids.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
      };
      const take = (by: -1 | 1): void => {
        const id = focused();
        if (id !== undefined) place(moved(ids, id, by), id);
      };
      return [
        { key: 'j', does: 'Next panel', run: () => step(1) },
        { key: 'k', does: 'Panel before', run: () => step(-1) },
        { key: 'J', does: 'Shift: move the panel later', run: () => take(1) },
        { key: 'K', does: 'Shift: move the panel earlier', run: () => take(-1) },
        { key: 'x', does: 'Remove the panel', run: () => remove(focused() ?? '') },
      ];
    }, [ids, focus, place, remove]),
  );
  return (
    <>
      <div className="dashboard-grid" ref={grid}>
        {ids.map((id, nth) => {
          const panel = dashboard.panels.find((one) => one.id === id);
          return (
            panel && (
              <PanelCard
                key={id}
                panel={panel}
                choice={choice}
                dashboard={dashboard}
                isFirst={nth === 0}
                isLast={nth === ids.length - 1}
                onMove={(by) => place(moved(ids, id, by), id)}
                onRemove={() => remove(id)}
                onPin={dashboard.name === null ? () => onPin({ title: panel.title, about: '', panels: [panel] }) : undefined}
                whyNoPin={can ? undefined : why}
                onZoom={setRange}
              />
            )
          );
        })}
      </div>
      {dashboard.left_out.length > 0 && (
        <details className="dashboard-left-out">
          <summary>What has no panel of its own, and why</summary>
          <ul>
            {dashboard.left_out.map(({ name, reason }) => (
              <li key={name}>
                <strong>{name}</strong> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
