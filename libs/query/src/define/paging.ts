import { z } from 'zod';
import { text } from './params';

/** Where the next page of a list begins, as people give it back. */
export const cursorParam = text('next_cursor of the page before; the range of time is that of the first page', 2_000).optional();
export const nextCursor = z.string().optional().describe('Gives the next page as `cursor`; absent on the last one');
