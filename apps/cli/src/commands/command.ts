import { type Command } from 'commander';
import { UsageError } from '../terminal/errors';
import { type Io, type Terminal } from '../terminal/io';
import { formatTable } from '../terminal/table';

/** Registers one command. */
export type Register = (program: Command, io: Io) => void;

export const withJson = (command: Command): Command =>
  command.option('--json', 'machine-readable answer on stdout, everything else on stderr');

export const printJson = (io: Io, value: unknown): void => io.out(JSON.stringify(value));
export const printTable = (
  io: Pick<Terminal, 'out' | 'columns'>,
  rows: readonly Readonly<Record<string, unknown>>[],
  names?: readonly string[],
): void => io.out(formatTable(rows, io.columns, names));

/** A whole number of a flag. */
export const intOf =
  (flag: string, min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new UsageError(`${flag} ${text} is out of range`, `give a whole number from ${min} to ${max}`);
    return value;
  };

/** A moment of a flag, ms since the epoch. */
export function timeOf(flag: string, text: string): number {
  const time = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time))
    throw new UsageError(`${flag} ${text} is not a time`, 'give ISO 8601, such as 2026-11-23T03:00:00Z');
  return time;
}

/** Milliseconds of a span such as 30s, 15m, 2h, 1d. */
export function spanOf(flag: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''];
  if (count === undefined || factor === undefined)
    throw new UsageError(`${flag} ${text} is not a span of time`, 'give a number and a unit: 30s, 15m, 2h, 1d');
  return Number(count) * factor;
}
