import { type ApiClient } from '@telltale/api-client';
import { ANOMALY_LABELS } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Command, Option } from 'commander';
import { withClient } from '../../client/connect';
import { UsageError } from '../../terminal/errors';
import { type Io, note, noteOfList } from '../../terminal/io';
import { intOf, printJson, printTable, spanOf, timeOf, withJson, YEAR_MS } from '../command';

// What people set for the detector: labels of anomalies, maintenance windows, sensitivities.

const TAKEN_WITHIN_MS = 5_000;
const ANOMALY_NAMES = [
  'id',
  'state',
  'kind',
  'started_at',
  'ended_at',
  'direction',
  'in_maintenance',
  'parent_anomaly_id',
  'summary',
];
const MAINTENANCE_NAMES = ['id', 'service_name', 'from_at', 'until_at', 'state', 'in_force', 'issued_by', 'reason'];
const SENSITIVITY_NAMES = [
  'id',
  'metric',
  'service_name',
  'false_positives_per_day',
  'rate_multiplier',
  'until_at',
  'state',
  'in_force',
  'issued_by',
];

/** A word of the contract as people type it: `false_positive` is `false-positive`. */
const flagOf = (word: string): string => word.replace('_', '-');

type Row = Readonly<Record<string, unknown>>;
export interface Json {
  readonly json?: boolean;
}

/** A number of a flag; its range is for insights to judge. */
export const numberOf =
  (flag: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new UsageError(`${flag} ${text} is not a number`, 'give a number such as 2 or 0.1');
    return value;
  };

/** Sends a request and waits until the scorer has processed it, so that a list right after shows it. */
export const send = <T>(io: Io, ask: (api: ApiClient) => Promise<T>): Promise<T> =>
  withClient(io, ['all'], async (client) => {
    const answer = await ask(client.api);
    await client.settled(AbortSignal.any([io.signal, AbortSignal.timeout(TAKEN_WITHIN_MS)]));
    return answer;
  });

export type RegisterIn = (detector: Command, io: Io) => void;

export const registerAnomalies: RegisterIn = (detector, io) => {
  withJson(
    detector
      .command('anomalies')
      .description('series that deviate from their baseline, newest first')
      .option('--open', 'only those that are open')
      .option('--since <time>', 'started since: an age such as 24h or 7d, or ISO 8601', '24h')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 100),
  ).action(async ({ open, since, limit, json }: { open?: boolean; since: string; limit: number } & Json) => {
    const { anomalies: rows } = await withClient(io, ['insights'], ({ api }) =>
      api.listAnomalies({ since, limit, state: open ? 'open' : undefined }),
    );
    if (json) rows.forEach((row) => printJson(io, row));
    else printTable(io, rows, ANOMALY_NAMES);
    noteOfList(io, rows, limit, json ? undefined : `${rows.length} ${open ? 'open, ' : ''}started since ${since}`);
  });

  withJson(
    detector
      .command('label <id>')
      .description('label an anomaly: expected and false-positive make the detector less sensitive for its series for a while')
      .addOption(new Option('--as <label>', 'what it was').choices(ANOMALY_LABELS.map(flagOf)).makeOptionMandatory())
      .option('--for <span>', 'for how long: 2h, 7d', '7d'),
  ).action(async (id: string, options: { as: string; for: string } & Json) => {
    const label = ANOMALY_LABELS.find((one) => flagOf(one) === options.as) ?? 'real';
    const mark = { label, for_ms: spanOf('--for', options.for, YEAR_MS), issued_by: 'cli' };
    const answer = await send(io, (api) => api.labelAnomaly({ id, ...mark }));
    if (options.json) return printJson(io, answer);
    io.out(`labeled ${id} as ${options.as}, until ${answer.expires_at}`);
  });

  withJson(detector.command('labels').description('what people said that anomalies were, the last first')).action(
    async ({ json }: Json) => {
      const { labels } = await withClient(io, ['insights'], ({ api }) => api.listAnomalyLabels());
      if (json) labels.forEach((row) => printJson(io, row));
      else printTable(io, labels, LABEL_NAMES);
    },
  );
};

const LABEL_NAMES = ['anomaly_id', 'label', 'until_at', 'in_force', 'issued_by', 'recorded_at'];

interface Kept {
  readonly names: readonly string[];
  readonly list: (api: ApiClient) => Promise<readonly Override[]>;
  readonly end: (api: ApiClient, id: string) => Promise<{ readonly id: string }>;
}
type Override = Row & { readonly state: string; readonly until_at: string | null };

/** `list` and `end` of one kind of setting. */
export function registerListAndEnd(group: Command, io: Io, { names, list, end }: Kept): void {
  withJson(group.command('list').description('the last recorded first').option('--all', 'those not in force, too')).action(
    async ({ all, json }: { all?: boolean } & Json) => {
      const rows = await withClient(io, ['insights'], ({ api }) => list(api));
      // What is still to come is nobody's past: only what has ended or run out is left out.
      const isOver = ({ state, until_at: until }: Override): boolean =>
        state === 'ended' || (until !== null && Date.parse(until) <= Date.now());
      const shown = rows.filter((row) => all || !isOver(row));
      if (json) return shown.forEach((row) => printJson(io, row));
      printTable(io, shown, names);
      if (!all) note(io, 'in force or to come; --all shows those that are over, too');
    },
  );

  withJson(group.command('end <id>').description('end it now')).action(async (id: string, { json }: Json) => {
    const answer = await send(io, (api) => end(api, id));
    if (json) return printJson(io, answer);
    io.out(`requested to end ${id}`);
  });
}

export const registerMaintenance: RegisterIn = (detector, io) => {
  const maintenance = detector.command('maintenance').description('suppress alerts during planned work: add, list, end');

  withJson(
    maintenance
      .command('add')
      .description('a window from now, or from a time')
      .option('--service <name>', 'only this service; without it, every service')
      .option('--from <time>', 'when it begins, ISO 8601; now when left out')
      .requiredOption('--for <span>', 'for how long: 30m, 2h')
      .option('--reason <text>', 'why'),
  ).action(async (options: { service?: string; from?: string; for: string; reason?: string } & Json) => {
    const { service, from, reason, json } = options;
    const body = {
      ...(service === undefined ? {} : { service_name: service }),
      ...(from === undefined ? {} : { from: isoTime(timeOf('--from', from)) }),
      for_ms: spanOf('--for', options.for, YEAR_MS),
      ...(reason === undefined ? {} : { reason }),
      issued_by: 'cli',
    };
    const answer = await send(io, (api) => api.addMaintenance(body));
    if (json) return printJson(io, answer);
    io.out(`requested ${answer.id}, from ${answer.from} until ${answer.until}`);
    note(io, `end it with: telltale detector maintenance end ${answer.id}`);
  });

  registerListAndEnd(maintenance, io, {
    names: MAINTENANCE_NAMES,
    list: async (api) => (await api.listMaintenance()).maintenance,
    end: (api, id) => api.endMaintenance({ id }),
  });
};

interface SensitivityOptions extends Json {
  readonly falsePositivesPerDay?: number;
  readonly metric?: string;
  readonly service?: string;
  readonly rateMultiplier?: number;
  readonly for?: string;
}

export const registerSensitivity: RegisterIn = (detector, io) => {
  const sensitivity = detector.command('sensitivity').description('how many false positives are accepted: set, list, end');

  withJson(
    sensitivity
      .command('set')
      .description('a budget for the tenant, or a rate multiplier for a metric, a service, or both')
      .option(
        '--false-positives-per-day <n>',
        'false anomalies a day that are accepted, over all series',
        numberOf('--false-positives-per-day'),
      )
      .option(
        '--rate-multiplier <f>',
        '0.01 to 100; 10 accepts ten times as many false anomalies of what is named',
        numberOf('--rate-multiplier'),
      )
      .option('--metric <name>', 'only this metric')
      .option('--service <name>', 'only this service')
      .option('--for <span>', 'for how long: 2h, 7d; without it, until it is ended'),
  ).action(async ({ falsePositivesPerDay: budget, metric, service, rateMultiplier, for: span, json }: SensitivityOptions) => {
    if ((budget === undefined) === (rateMultiplier === undefined))
      throw new UsageError(
        'what to set is not clear',
        'give --false-positives-per-day, or --rate-multiplier with any of --metric and --service',
      );
    if (budget !== undefined && (metric !== undefined || service !== undefined))
      throw new UsageError('a budget is for the whole tenant', 'leave out --metric and --service, or give --rate-multiplier');
    const body = {
      ...(budget === undefined ? {} : { false_positives_per_day: budget }),
      ...(metric === undefined ? {} : { metric }),
      ...(service === undefined ? {} : { service_name: service }),
      ...(rateMultiplier === undefined ? {} : { rate_multiplier: rateMultiplier }),
      ...(span === undefined ? {} : { for_ms: spanOf('--for', span, YEAR_MS) }),
      issued_by: 'cli',
    };
    const answer = await send(io, (api) => api.setSensitivity(body));
    if (json) return printJson(io, answer);
    io.out(`requested ${answer.id}${answer.expires_at ? `, until ${answer.expires_at}` : ''}`);
    note(io, `end it with: telltale detector sensitivity end ${answer.id}`);
  });

  registerListAndEnd(sensitivity, io, {
    names: SENSITIVITY_NAMES,
    list: async (api) => (await api.listSensitivity()).sensitivity,
    end: (api, id) => api.endSensitivity({ id }),
  });
};
