const TENANT = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Tenant names are lower-case words of at most 63 characters: `[a-z0-9][a-z0-9_-]*`. */
export const isTenantId = (value: string): boolean => TENANT.test(value);
