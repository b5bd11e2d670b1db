/** Tables whose fields are in the catalogue. events_core has the events without content, and is faster to read than events. */
export const FIELD_TABLES = ['events', 'events_core', 'turns'] as const;
export type FieldTable = (typeof FIELD_TABLES)[number];
type Tables = readonly FieldTable[];

export const IN_ALL: Tables = FIELD_TABLES;
export const IN_EVENTS: Tables = ['events', 'events_core'];
export const IN_WIDE_EVENTS: Tables = ['events'];
export const IN_TURNS: Tables = ['turns'];
