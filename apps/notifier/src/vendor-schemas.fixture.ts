/** What receivers take, as JSON Schema, written from the public documentation of each. */
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const closed = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const plainText = (longest: number) =>
  closed({ type: { const: 'plain_text' }, text: text(longest), emoji: { type: 'boolean' } }, ['type', 'text']);

/** Block Kit in an incoming webhook: docs.slack.dev/reference/block-kit/blocks. */
const SLACK = closed({
  text: text(40_000),
  blocks: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      oneOf: [
        closed({ type: { const: 'header' }, text: plainText(150) }),
        closed({ type: { const: 'section' }, text: plainText(3_000) }),
        closed({ type: { const: 'section' }, fields: { type: 'array', minItems: 1, maxItems: 10, items: plainText(2_000) } }),
        closed({
          type: { const: 'actions' },
          elements: { type: 'array', minItems: 1, maxItems: 25, items: closed({ type: { const: 'button' }, text: plainText(75), url: { ...text(3_000), pattern: '^https?://' } }) },
        }),
      ],
    },
  },
}); // prettier-ignore

const ROUTED = { routing_key: { type: 'string', minLength: 32, maxLength: 32 }, dedup_key: text(255) };
/** Events API v2: developer.pagerduty.com, Send an Alert Event. */
const PAGERDUTY = {
  oneOf: [
    closed(
      {
        ...ROUTED,
        event_action: { const: 'trigger' },
        payload: closed(
          {
            summary: text(1_024),
            source: text(1_024),
            severity: { enum: ['critical', 'error', 'warning', 'info'] },
            timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT.*Z$' },
            component: { type: 'string' },
            group: { type: 'string' },
            class: { type: 'string' },
            custom_details: { type: 'object' },
          },
          ['summary', 'source', 'severity'],
        ),
        client: { type: 'string' },
        client_url: { type: 'string', pattern: '^https?://' },
        links: { type: 'array', items: closed({ href: text(2_048), text: text(1_024) }) },
      },
      ['routing_key', 'event_action', 'payload'],
    ),
    closed({ ...ROUTED, event_action: { enum: ['acknowledge', 'resolve'] } }),
  ],
};

const labels = { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' } }; // prettier-ignore
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' };
/** postableAlerts of api/v2/openapi.yaml of Alertmanager. */
const ALERTMANAGER = {
  type: 'array',
  minItems: 1,
  items: closed(
    {
      labels: { ...labels, required: ['alertname'], minProperties: 1 },
      annotations: labels,
      startsAt: time,
      endsAt: time,
      generatorURL: { type: 'string' },
    },
    ['labels'],
  ),
};

/** docs/ALERTS.md. */
const WEBHOOK = closed({
  form: { const: 1 },
  id: text(64),
  type: { enum: ['alert.firing', 'alert.resolved', 'alert.acknowledged', 'alert.reminder', 'alert.test'] },
  firing_since: time,
  alert: {
    type: 'object',
    required: ['tenant', 'id', 'incident_id', 'status', 'at', 'title', 'summary', 'dedupe_key', 'severity', 'service_name', 'services', 'kind', 'link'],
  },
}); // prettier-ignore

export const VENDOR_SCHEMAS = { slack: SLACK, pagerduty: PAGERDUTY, alertmanager: ALERTMANAGER, webhook: WEBHOOK } as const;
