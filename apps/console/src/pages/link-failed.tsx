import { useQueryClient } from '@tanstack/react-query';
import { type LinkFailure, lookAgain, useReplace } from '../api/session';
import { Failure } from '../design/parts';
import '../shell/shell.css';

/** A link that does not open by itself: it is over, or would end the session of another tenant, which is asked first. */
export function LinkFailedPage({ failure }: { readonly failure: LinkFailure }) {
  const client = useQueryClient();
  const replace = useReplace();
  const { said, entry, asksToReplace } = failure;
  const question = said.message.replace(/^replace: /, '').replace(/; send .*/, '.');
  return (
    <main className="sign-in">
      <section className="link-failed" aria-labelledby="link-title">
        <h1 id="link-title">{asksToReplace ? 'This link is of another tenant' : 'This link does not open'}</h1>
        <p>{asksToReplace ? question.charAt(0).toUpperCase() + question.slice(1) : said.message}</p>
        {!asksToReplace && said.fix !== undefined && <p className="quiet">{said.fix}</p>}
        <div className="page-actions">
          {asksToReplace && (
            <button type="button" className="button" data-main="true" disabled={replace.isPending} onClick={() => replace.mutate(entry)}>
              Sign out and open it
            </button>
          )}
          <button type="button" className="button" onClick={() => void lookAgain(client)}>
            {asksToReplace ? 'Stay signed in' : 'Go on without it'}
          </button>
        </div>
        {replace.isError && <Failure error={replace.error} />}
      </section>
    </main>
  );
} // prettier-ignore
