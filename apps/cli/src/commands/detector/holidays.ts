import { note } from '../../terminal/io';
import { printJson, withJson } from '../command';
import { type Json, type RegisterIn, registerListAndEnd, send } from './overrides';

const NAMES = ['id', 'name', 'service_name', 'dates', 'utc_offset', 'until_at', 'state', 'in_force', 'issued_by'];

interface AddOptions extends Json {
  readonly name?: string;
  readonly service?: string;
  readonly utcOffset?: string;
}

export const registerHolidays: RegisterIn = (detector, io) => {
  const holidays = detector.command('holidays').description('days whose traffic need not be the usual: add, list, end');

  withJson(
    holidays
      .command('add <day...>')
      .description('days such as 2026-12-25; add them before they begin')
      .option('--name <text>', 'what they are called')
      .option('--service <name>', 'only this service; without it, every service')
      .option(
        '--utc-offset <offset>',
        'how far the clocks by which a day begins are ahead of UTC, such as +01:00; UTC when left out',
      ),
  ).action(async (dates: string[], { name, service, utcOffset, json }: AddOptions) => {
    const body = {
      dates,
      ...(name === undefined ? {} : { name }),
      ...(service === undefined ? {} : { service_name: service }),
      ...(utcOffset === undefined ? {} : { utc_offset: utcOffset }),
      issued_by: 'cli',
    };
    const answer = await send(io, (api) => api.addHolidays(body));
    if (json) return printJson(io, answer);
    io.out(
      `requested ${answer.id}, ${answer.dates.length === 1 ? 'one day' : `${answer.dates.length} days`}, until ${answer.until}`,
    );
    note(io, `end it with: telltale detector holidays end ${answer.id}`);
  });

  registerListAndEnd(holidays, io, {
    names: NAMES,
    list: async (api) => (await api.listHolidays()).holidays,
    end: (api, id) => api.endHolidays({ id }),
  });
};
