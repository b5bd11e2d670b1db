import { hashId } from '@telltale/kernel';
import { logTemplate } from './log-template';
import { topFrames } from './stack-frames';

export interface Fault {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly tool: string;
}

const TOP_FRAMES = 3;
const MAX_REMEMBERED = 10_000;

export type ErrorFingerprints = (fault: Fault) => string;

/** The message's first line, without the leading error type and without variable parts. */
function messageOf(type: string, message: string): string {
  const line = message.slice(0, 400).trimStart().split('\n', 1)[0] ?? '';
  const facts = type !== '' && line.startsWith(`${type}: `) ? line.slice(type.length + 2) : line;
  return logTemplate(facts.trimEnd());
}

/** Caches hashes of errors, because most errors repeat. */
export function createErrorFingerprints(): ErrorFingerprints {
  const remembered = new Map<string, string>();
  /** Returns the same value for the same cause, across ids, numbers, paths, versions and machines; '' without an error. */
  return function errorFingerprint({ type, message, stack, tool }) {
    if (!type && !message && !stack) return '';
    const facts = [type, tool, messageOf(type, message), ...topFrames(stack, TOP_FRAMES)].join('\u0000');
    const before = remembered.get(facts);
    if (before !== undefined) return before;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const made = hashId(16, facts);
    remembered.set(facts, made);
    return made;
  };
}
