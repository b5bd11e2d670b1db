const NANO = 1e9;
/** Integers that JavaScript cannot hold come as text. */
export const numberOf = (value: number | string | null | undefined): number => Number(value ?? 0);

/** Dollars of nano-dollars, with as many digits as say something: $1,204, $12.34, $0.0021. */
export function moneyOf(nano: number | string | null | undefined): string {
  if (nano === null || nano === undefined) return '–';
  const usd = Number(nano) / NANO;
  const size = Math.abs(usd);
  const digits = size === 0 || size >= 1_000 ? 0 : size >= 1 ? 2 : Math.min(9, 1 - Math.floor(Math.log10(size)));
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** 850 µs, 12 ms, 1.24 s, 3 min 20 s, 2 h 5 min. */
export function durationOf(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  const [minutes, seconds] = [Math.floor(ms / 60_000), Math.round((ms % 60_000) / 1_000)];
  if (minutes < 60) return seconds > 0 && seconds < 60 ? `${minutes} min ${seconds} s` : `${Math.round(ms / 60_000)} min`;
  return minutes % 60 > 0 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

export const countOf = (value: number | string | null | undefined): string => numberOf(value).toLocaleString('en-US');

/** 2.1 %; a share of nothing is a dash. */
export const shareOf = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Number(((100 * part) / whole).toPrecision(2))} %`;

/** 1 call, 2 calls. */
export const amountOf = (n: number, noun: string): string => `${countOf(n)} ${n === 1 ? noun : `${noun}s`}`;
