import { type ReactNode } from 'react';
import { Share } from '../shell/share';
import { Copy } from './copy';

interface PageProps {
  readonly title: ReactNode;
  readonly subtitle?: ReactNode;
  /** What can be done with all of the page, beside copying its link. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title, what can be done with it, and what it shows. The address says all of it, so its link is the page. */
export const Page = ({ title, subtitle, actions, children }: PageProps) => (
  <>
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        {subtitle !== undefined && <p className="quiet">{subtitle}</p>}
      </div>
      <div className="page-actions">
        {actions}
        <Copy text={() => location.href} name="Copy link" />
        <Share />
      </div>
    </header>
    {children}
  </>
);

/** A part of a page under a heading. */
export const Section = ({ title, beside, children }: { readonly title: string; readonly beside?: ReactNode; readonly children: ReactNode }) => (
  <section className="section" aria-label={title}>
    <div className="section-head">
      <h2>{title}</h2>
      {beside}
    </div>
    {children}
  </section>
); // prettier-ignore
