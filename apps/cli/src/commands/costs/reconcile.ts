import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { UsageError } from '../../terminal/errors';
import { openTextFile } from '../../import/read-file';
import { type Io, note } from '../../terminal/io';
import { dollarsOf } from '../../terminal/money';
import { printJson, printTable, withExample, withJson } from '../command';
import { readBill } from './bill-file';

const MAX_CHARACTERS = 100_000_000;

async function textOf(path: string): Promise<string> {
  let text = '';
  for await (const piece of openTextFile(path).pieces) {
    text += piece;
    if (text.length > MAX_CHARACTERS)
      throw new UsageError(`${path} has more than ${MAX_CHARACTERS} characters`, 'cut it by month');
  }
  return text;
}

const dollars = (nano: number): string => dollarsOf(nano, 2);

export function registerReconcile(costs: Command, io: Io): void {
  const reconcile = costs
    .command('reconcile')
    .description('compare a provider’s bill with what was recorded, by day and model, and say what the differences are')
    .requiredOption('--bill <file>', 'CSV or JSON with day, model and usd (provider and currency where there are several)');
  withExample(reconcile, 'telltale costs reconcile --bill november.csv');
  withJson(reconcile).action(async ({ bill, json }: { bill: string; json?: boolean }) => {
    const lines = readBill(await textOf(bill));
    const answer = await withClient(io, ['insights'], ({ api }) => api.reconcileBill({ lines }));
    if (json) return printJson(io, answer);
    io.out(`billed ${dollars(answer.billed_nano_usd)}, recorded ${dollars(answer.recorded_nano_usd)}, unexplained ${(100 * answer.unexplained_share).toFixed(2)} %`); // prettier-ignore
    const rows = answer.days.map(({ day, provider, model, billed_nano_usd: billed, recorded_nano_usd: recorded, differences }) => ({
      day,
      provider,
      model,
      billed: dollars(billed),
      recorded: dollars(recorded),
      ...Object.fromEntries(Object.entries(differences).map(([why, nano]) => [why, nano === 0 ? '' : dollars(nano)])),
    }));
    printTable(io, rows);
    for (const { model, share } of answer.suggested_discounts)
      note(io, `${model}: every day is billed ${(100 * share).toFixed(1)} % lower: if that is a discount, set it and price again`);
  });
} // prettier-ignore
