import { CliError } from '@telltale/cli';
import { CsvError } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';

/** Reads a file with csv-parse (RFC 4180). CliError names file and line of what is not CSV. */
export function readCsv<T>(path: string, parse: (content: Buffer) => T): T {
  const content = readFileSync(path);
  try {
    return parse(content);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new CliError(`${path}: ${error.message}`, 'give a file of comma-separated values');
  }
}
