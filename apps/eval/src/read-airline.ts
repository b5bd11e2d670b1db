import { UsageError } from '@telltale/cli';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type z } from 'zod';

/**
 * Conversations in the form of tau-bench: of a file, or of the one of that name in a folder. UsageError says what is wrong with them; `form`: what
 * is expected, in words.
 */
export function readAirline<Conversations extends z.ZodType>(
  path: string,
  conversations: Conversations,
  form: string,
): z.infer<Conversations> {
  const file = statSync(path).isDirectory() ? join(path, 'gpt-4o-airline.json') : path;
  const fix = `give ${form}`;
  if (!existsSync(file)) throw new UsageError(`--data ${path}: there is no gpt-4o-airline.json in it`, fix);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(`--data ${file}: is no JSON`, fix);
  }
  const read = conversations.safeParse(json);
  if (!read.success)
    throw new UsageError(`--data ${file}: ${read.error.issues[0]?.path.join('.') ?? ''} is not as expected`, fix);
  return read.data;
}
