/** Nano-dollars as dollars, the sign before them. */
export const dollarsOf = (nano: number, digits: number): string =>
  `${nano < 0 ? '-' : ''}$${(Math.abs(nano) / 1e9).toFixed(digits)}`;
