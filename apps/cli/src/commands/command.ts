import { type Command } from 'commander';
import { UsageError } from '../terminal/errors';
import { type Io, type Terminal } from '../terminal/io';
import { formatTable } from '../terminal/table';

/** Registers one command. */
export type Register = (program: Command, io: Io, terminal: Terminal) => void;

export const withJson = (command: Command): Command =>
  command.option('--json', 'machine-readable answer on stdout, everything else on stderr');

/** What a person may type, at the end of the command's help. */
export const withExample = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  ${line}`).join('\n')}`);

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

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
export const DAY_MS = UNITS.d;
export const YEAR_MS = 365 * DAY_MS;

/** `86_400_000` as `24h`, in the unit that people would write it in. */
const spanText = (ms: number): string => (ms === DAY_MS ? '24h' : `${ms / UNITS.d}d`);

/** Milliseconds of a span such as 30s, 15m, 2h, 1d; at least 1, at most `most`. */
export function spanOf(flag: string, text: string, most: number = Infinity): number {
  const [, count, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = UNITS[unit as keyof typeof UNITS];
  if (count === undefined || factor === undefined)
    throw new UsageError(`${flag} ${text} is not a span of time`, 'give a number and a unit: 30s, 15m, 2h, 1d');
  const span = Number(count) * factor;
  if (span < 1 || span > most)
    throw new UsageError(
      `${flag} ${text} is out of range`,
      most === Infinity ? 'give a span above 0' : `give a span above 0, at most ${spanText(most)}`,
    );
  return span;
}
