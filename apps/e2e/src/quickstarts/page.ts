import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/python-sdk';

/** A quick start of docs/INTEGRATIONS.md, as it stands there. */
export interface QuickStart {
  readonly title: string;
  /** Packages that its install line names; nothing where it has none. */
  readonly packages: readonly string[];
  /** Its lines that set variables. */
  readonly exports: string;
  readonly language: string;
  readonly code: string;
}

function packagesIn(shell: string): string[] {
  const installs = [...shell.matchAll(/\b(?:pip|npm) install (.+)$/gm)].map(([, names = '']) => names);
  return installs.flatMap((names) => names.split(' ').map((name) => name.replaceAll('"', '').replace(/\[.*\]$/, '')));
}

export function readQuickStarts(): QuickStart[] {
  const page = readFileSync(join(ROOT, 'docs', 'INTEGRATIONS.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('Quick starts\n')) ?? '';
  return section
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const blocks = [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
        language,
        text,
      }));
      const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text).join(''); // prettier-ignore
      const programs = blocks.filter(({ language }) => language !== 'sh');
      const title = part.split('\n', 1)[0] ?? '';
      if (programs.length !== 1) throw new Error(`${title} has ${programs.length} programs`);
      const exports = shell.split('\n').filter((line) => line.startsWith('export ')).join('\n'); // prettier-ignore
      return {
        title,
        packages: packagesIn(shell),
        exports,
        language: programs[0]?.language ?? '',
        code: programs[0]?.text ?? '',
      };
    });
}
