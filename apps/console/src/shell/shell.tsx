import { type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { type Session, useSignOut } from '../api/session';
import { pageAt, PAGES } from '../pages/pages';
import { Keys } from './keys';
import { CommandPalette } from './command-palette';
import { useLookAhead } from './look-ahead';
import { useTheme, useTimes, useZone } from './preferences';
import { SharedBanner } from './share';
import './shell.css';

export function Shell({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const [location] = useLocation();
  const at = pageAt(location)?.path;
  const signOut = useSignOut();
  useLookAhead();
  const [zone, setZone] = useZone();
  const [times, setTimes] = useTimes();
  const [theme, setTheme] = useTheme();
  return (
    <div className="shell">
      <nav className="shell-nav" aria-label="Pages">
        <Link href="/" className="name">
          Telltale
        </Link>
        {PAGES.map(({ path, name }) => (
          <Link key={path} href={path} className="page" aria-current={path === at ? 'page' : undefined}>
            {name}
          </Link>
        ))}
        <div className="shell-foot">
          <CommandPalette />
          <label>
            <span className="quiet">Time </span>
            <select value={zone} onChange={({ target }) => setZone(target.value === 'local' ? 'local' : 'utc')}>
              <option value="utc">UTC</option>
              <option value="local">of this machine</option>
            </select>
          </label>
          <label>
            <span className="quiet">Shown </span>
            <select value={times} onChange={({ target }) => setTimes(target.value === 'clock' ? 'clock' : 'ago')}>
              <option value="ago">as time ago</option>
              <option value="clock">by the clock</option>
            </select>
          </label>
          <label>
            <span className="quiet">Theme </span>
            <select
              value={theme}
              onChange={({ target: { value } }) => setTheme(value === 'light' || value === 'dark' ? value : 'system')}
            >
              <option value="system">of the system</option>
              <option value="light">light</option>
              <option value="dark">dark</option>
            </select>
          </label>
          <span className="quiet" title={`API key ${session.name}: ${session.scopes.join(', ')}`}>
            Tenant {session.tenant}
          </span>
          <button type="button" className="button" onClick={() => signOut.mutate()}>
            {session.shared ? 'Leave' : 'Sign out'}
          </button>
        </div>
      </nav>
      <main className="shell-main" id="main">
        <SharedBanner />
        {children}
      </main>
      <Keys />
    </div>
  );
}
