import { newScan, scanLine, templateText } from './scan-line';

const scan = newScan();

/** A line without what varies by its form; for a text that stands alone. Lines that come in numbers are for the miner. */
export function logTemplate(line: string): string {
  scanLine(line, scan);
  return templateText(line, scan);
}
