import { EVENT_KINDS, EVENT_STATUSES } from '@telltale/contracts';
import { z } from 'zod';
import { defineStream } from '../define/definition';
import { choice, text } from '../define/params';

/** Answered by whoever has the connection: events come for as long as it is open. */
export const tailEvents = defineStream({
  name: 'tailEvents',
  about: 'Follows events as they come.',
  tag: 'operations',
  scope: 'read',
  method: 'GET',
  path: '/api/tail',
  params: {
    kind: choice(EVENT_KINDS, 'Only of this kind').optional(),
    service: text('Only of this service').optional(),
    session: text('Only of this session').optional(),
    status: choice(EVENT_STATUSES, 'Only of this status').optional(),
    name: text('Only of this name').optional(),
  },
  example: { kind: 'tool', status: 'error' },
  answer: z.object({}),
  isJson: false,
  streams: {
    'text/event-stream':
      'Server-sent events: `event` with an event as JSON, `skipped` with `{"count": n}` when the client is too slow.',
  },
  limits: { maxRows: Infinity, seconds: Infinity },
});
