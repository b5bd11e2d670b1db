import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type Zone } from '../format/times';

type Theme = 'system' | 'light' | 'dark';
/** How moments are shown: how long ago, or by the clock. */
type Times = 'ago' | 'clock';

/** A choice of this browser, kept in its own storage. */
function useKept<T extends string>(name: string, values: readonly [T, ...T[]]): [T, (next: T) => void] {
  const key = `telltale.${name}`;
  const [value, setValue] = useState<T>(() => values.find((one) => one === localStorage.getItem(key)) ?? values[0]);
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
  ];
}

interface Preferences {
  readonly zone: [Zone, (zone: Zone) => void];
  readonly times: [Times, (times: Times) => void];
  readonly theme: [Theme, (theme: Theme) => void];
  readonly now: number;
}
const Context = createContext<Preferences | null>(null);
const TICK_MS = 10_000;

export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const zone = useKept<Zone>('zone', ['utc', 'local']);
  const times = useKept<Times>('times', ['ago', 'clock']);
  const theme = useKept<Theme>('theme', ['system', 'light', 'dark']);
  const [now, setNow] = useState(() => new Date().getTime());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date().getTime()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  const [chosen] = theme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = chosen;
  }, [chosen]);
  return <Context.Provider value={{ zone, times, theme, now }}>{children}</Context.Provider>;
}

function usePreferences(): Preferences {
  const preferences = useContext(Context);
  if (!preferences) throw new Error('outside of PreferencesProvider');
  return preferences;
}
export const useZone = () => usePreferences().zone;
export const useTimes = () => usePreferences().times;
export const useTheme = () => usePreferences().theme;
/** The time, a few times a minute: what says how long ago something was does not grow stale. */
export const useNow = () => usePreferences().now;
