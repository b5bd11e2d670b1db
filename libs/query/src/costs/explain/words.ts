import { ALL, type Cause, type Figures, type Part } from '@telltale/domain-cost';

const round = (value: number | null): string =>
  value === null ? 'unknown' : String(Number(value.toPrecision(value >= 1_000 ? 4 : 3)));
const percent = (value: number | null): string => (value === null ? 'unknown' : `${Math.round(value * 100)} %`);
const per = (amount: number, of: number): number | null => (of > 0 ? amount / of : null);

/** What changed, and its figure before and after. `up`: the words where the part costs more now. */
const WORDS: Readonly<
  Record<Part, { readonly up: string; readonly down: string; readonly figure: (figures: Figures) => string; readonly of: string }>
> = {
  sessions: { up: 'more traffic', down: 'less traffic', figure: ({ calls }) => round(calls), of: 'calls' },
  turns_per_session: {
    up: 'more turns in a session',
    down: 'fewer turns in a session',
    figure: ({ turns, sessions }) => round(per(turns, sessions)),
    of: 'turns a session',
  },
  calls_per_turn: {
    up: 'more calls in a turn',
    down: 'fewer calls in a turn',
    figure: ({ calls, retries, turns }) => round(per(calls - retries, turns)),
    of: 'calls a turn, retries left out',
  },
  retries: {
    up: 'more calls are repeated after an error',
    down: 'fewer calls are repeated after an error',
    figure: ({ retries, calls }) => percent(per(retries, calls)),
    of: 'of calls are retries',
  },
  model_mix: {
    up: 'more of the calls go to expensive models',
    down: 'more of the calls go to cheap models',
    figure: ({ nano_usd: nano }) => (nano === null ? 'unknown' : `$${round(nano / 1e9)}`),
    of: 'a call',
  },
  input_tokens_per_call: {
    up: 'longer inputs',
    down: 'shorter inputs',
    figure: ({ input_tokens: tokens }) => round(tokens),
    of: 'input tokens a call',
  },
  cache_share: {
    up: 'less of the input is read from a cache',
    down: 'more of the input is read from a cache',
    figure: ({ cache_read_share: share }) => percent(share),
    of: 'of input tokens from a cache',
  },
  output_tokens_per_call: {
    up: 'longer outputs',
    down: 'shorter outputs',
    figure: ({ output_tokens: tokens }) => round(tokens),
    of: 'output tokens a call',
  },
  price: {
    up: 'a higher price of the same tokens',
    down: 'a lower price of the same tokens',
    figure: ({ nano_usd: nano }) => (nano === null ? 'unknown' : `$${round(nano / 1e9)}`),
    of: 'a call',
  },
};

const dollars = (nano: number): string => `${nano < 0 ? '−' : ''}$${(Math.abs(nano) / 1e9).toFixed(2)}`;

/** `prompt answer@v7 → answer@v8: less of the input is read from a cache (80 % → 3 % of input tokens from a cache): $12.30 of $15.00`. */
export function sentenceOf({ dimension, value, part, nano_usd: nano, before, after }: Cause, change: number): string {
  const words = WORDS[part];
  const where = dimension === ALL ? 'everywhere' : `${dimension} ${value}`;
  const figures = `${words.figure(before)} → ${words.figure(after)} ${words.of}`;
  return `${where}: ${nano >= 0 ? words.up : words.down} (${figures}): ${dollars(nano)} of ${dollars(change)}`;
}
