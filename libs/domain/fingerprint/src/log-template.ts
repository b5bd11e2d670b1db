import { newScan, scanLine, templateText } from './scan-line';

const scan = newScan();

/** Masks the variable parts of a single line by their form. For streams of lines use the template miner. */
export function logTemplate(line: string): string {
  scanLine(line, scan);
  return templateText(line, scan);
}
