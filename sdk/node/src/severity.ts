export const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Place in SEVERITIES: the higher, the worse. */
export type Rank = number;
export const INFO: Rank = 2;
export const WARN: Rank = 3;
export const ERROR: Rank = 4;

export const rankOf = (severity: Severity): Rank => SEVERITIES.indexOf(severity);
export const isSeverity = (value: unknown): value is Severity => SEVERITIES.includes(value as Severity);

export const CONTENTS = ['none', 'metadata', 'full'] as const;
export type Content = (typeof CONTENTS)[number];
export const isContent = (value: unknown): value is Content => CONTENTS.includes(value as Content);
