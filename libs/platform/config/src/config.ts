import { PermanentError } from '@telltale/kernel';
import { type z } from 'zod';
import { problemOf } from './problem';

export type Env = Readonly<Record<string, string | undefined>>;
/** Variables of a service; names carry their unit (`_MS`, `_BYTES`). */
export type ConfigSlice = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** Reads a slice from the environment. Throws PermanentError('config') with every wrong variable and the fix. */
export function loadConfig<S extends ConfigSlice>(slice: S, env: Env): z.infer<S> {
  const present = Object.fromEntries(
    Object.keys(slice.shape).flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])),
  );
  const parsed = slice.safeParse(present);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.')}: ${problemOf(issue)}${about(slice, String(issue.path[0] ?? ''))}`,
  );
  throw new PermanentError(
    'config',
    `wrong settings in the environment:\n${lines.join('\n')}\nSee docs/CONFIG.md for every variable.`,
  );
}

const about = (slice: ConfigSlice, name: string): string => {
  const description = slice.shape[name]?.description;
  return description ? ` (${description})` : '';
};

export interface ConfigVariable {
  readonly name: string;
  readonly fallback: string;
  readonly about: string;
}

/** Every variable of a slice with its default, for CONFIG.md and `--print-config`. */
export function describeSlice(slice: ConfigSlice): ConfigVariable[] {
  return Object.entries(slice.shape).map(([name, type]) => {
    const result = type.safeParse(undefined);
    const fallback = result.success && result.data !== undefined ? String(result.data) : '';
    return { name, fallback, about: type.description ?? '' };
  });
}

const SECRET = /(?:KEYS?|PASSWORD|SECRET|TOKEN|HEADERS)$/;

/** A URL without user, password and parameters. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return '(set)';
  const url = new URL(address);
  const user = url.username || url.password ? '***@' : '';
  return `${url.protocol}//${user}${url.host}${url.pathname === '/' ? '' : url.pathname}${url.search ? '?***' : ''}`;
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (SECRET.test(name)) return '(set)';
  return /(?:URL|ENDPOINT)$/.test(name) ? withoutSecrets(String(value)) : String(value);
}

/** `NAME=value` lines of the values in use; a secret is shown only as set or not. */
export const printConfig = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${shown(name, value)}`)
    .join('\n');

/** Every variable of some slices as an `.env` file: its description, then its default, commented out. */
export const envExample = (slices: readonly { readonly title: string; readonly slice: ConfigSlice }[]): string =>
  slices
    .map(({ title, slice }) =>
      [`## ${title}`, ...describeSlice(slice).map(({ name, fallback, about: text }) => `\n# ${text}\n#${name}=${fallback}`)].join(
        '\n',
      ),
    )
    .join('\n\n');
