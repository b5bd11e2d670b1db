import { type Operations } from '@telltale/api-client';
import { withClient } from '../client/connect';
import { note, noteOfList } from '../terminal/io';
import { type ChosenSessions, chosenOf, withChosenSessions } from './chosen-sessions';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

type Params = Operations['listJourneys']['params'];
interface JourneysOptions extends ChosenSessions {
  readonly user?: string;
  readonly reason?: Params['reason'];
  readonly abandoned?: Params['abandoned'];
  readonly state?: string;
  readonly next?: string;
  readonly turn?: number;
  readonly order: Params['order'];
  readonly since: string;
  readonly until?: string;
  readonly limit: number;
  readonly running?: boolean;
  readonly json?: boolean;
}

const NAMES = ['session_id', 'service', 'started_at', 'turns', 'friction', 'reasons', 'abandoned_because', 'input_preview'];
const RUNNING_NAMES = ['session_id', 'service', 'turns', 'friction', 'risk', 'observed', 'reasons', 'input_preview'];

const reasonsText = (reasons: readonly { readonly sign?: unknown; readonly times?: unknown }[] | undefined): string =>
  (reasons ?? []).map(({ sign, times }) => `${String(sign)} ×${String(times)}`).join(', ');

export const registerJourneys: Register = (program, io) => {
  const journeys = withChosenSessions(program.command('journeys'))
    .description('how users fare: sessions by friction, with its reasons, the hardest first')
    .option('--user <id>', 'only of this user (pseudonym)')
    .option('--reason <sign>', 'only with this sign of friction: repeat, correction, error, tool_error, refusal, slow, …')
    .option('--abandoned <why>', 'only those that were abandoned (yes), were not (no), or were because of a sign')
    .option('--state <intent/outcome>', 'only with a turn in this state, such as refund/error')
    .option('--next <intent/outcome>', 'only where this came right after it: a state, or helped, abandoned, handed over')
    .option('--turn <n>', 'which turn is in that state', intOf('--turn', 1, 100))
    .option('--order <order>', 'friction or started', 'friction')
    .option('--since <time>', 'started since: an age such as 24h or 7d, or ISO 8601', '7d')
    .option('--until <time>', 'now when left out')
    .option('--running', 'those that go on now, with the risk that they end abandoned where it was borne out')
    .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 50);
  withExample(
    journeys,
    'telltale journeys --since 24h',
    'telltale journeys --reason repeat --json',
    'telltale journeys --state refund/error --next abandoned',
    'telltale journeys --running',
  );
  withJson(journeys).action(
    async ({ json, running, order, abandoned, reason, state, next, turn, user, since, until, ...options }: JourneysOptions) => {
      const chosen = chosenOf(options);
      if (running) {
        const answer = await withClient(io, ['insights'], ({ api }) => api.listRunningJourneys(chosen));
        if (json) return printJson(io, answer);
        printTable(io, answer.journeys.map((one) => ({ ...one, reasons: reasonsText(one.reasons) })), RUNNING_NAMES); // prettier-ignore
        const { measured_on: sessions, error, error_of_one_risk: simple } = answer.calibration;
        return note(
          io,
          `risks are off by ${error ?? '–'} in the mean over ${sessions} later sessions and states; one risk for all by ${simple ?? '–'}`,
        );
      }
      const { journeys: found } = await withClient(io, ['insights'], ({ api }) =>
        api.listJourneys({ ...chosen, user, since, until, order, abandoned, reason, state, next, turn }),
      );
      if (json) return found.forEach((row) => printJson(io, row));
      printTable(io, found.map((one) => ({ ...one, reasons: reasonsText(one.reasons) })), NAMES); // prettier-ignore
      noteOfList(io, found, options.limit);
    },
  );
};
