import { hashId } from '@telltale/kernel';
import { logTemplate } from './log-template';

export interface Fault {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly tool: string;
}

const TOP_FRAMES = 3;
const MAX_STACK_LINES = 60;
const MAX_REMEMBERED = 10_000;

// `at f (file:1:2)` of JavaScript, JVM and .NET, `File "x.py", line 3, in f` of Python, `pkg.f(...)` and `file.go:12` of Go.
const FRAME = /^\s*(?:at\s|File\s"|[\w./-]+\.go:\d)/;
/** Folders differ between machines, lines between releases: the file's name and the function stay. */
const framed = (line: string): string =>
  logTemplate(
    line
      .trim()
      .replace(/(?:[A-Za-z]:)?[\w.@~+-]*[/\\](?:[\w.@~+ -]+[/\\])*/g, '')
      .replace(/"([^"]{0,200})"/g, '$1'),
  );

function topFrames(stack: string): string[] {
  const frames: string[] = [];
  for (const line of stack.split('\n', MAX_STACK_LINES)) {
    if (!FRAME.test(line)) continue;
    frames.push(framed(line.slice(0, 300)));
    if (frames.length === TOP_FRAMES) break;
  }
  return frames;
}

export type ErrorFingerprints = (fault: Fault) => string;

/** Remembers the hashes of faults it has met, for most errors are repeats. */
export function createErrorFingerprints(): ErrorFingerprints {
  const remembered = new Map<string, string>();
  /** The same fault has the same value, across ids, numbers, paths and machines; '' when there is none. */
  return function errorFingerprint({ type, message, stack, tool }) {
    if (!type && !message && !stack) return '';
    const firstLine = message.slice(0, 400).split('\n', 1)[0] ?? '';
    const told = [type, tool, logTemplate(firstLine), ...topFrames(stack)].join('\u0000');
    const before = remembered.get(told);
    if (before !== undefined) return before;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const made = hashId(16, told);
    remembered.set(told, made);
    return made;
  };
}
