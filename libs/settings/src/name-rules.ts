export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const NAME_RULE = 'is not 1 to 100 letters, digits, dots, dashes and underscores, the first a letter or digit';
export const TENANT_RULE = 'is not 1 to 63 lower-case letters, digits, dashes and underscores, the first a letter or digit';
