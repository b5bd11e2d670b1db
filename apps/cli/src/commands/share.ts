import { connectRunning } from '../client/connect';
import { CliError } from '../terminal/errors';
import { note } from '../terminal/io';
import { intOf, printJson, type Register, withExample, withJson } from './command';

const MAX_HOURS = 168;
const DAY_HOURS = 24;

export const registerShare: Register = (program, io) => {
  const share = program
    .command('share <page>')
    .description('a link that shows a page of the console to whoever has it, read-only, for a while')
    .option('--hours <n>', 'how long it does', intOf('--hours', 1, MAX_HOURS), DAY_HOURS);
  withExample(share, 'telltale share /incidents --hours 8', "telltale share '/turns/4bf92f35?op=3c'");
  withJson(share).action(async (path: string, { hours, json }: { readonly hours: number; readonly json?: boolean }) => {
    const client = await connectRunning(io);
    if (!client) throw new CliError('nobody would answer the link: no Telltale runs here', 'start one with telltale up, or set TELLTALE_URL'); // prettier-ignore
    const answer = await client.api.shareView({ path, hours });
    const link = client.url + answer.link;
    if (json) return printJson(io, { ...answer, link });
    io.out(link);
    note(io, `whoever has it reads all of tenant ${answer.tenant} until ${answer.expires_at}, or until this API key is deleted`);
  });
};
