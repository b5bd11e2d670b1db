/** Price of a unit that depends on the size of the call, as the table has it. */
export interface SizedAmount {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}
export type Amount = number | SizedAmount | undefined;

/** What calls above a size cost as multiples of the listed price, where the table lists one size only. */
interface LongContext {
  readonly above: number;
  readonly input: number;
  readonly output: number;
}

type Rule = readonly [provider: string, model: RegExp, size: LongContext];

/** Source: the prices per model of LiteLLM 1.110.2, for every region and inference profile of these models. */
const RULES: readonly Rule[] = [
  ['aws', /(?:^|[/.])claude-sonnet-4(?:-5)?(?:-20\d{6})/, { above: 200_000, input: 2, output: 1.5 }],
  ['aws', /(?:^|[/.])gpt-5\.[45](?:-20\d\d|$)/, { above: 272_000, input: 2, output: 1.5 }],
];

/** The amount with what it is above a size, where the maker charges more there and the table does not say so. */
export function withLongContext(provider: string, model: string): (amount: Amount, side: 'input' | 'output') => Amount {
  const size = RULES.find(([of, models]) => of === provider && models.test(model))?.[2];
  if (!size) return (amount) => amount;
  return (amount, side) =>
    typeof amount === 'number' ? { base: amount, tiers: [{ start: size.above, price: amount * size[side] }] } : amount;
}
