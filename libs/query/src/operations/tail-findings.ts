import { alertRecord, incidentRecord } from '@telltale/contracts';
import { z } from 'zod';
import { defineStream } from '../define/definition';
import { choice, text } from '../define/params';

const STREAMS = {
  'text/event-stream':
    'Server-sent events: `event` with a record as JSON, `skipped` with `{"count": n}` when the client is too slow.',
};
const LIMITS = { maxRows: Infinity, seconds: Infinity };

/** Answered by whoever has the connection. */
export const tailIncidents = defineStream({
  name: 'tailIncidents',
  about: 'Follows incidents, at every change of one.',
  tag: 'operations',
  scope: 'read',
  method: 'GET',
  path: '/api/tail/incidents',
  params: {
    service: text('Only of this service').optional(),
    state: choice(incidentRecord.shape.state.options, 'Only changes to this state').optional(),
  },
  example: { service: 'shop', state: 'open' },
  answer: z.object({}),
  isJson: false,
  streams: STREAMS,
  limits: LIMITS,
});

export const tailAlerts = defineStream({
  name: 'tailAlerts',
  about: 'Follows alerts as they fire and are resolved.',
  tag: 'operations',
  scope: 'read',
  method: 'GET',
  path: '/api/tail/alerts',
  params: {
    incident: text('Only of this incident').optional(),
    status: choice(alertRecord.shape.status.options, 'Only of this status').optional(),
  },
  example: { status: 'firing' },
  answer: z.object({}),
  isJson: false,
  streams: STREAMS,
  limits: LIMITS,
});
