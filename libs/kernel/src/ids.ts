declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type TenantId = Branded<string, 'TenantId'>;
export type SessionId = Branded<string, 'SessionId'>;
export type TurnId = Branded<string, 'TurnId'>;
export type OperationId = Branded<string, 'OperationId'>;
export type EventId = Branded<string, 'EventId'>;
export type DirectiveId = Branded<string, 'DirectiveId'>;
export type IncidentId = Branded<string, 'IncidentId'>;
export type SeriesId = Branded<string, 'SeriesId'>;

const TENANT = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Tenant names are lower-case words of at most 63 characters: `[a-z0-9][a-z0-9_-]*`. */
export const isTenantId = (value: string): value is TenantId => TENANT.test(value);
