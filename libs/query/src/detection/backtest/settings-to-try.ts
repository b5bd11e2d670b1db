import { badParameter } from '../../define/api-error';
import { text } from '../../define/params';

export const MAX_TRIES = 8;
/** Of the present setting, where nothing else is asked for. */
const FACTORS = [0.1, 0.3, 1, 3, 10];
export const MULTIPLIERS = { least: 0.01, most: 100 };
const MAX_PER_DAY = 10_000;

/** A sensitivity that is tried. */
export interface Try {
  readonly falsePerDay: number;
  /** Of the series that are replayed, beside what is set. */
  readonly rateMultiplier: number;
}

export const numbersParam = (about: string) => text(about).optional();

/** The numbers of a list such as `0.5,5,50`, each once, ascending. */
function numbersOf(name: string, text: string, [least, most]: readonly [number, number]): number[] {
  const fix = `give up to ${MAX_TRIES} numbers from ${least} to ${most}, separated by commas`;
  const numbers = text.split(',').map((one) => (/^\s*\d*\.?\d+\s*$/.test(one) ? Number(one) : NaN));
  if (numbers.some((one) => !(one >= least && one <= most))) throw badParameter(name, 'is not a list of numbers in range', fix);
  if (numbers.length > MAX_TRIES) throw badParameter(name, 'has too many numbers', fix);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** A budget is above 0 and finite, however small or large the one is that it is made of. */
export const asBudget = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, value));
const rounded = (value: number): number => asBudget(Number(asBudget(value).toPrecision(2)));

/** The sensitivities that are asked for; around the present one where none is. */
export function triesOf(
  {
    false_per_day: budgets,
    rate_multiplier: multipliers,
  }: { readonly false_per_day?: string | undefined; readonly rate_multiplier?: string | undefined },
  present: number,
): Try[] {
  if (budgets !== undefined && multipliers !== undefined)
    throw badParameter('rate_multiplier', 'is given beside false_per_day', 'give one of the two');
  if (multipliers !== undefined)
    return numbersOf('rate_multiplier', multipliers, [MULTIPLIERS.least, MULTIPLIERS.most]).map((rateMultiplier) => ({ falsePerDay: present, rateMultiplier })); // prettier-ignore
  const perDay =
    budgets === undefined
      ? FACTORS.map((factor) => (factor === 1 ? present : rounded(factor * present)))
      : numbersOf('false_per_day', budgets, [0.001, MAX_PER_DAY]);
  return perDay.map((falsePerDay) => ({ falsePerDay, rateMultiplier: 1 }));
}
