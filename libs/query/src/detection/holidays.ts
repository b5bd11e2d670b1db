import { isHolidayDate, isUtcOffset, MAX_HOLIDAY_DATES } from '@telltale/contracts';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { defineCommand, named } from '../define/definition';
import { text } from '../define/params';
import { isoTime } from '../define/row-fields';
import { ENDS, ending } from './commands';
import { issuedBy, newId, sendDetectorSetting } from './detector-setting';

const DATE_FIX = 'give a day of 2000 to 2099, such as 2026-12-25';
const DATES_FIX = `give 1 to ${MAX_HOLIDAY_DATES} days, such as ["2026-12-25"]`;
const OFFSET_FIX = 'give one such as +01:00, or leave it out for UTC';

export const addHolidays = defineCommand({
  name: 'addHolidays',
  about: 'Names days whose traffic need not be what it usually is, and from which nothing is learned of what is usual.',
  tag: 'detection',
  scope: 'control',
  path: '/api/detector/holidays',
  params: {
    id: text('Id of the list; made when left out').optional(),
    name: text('What people call them').default('holidays'),
    service_name: text('Only this service; every service when left out').optional(),
    dates: z
      .array(
        z.string(`is not a text; ${DATE_FIX}`).refine(isHolidayDate, `is no day; ${DATE_FIX}`),
        `is not a list of days; ${DATES_FIX}`,
      )
      .min(1, `is empty; ${DATES_FIX}`)
      .max(MAX_HOLIDAY_DATES, `has too many days; ${DATES_FIX}, and more in another list`)
      .describe('Days, such as 2026-12-25'),
    utc_offset: text('How far the clocks by which a day begins are ahead of UTC: +01:00, -05:00')
      .refine(isUtcOffset, `is no offset; ${OFFSET_FIX}`)
      .default('+00:00'),
    issued_by: issuedBy,
  },
  example: { name: 'Christmas', dates: ['2026-12-25', '2026-12-26'], utc_offset: '+01:00' },
  answer: named('AddHolidaysAnswer', z.object({ id: z.string(), dates: z.array(z.string()), until: isoTime })),
  run: async ({ id: given, service_name: service, dates: days, ...asked }, context) => {
    const dates = [...new Set(days)].sort();
    const lastBegins = Date.parse(`${dates.at(-1) ?? ''}T00:00:00${asked.utc_offset}`);
    const until = lastBegins + DAY_MS;
    if (until <= context.clock.now()) throw badParameter('dates', 'are all over', 'give days that are not over yet');
    const about = { ...(service === undefined ? {} : { service_name: service }), ...asked, dates };
    const id = given ?? newId(context, 'holidays', about);
    await sendDetectorSetting(context, { ...about, type: 'set_holidays', tenant: context.tenant, id });
    return { id, dates, until: isoTimeOf(until) };
  },
});

export const endHolidays = defineCommand({
  ...ENDS,
  name: 'endHolidays',
  about: 'Takes back a list of holidays now.',
  path: '/api/detector/holidays/{id}',
  params: { id: text('Id of the list') },
  example: { id: 'h1' },
  missing: 'there is no list of holidays of this id, or it is over already',
  run: ending('holidays'),
});
