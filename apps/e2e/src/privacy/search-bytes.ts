import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Which needles stand readable in any file under `folder`; UTF-8 and as JSON would escape them. */
export function needlesIn(folder: string, needles: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (statSync(path).isDirectory()) {
      for (const entry of readdirSync(path)) visit(join(path, entry));
      return;
    }
    const bytes = readFileSync(path);
    for (const needle of needles) if (bytes.includes(needle)) found.add(`${needle} in ${path}`);
  };
  visit(folder);
  return [...found];
}

export const needlesInText = (text: string, needles: readonly string[]): string[] =>
  needles.filter((needle) => text.includes(needle));
