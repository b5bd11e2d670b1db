import { useEffect, useState } from 'react';
import { useTheme } from '../../shell/preferences';
import { useMedia } from '../use-media';

const SERIES = 8;
const NAMES = ['ground', 'surface', 'line', 'ink', 'ink-quiet', 'focus', 'wash', 'good', 'warn', 'bad', 'band', 'mark', 'heat-low', 'heat-high'] as const; // prettier-ignore
const KINDS = ['turn', 'llm', 'tool', 'retrieval', 'agent', 'log', 'other'] as const;
export type PaletteName = (typeof NAMES)[number] | `kind-${(typeof KINDS)[number]}`;

/** The tokens as colours that a canvas understands. */
export interface Palette {
  readonly of: (name: PaletteName) => string;
  /** Colours of series that have no meaning of their own. */
  readonly series: readonly string[];
  readonly font: string;
}

/** A token may be one colour in the light and another in the dark: only a real element knows which. */
function readPalette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colorOf = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const known = new Map<string, string>([...NAMES, ...KINDS.map((kind) => `kind-${kind}`)].map((name) => [name, colorOf(name)]));
  const series = Array.from({ length: SERIES }, (_, i) => colorOf(`series-${i + 1}`));
  const font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return { of: (name) => known.get(name) ?? 'gray', series, font };
}

/** The colours in force; read again when the theme is another. */
export function usePalette(): Palette {
  const [theme] = useTheme();
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    // The theme is put on the document by an effect of an outer component, which runs after this one.
    const frame = requestAnimationFrame(() => setPalette(readPalette()));
    return () => cancelAnimationFrame(frame);
  }, [theme, isDark]);
  return palette;
}
