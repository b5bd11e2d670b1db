import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { ApiFailure } from './api/client';
import { lookAgain } from './api/session';
import { pageAt } from './pages/pages';
import { PreferencesProvider } from './shell/preferences';
import './design/tokens.css';
import './design/base.css';
import './design/parts.css';
import './design/controls.css';
import './design/table.css';
import './design/chart/chart.css';

const MOST_TRIES = 2;
/** Few queries run at a time: asked again in a moment it has its turn. */
const BUSY = 429;
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session is over, or its key was deleted.
    onError: (error) => void (error instanceof ApiFailure && error.status === 401 && lookAgain(client)),
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What was asked wrongly is wrong again; what was refused because too much is asked at once is not.
      retry: (tries, error) =>
        tries < MOST_TRIES &&
        (!(error instanceof ApiFailure) || error.status === 0 || error.status === BUSY || error.status >= 500),
    },
  },
});

// While the session is asked for.
void pageAt(location.pathname)
  ?.load?.()
  .catch(() => undefined);

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <PreferencesProvider>
          <App />
        </PreferencesProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
