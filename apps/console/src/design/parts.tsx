import { type ReactNode } from 'react';
import { ApiFailure } from '../api/client';
import { agoOf, clockOf, timeOf } from '../format/times';
import { useNow, useTimes, useZone } from '../shell/preferences';

type Tone = 'quiet' | 'good' | 'warn' | 'bad';

export const Badge = ({ tone = 'quiet', children }: { readonly tone?: Tone; readonly children: ReactNode }) => (
  <span className="badge" data-tone={tone}>
    {children}
  </span>
);

const TONES: Readonly<Record<string, Tone>> = {
  answered: 'good',
  ok: 'good',
  error: 'bad',
  abandoned: 'warn',
  refused: 'warn',
  transferred: 'warn',
  open: 'bad',
};
/** How a turn ended, or a call; what is not known has no badge. */
export const Outcome = ({ of }: { readonly of: string }) =>
  of === 'unknown' || of === 'unset' || of === '' ? (
    <span className="quiet">–</span>
  ) : (
    <Badge tone={TONES[of] ?? 'quiet'}>{of}</Badge>
  );

export const Kind = ({ of }: { readonly of: string }) => (
  <span className="kind" data-kind={of}>
    {of}
  </span>
);

/** A moment: how long ago or by the clock, as is preferred here or as `by` says, and the other in its title. */
export function Time({ at, by: given }: { readonly at: string; readonly by?: 'ago' | 'clock' }) {
  const now = useNow();
  const [preferred] = useTimes();
  const by = given ?? preferred;
  const [zone] = useZone();
  const ms = timeOf(at);
  const clock = `${clockOf(ms, zone)}${zone === 'utc' ? ' UTC' : ''}`;
  return (
    <time dateTime={new Date(ms).toISOString()} title={by === 'ago' ? clock : agoOf(ms, now)}>
      {by === 'ago' ? agoOf(ms, now) : clock}
    </time>
  );
}

/** One number of a page; `beside`: what it was before. */
export const Stat = ({
  name,
  beside,
  children,
}: {
  readonly name: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}) => (
  <div className="card stat">
    <dt>{name}</dt>
    <dd>{children}</dd>
    <dd>{beside ?? ' '}</dd>
  </div>
);

/** A table that scrolls sideways where it is wider than the page, by keys as well. */
export const TableFrame = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
    {children}
  </div>
);

/** Keeps the place of what is still loading, so that nothing jumps. */
export const Skeleton = ({ height }: { readonly height: number }) => (
  <div className="skeleton" style={{ height }} role="status" aria-label="loading" />
);

export function Failure({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const { message, fix } = error instanceof ApiFailure ? error : { message: String(error), fix: undefined };
  return (
    <div className="failure" role="alert">
      <strong>{message}</strong>
      {fix !== undefined && <span>{fix}</span>}
      {again && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <section className="empty">
    <h2>{title}</h2>
    {children}
  </section>
);
