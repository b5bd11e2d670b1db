import { useRef } from 'react';
import { Link } from 'wouter';
import { useDeploys } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { Copy } from '../../design/copy';
import { Skeleton } from '../../design/parts';
import { hrefOf } from '../../format/links';
import { type DashboardPanel } from './panel-data';
import { PANEL_HEIGHT, PanelView } from './panel-view';
import { type Choice, type Dashboard, usePanel } from './questions';
import { useSeen } from './use-seen';

const PAGE_NAMES = { explore: 'Explore', turns: 'Turns', incidents: 'Incidents' } as const;

interface CardProps {
  readonly panel: DashboardPanel;
  readonly choice: Choice;
  readonly dashboard: Dashboard;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  readonly onPin: (() => void) | undefined;
  readonly whyNoPin: string | undefined;
  readonly onZoom: (from: number, to: number) => void;
}

/** One panel: the question, why it is asked, and its answer once it is in sight. */
export function PanelCard({ panel, choice, dashboard, isFirst, isLast, onMove, onRemove, onPin, whyNoPin, onZoom }: CardProps) {
  const card = useRef<HTMLElement>(null);
  const isSeen = useSeen(card);
  const { since, until, step_seconds: step } = dashboard;
  const asked = usePanel(choice, dashboard, panel.id, isSeen);
  const marks = useDeploys({ since, until }, panel.service);
  const { open, title } = panel;
  return (
    <article ref={card} className="card dashboard-panel" data-panel={panel.id} data-form={panel.form} tabIndex={-1} aria-label={title}>
      <header>
        <h3>{title}</h3>
        {panel.why !== '' && <p className="quiet">{panel.why}</p>}
      </header>
      <div className="dashboard-answer" style={{ minHeight: PANEL_HEIGHT }}>
        {isSeen ? (
          <Asked {...asked} height={PANEL_HEIGHT}>
            {(answer) => (
              <PanelView panel={panel} answer={answer} from={Date.parse(since)} to={Date.parse(until)} stepMs={step * 1_000} marks={marks} onZoom={onZoom} />
            )}
          </Asked>
        ) : (
          <Skeleton height={PANEL_HEIGHT} />
        )}
      </div>
      <footer className="dashboard-acts">
        {open && <Link href={hrefOf(`/${open.page}`, open.page === 'incidents' ? open.params : { ...open.params, since, until })}>Open in {PAGE_NAMES[open.page]}</Link>}
        <Copy text={() => panel.query} name="Copy SQL" />
        {onPin && <button type="button" className="link" disabled={whyNoPin !== undefined} title={whyNoPin} onClick={onPin}>Pin</button>}
        <span className="dashboard-place">
          <button type="button" className="link" disabled={isFirst} aria-label={`Earlier: ${title}`} onClick={() => onMove(-1)}>Earlier</button>
          <button type="button" className="link" disabled={isLast} aria-label={`Later: ${title}`} onClick={() => onMove(1)}>Later</button>
          <button type="button" className="link" aria-label={`Remove: ${title}`} onClick={onRemove}>Remove</button>
        </span>
      </footer>
    </article>
  );
} // prettier-ignore
