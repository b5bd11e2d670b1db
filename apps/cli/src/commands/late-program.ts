import { errorCodeOf } from '@telltale/kernel';
import { type Command } from 'commander';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CliError } from '../terminal/errors';
import { type Io, type Terminal } from '../terminal/io';

/** A program beside this one in `dist/apps`. Answers its exit code. */
interface LateProgram {
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

async function load(name: string): Promise<LateProgram> {
  const file = join(__dirname, '..', name, 'main.cjs');
  try {
    return (await import(pathToFileURL(file).href)) as LateProgram;
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(String(errorCodeOf(error)))) throw error;
    throw new CliError(`this installation has no telltale ${name}`, 'run it from a checkout of the repository, after npm ci');
  }
}

/** Commands that few people need and that are large: loaded when they are asked for, with all that stands behind their name. */
const registerLate =
  (name: string, description: string) =>
  (program: Command, _io: Io, terminal: Terminal): void => {
    program
      .command(`${name} [args...]`)
      .description(description)
      .allowUnknownOption()
      .helpOption(false)
      .action(async (_args: string[], _options: unknown, command: Command) => {
        process.exitCode = await (await load(name)).run(command.args, terminal);
      });
  };

export const registerEval = registerLate('eval', 'accuracy on labeled data, each with figures as JSON');
export const registerBench = registerLate('bench', 'measure this machine: throughput, latency, start, memory');
