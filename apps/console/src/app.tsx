import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Route, Switch } from 'wouter';
import { entryIn } from './api/entry';
import { LinkFailure, lookAgain, useSession } from './api/session';
import { Empty, Failure } from './design/parts';
import { LinkFailedPage } from './pages/link-failed';
import { SignInPage } from './pages/sign-in';
import { OTHER_PAGES, PAGES } from './pages/pages';
import { Shell } from './shell/shell';

export function App() {
  const session = useSession();
  const client = useQueryClient();
  useEffect(() => {
    // A link that is put into the address of an open page loads nothing by itself.
    const onHash = (): void => void (entryIn(location.hash) && lookAgain(client));
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, [client]);
  if (session.isPending) return null;
  if (session.error instanceof LinkFailure) return <LinkFailedPage failure={session.error} />;
  if (session.isError) return <Failure error={session.error} again={() => void session.refetch()} />;
  if (session.data === null) return <SignInPage />;
  return (
    <Shell session={session.data}>
      <Switch>
        {[...PAGES, ...OTHER_PAGES].map(({ path, page: Page }) => (
          <Route key={path} path={path === '/' ? '/' : `${path}/*?`}>
            <Page />
          </Route>
        ))}
        <Route>
          <Empty title="There is no such page">
            <a href="/">To what is happening now</a>
          </Empty>
        </Route>
      </Switch>
    </Shell>
  );
}
