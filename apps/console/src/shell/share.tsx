import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { useCan, useSession } from '../api/session';
import { Copy } from '../design/copy';
import { Dialog } from '../design/dialog';
import { Choice, Field } from '../design/fields';
import { Failure, Time } from '../design/parts';

const HOURS = [
  ['1', 'one hour'],
  ['24', 'one day'],
  ['72', 'three days'],
  ['168', 'seven days'],
] as const;
const DAY = '24';

/** Makes a link that shows the page as it is to people without a key, read-only, for a while. */
export function Share() {
  const [isOpen, setOpen] = useState(false);
  const { can, why } = useCan('read');
  const { data: session } = useSession();
  const isShared = session?.shared === true;
  const reason = isShared ? 'You see this by a shared link, which makes no other links: pass yours on' : why;
  return (
    <>
      <button type="button" className="button" disabled={!can || isShared} title={reason} onClick={() => setOpen(true)}>
        Share
      </button>
      <Dialog title="Share this page" isOpen={isOpen} onClose={() => setOpen(false)}>
        <ShareForm tenant={session?.tenant ?? ''} apiKey={session?.name ?? ''} />
      </Dialog>
    </>
  );
}

function ShareForm({ tenant, apiKey }: { readonly tenant: string; readonly apiKey: string }) {
  const [hours, setHours] = useState<string>(DAY);
  const share = useMutation({
    mutationFn: () => api.shareView({ path: location.pathname + location.search, hours: Number(hours) }),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    share.mutate();
  }
  return (
    <form className="section" onSubmit={submit}>
      <p>
        Whoever has the link sees this page without a key, and may go on to all that can be read of tenant <strong>{tenant}</strong>. They can
        change nothing.
      </p>
      <div className="filters">
        <Choice
          label="For"
          value={hours}
          options={HOURS}
          onChange={(next) => {
            setHours(next);
            share.reset();
          }}
        />
        <button type="submit" className="button" data-main="true" disabled={share.isPending}>
          Make a link
        </button>
      </div>
      {share.isError && <Failure error={share.error} />}
      {share.data && (
        <>
          <Field label="Link">
            <input readOnly value={location.origin + share.data.link} onFocus={({ target }) => target.select()} />
          </Field>
          <div className="filters">
            <Copy text={location.origin + share.data.link} name="Copy the link" />
            <span className="quiet">
              Until <Time at={share.data.expires_at} by="clock" />; sooner, when the API key {apiKey} is deleted.
            </span>
          </div>
        </>
      )}
    </form>
  );
} // prettier-ignore

/** Says that this is somebody's link, whose it is, and until when. */
export function SharedBanner() {
  const { data: session } = useSession();
  if (session?.shared !== true) return null;
  return (
    <p className="shared-banner" role="status">
      You see tenant {session.tenant} read-only until <Time at={session.expires_at} by="clock" />, by a link that was shared with
      you.
    </p>
  );
}
