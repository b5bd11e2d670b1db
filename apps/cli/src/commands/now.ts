import { withClient } from '../client/connect';
import { note } from '../terminal/io';
import { printJson, printTable, type Register, withExample, withJson } from './command';

interface NowOptions {
  readonly service?: string;
  readonly since: string;
  readonly json?: boolean;
}

const usd = (nano: number | null): string => (nano === null ? '' : `$${(nano / 1e9).toFixed(2)}`);

/** What the first page of the console shows. */
export const registerNow: Register = (program, io) => {
  withExample(
    withJson(
      program
        .command('now')
        .description('how the bots are right now: a sentence, incidents, what changed, spend today, services')
        .option('--service <name>', 'only of this service')
        .option('--since <time>', 'since when: an age such as 1h, at most 24h, or ISO 8601', '1h'),
    ),
    'telltale now --since 6h',
  ).action(async ({ service, since, json }: NowOptions) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.getNow({ service, since }));
    if (json) return printJson(io, answer);
    const { sentence, incidents, changed, spend_today: spend, budgets, services, open_incidents: open } = answer;
    io.out(sentence);
    const forecast = spend.forecast_nano_usd === null ? '' : ` of ${usd(spend.forecast_nano_usd)} expected`;
    io.out(`Spent today: ${usd(spend.cost_nano_usd)}${forecast}; ${usd(spend.yesterday_nano_usd)} yesterday.`);
    if (incidents.length > 0) printTable(io, incidents, ['id', 'phase', 'severity', 'owner', 'opened_at', 'title']);
    const changes = [
      ...changed.deploys.map(({ at, text, service_name: of }) => ({ at, change: 'deploy', service: of, text })),
      ...changed.anomalies.map(({ started_at: at, summary, dimensions }) => ({
        at,
        change: 'anomaly',
        service: dimensions['service_name'] ?? '',
        text: summary,
      })),
    ];
    if (changes.length > 0) printTable(io, changes.sort((a, b) => (a.at < b.at ? 1 : -1)), ['at', 'change', 'service', 'text']); // prettier-ignore
    if (budgets.length > 0)
      printTable(io, budgets.map((one) => ({ budget: one.budget, per: one.per, state: one.state, spent: usd(one.spent_nano_usd), limit: usd(one.limit_nano_usd), forecast: usd(one.forecast_nano_usd) }))); // prettier-ignore
    if (services.length > 0) printTable(io, services, ['service_name', 'turns', 'unhelped_turns', 'p95_ms', 'cost_nano_usd']);
    if (open > incidents.length) note(io, `${open} incidents are open; telltale incidents --open lists them`);
    const left = changed.deploys_total + changed.anomalies_total - changes.length;
    if (left > 0) note(io, `${left} more deploys and anomalies are not shown`);
  });
};
