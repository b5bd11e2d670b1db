import { TelltaleError } from '@telltale/kernel';
import { Command, CommanderError } from 'commander';
import { registerBench } from './commands/bench';
import { type Register } from './commands/command';
import { registerCosts } from './commands/costs';
import { registerDemo } from './commands/demo';
import { registerDetector } from './commands/detector';
import { registerDlq } from './commands/dlq';
import { registerDoctor } from './commands/doctor';
import { registerEval } from './commands/eval';
import { registerImport } from './commands/import';
import { registerIncidents } from './commands/incidents';
import { registerPrivacy } from './commands/privacy';
import { registerQuery } from './commands/query';
import { registerSessions } from './commands/sessions';
import { registerTail } from './commands/tail';
import { registerTopics } from './commands/topics';
import { registerUp } from './commands/up';
import { registerVerbosity } from './commands/verbosity';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './terminal/errors';
import { createIo, type Io, note, type Terminal } from './terminal/io';

const COMMANDS: readonly Register[] = [
  registerDemo, registerUp, registerImport, registerTail, registerQuery, registerSessions, registerIncidents, registerDetector, registerVerbosity,
  registerCosts, registerPrivacy, registerTopics, registerDlq, registerDoctor, registerEval, registerBench,
]; // prettier-ignore

export const VERSION = '0.1.0';

export function createProgram(io: Io): Command {
  const program = new Command('telltale')
    .description('Turns the logs of AI chatbots and agents into answers.')
    .version(VERSION)
    .configureOutput({ writeOut: (text) => io.out(text.replace(/\n$/, '')), writeErr: (text) => io.err(text) })
    .showHelpAfterError('(see telltale --help)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Data lies in TELLTALE_HOME (default .telltale). Commands talk to the Telltale that runs over it, or start one for as long as
they take. One elsewhere: TELLTALE_URL (insights), TELLTALE_GATEWAY_URL (the gateway; default: TELLTALE_URL) and TELLTALE_KEY.
Exit codes: 0 done, 1 failed, 2 wrong usage.`,
    );
  for (const register of COMMANDS) register(program, io);
  // Subcommands do not inherit these.
  const settle = (command: Command): void => {
    for (const child of command.commands) {
      child
        .exitOverride()
        .configureOutput({ writeOut: (text) => io.out(text.replace(/\n$/, '')), writeErr: (text) => io.err(text) });
      child.showHelpAfterError(`(see ${pathOf(child)} --help)`);
      settle(child);
    }
  };
  settle(program);
  return program;
}

const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());

function tellFailure(io: Io, error: unknown): number {
  if (error instanceof CliError) {
    note(io, `telltale: ${error.message}${error.fix ? `\n  → ${error.fix}` : ''}`);
    return error.exitCode;
  }
  if (error instanceof TelltaleError) {
    note(io, `telltale: ${error.message}`);
    return EXIT_FAILED;
  }
  note(io, `telltale: this is a fault of ours\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT_FAILED;
}

/** Runs one command line and answers its exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const io = createIo(terminal);
  process.exitCode = EXIT_OK;
  try {
    const program = createProgram(io);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT_USAGE;
    }
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT_OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    return tellFailure(io, error);
  }
}
