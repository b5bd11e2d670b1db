import { type Clock } from './clock';
import { currentScope, runIn } from './scope';

const GAP_MS = 30_000;
const MAX_KINDS = 100;

/** Says what is wrong, at most once in 30 s for each kind, and never throws. */
export function createMessages(say: ((line: string) => void) | null, clock: Clock): (text: string) => void {
  const saidAt = new Map<string, number>();
  return (text) => {
    if (say === null) return;
    const kind = text.replace(/\d+/g, '#');
    const mono = clock.mono();
    if (mono - (saidAt.get(kind) ?? -Infinity) < GAP_MS) return;
    if (saidAt.size >= MAX_KINDS) saidAt.clear();
    saidAt.set(kind, mono);
    try {
      // What captures the console must not record what we say of ourselves.
      runIn({ ...currentScope(), isMuted: true }, () => say(`telltale: ${text}`));
    } catch {
      return;
    }
  };
}
