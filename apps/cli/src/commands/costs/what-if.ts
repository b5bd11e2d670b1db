import { type Operations } from '@telltale/api-client';
import { type Command, Option } from 'commander';
import { withClient } from '../../client/connect';
import { type Io, note } from '../../terminal/io';
import { dollarsOf } from '../../terminal/money';
import { printJson, printTable, withExample, withJson } from '../command';

interface WhatIfOptions {
  readonly from: string;
  readonly to?: string;
  readonly service?: string;
  readonly model?: string;
  readonly with?: string;
  readonly cacheReadShare?: string;
  readonly tier?: Operations['whatIf']['params']['tier'];
  readonly outputCap?: string;
  readonly json?: boolean;
}

const dollars = (nano: number | null): string => (nano === null ? '–' : dollarsOf(nano, 4));
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function registerWhatIf(costs: Command, io: Io): void {
  const whatIf = costs
    .command('what-if')
    .description('what a period would have cost with another model, more cache, another tier or a cap; without a change, what is worth a thought')
    .requiredOption('--from <time>', 'first moment: an age such as 7d, or ISO 8601')
    .option('--to <time>', 'first moment after the period; now when left out')
    .option('--service <name>', 'only calls of this service')
    .option('--model <name>', 'only calls of this model')
    .option('--with <provider/model>', 'answered by this model instead')
    .option('--cache-read-share <share>', 'at least this share of the input read from a cache, 0 to 1')
    .addOption(new Option('--tier <tier>', 'in this tier').choices(['batch', 'flex', 'priority']))
    .option('--output-cap <n>', 'most output tokens of a call');
  withExample(whatIf, 'telltale costs what-if --from 7d', 'telltale costs what-if --from 7d --model gpt-4o --with openai/gpt-4o-mini');
  withJson(whatIf).action(async ({ json, with: withModel, cacheReadShare, outputCap, ...params }: WhatIfOptions) => {
    const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
    const asked = { ...params, with_model: withModel, cache_read_share: numberOf(cacheReadShare), output_cap: numberOf(outputCap) };
    const answer = await withClient(io, ['insights'], ({ api }) => api.whatIf(asked));
    if (json) return printJson(io, answer);
    const rows = answer.options.map((option) => ({
      what: option.sentence,
      now: dollars(option.before_nano_usd),
      then: dollars(option.after_nano_usd),
      saves: dollars(option.saving_nano_usd),
      'next period': option.low_nano_usd === null ? '–' : `${dollars(option.low_nano_usd)} to ${dollars(option.high_nano_usd)}`,
      latency: option.latency ? `${seconds(option.latency.before_ms)} → ${seconds(option.latency.after_ms)}` : '–',
    }));
    printTable(io, rows);
    note(io, `of ${dollars(answer.spend_nano_usd)} from ${answer.from} to ${answer.to}; answers are taken to stay as long, and as good: compare outcomes before you change`);
  });
} // prettier-ignore
