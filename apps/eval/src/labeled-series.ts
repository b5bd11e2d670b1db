import { CliError } from '@telltale/cli';
import { parse } from 'csv-parse/sync';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCsv } from './read-csv';

/** One series with the rows that are known to be anomalous. Rows are in order of time. */
export interface LabeledSeries {
  readonly key: string;
  /** ms since the epoch. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** 1 where a row is anomalous. */
  readonly labels: Uint8Array;
}

const EPOCH_SECONDS_END = 1e11;

function readTime(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return number < EPOCH_SECONDS_END ? number * 1_000 : number;
  }
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  return Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`);
}

const LABELS: Readonly<Record<string, number>> = { '0': 0, '1': 1, '0.0': 0, '1.0': 1, true: 1, false: 0, '': 0 };

/** The line on which a record ends, then its cells. Without named columns: csv-parse makes an error of each record that lacks one. */
const recordsOf = (content: Buffer): string[][] =>
  parse(content, {
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    on_record: (cells: string[], { lines }) => [String(lines), ...cells],
  });

/** Reads `timestamp,value[,label]`, with or without a line of names. CliError names file and line of what cannot be read. */
export function readSeries(path: string, key: string): LabeledSeries {
  const rows: { time: number; value: number; label: number }[] = [];
  for (const [line = '', timeText = '', valueText = '', labelText = ''] of readCsv(path, recordsOf)) {
    const time = readTime(timeText);
    if (Number.isNaN(time) && line === '1') continue;
    const value = valueText === '' ? NaN : Number(valueText);
    const label = LABELS[labelText.toLowerCase()];
    const wrong = Number.isNaN(time)
      ? 'timestamp'
      : valueText !== '' && Number.isNaN(value)
        ? 'value'
        : label === undefined
          ? 'label'
          : null;
    if (wrong)
      throw new CliError(
        `${path}, line ${line}: ${wrong} cannot be read`,
        'give timestamp,value[,label]: ISO 8601, `YYYY-MM-DD hh:mm:ss` or epoch; a number; 0 or 1',
      );
    rows.push({ time, value, label: label ?? 0 });
  }
  rows.sort((a, b) => a.time - b.time);
  return {
    key,
    times: Float64Array.from(rows, (row) => row.time),
    values: Float64Array.from(rows, (row) => row.value),
    labels: Uint8Array.from(rows, (row) => row.label),
  };
}

/** Every CSV file under a folder, in order of name. */
export function readSeriesFolder(dir: string): LabeledSeries[] {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else if (name.endsWith('.csv')) files.push(path);
    }
  };
  try {
    walk(dir);
  } catch (error) {
    throw new CliError(`--data ${dir}: ${error instanceof Error ? error.message : String(error)}`, 'give a folder of CSV files');
  }
  if (files.length === 0)
    throw new CliError(`--data ${dir} has no CSV file`, 'give a folder of CSV files, timestamp,value[,label]');
  return files.map((path) => readSeries(path, relative(dir, path)));
}
