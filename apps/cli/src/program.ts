import { TelltaleError } from '@telltale/kernel';
import { Command, CommanderError } from 'commander';
import { registerAlerts } from './commands/alerts';
import { type Register } from './commands/command';
import { registerCompare } from './commands/compare';
import { registerCosts } from './commands/costs';
import { registerDemo } from './commands/demo';
import { registerDetector } from './commands/detector';
import { registerDlq } from './commands/dlq';
import { registerDoctor } from './commands/doctor';
import { registerExplain } from './commands/explain';
import { registerFlows } from './commands/flows';
import { registerBench, registerEval } from './commands/late-program';
import { registerExplore } from './commands/explore';
import { registerExport } from './commands/export';
import { registerImport } from './commands/import';
import { registerInit } from './commands/init';
import { registerDashboards } from './commands/dashboards';
import { registerDeploys } from './commands/deploys';
import { registerIncidents } from './commands/incidents';
import { registerMcp } from './commands/mcp';
import { registerNow } from './commands/now';
import { registerJourneys } from './commands/journeys';
import { registerWhy } from './commands/why';
import { registerMigrate } from './commands/migrate';
import { registerPrivacy } from './commands/privacy';
import { registerQuery } from './commands/query';
import { registerSessions } from './commands/sessions';
import { registerSettings } from './commands/settings';
import { registerShare } from './commands/share';
import { registerSize } from './commands/size';
import { registerSupportBundle } from './commands/support-bundle';
import { registerTail } from './commands/tail';
import { registerTopics } from './commands/topics';
import { registerOperation } from './commands/operation';
import { registerTurns } from './commands/turns';
import { registerUp } from './commands/up';
import { VERSION } from './commands/version';
import { registerVerbosity } from './commands/verbosity';
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './terminal/errors';
import { createIo, type Io, note, type Terminal } from './terminal/io';

const COMMANDS: readonly Register[] = [
  registerDemo, registerUp, registerNow, registerImport, registerExport, registerTail, registerQuery, registerMcp, registerSessions,
  registerTurns, registerOperation, registerExplore, registerExplain, registerJourneys, registerFlows, registerCompare, registerIncidents, registerWhy, registerDeploys, registerDashboards, registerAlerts, registerDetector, registerVerbosity,
  registerCosts, registerSettings, registerPrivacy, registerShare, registerInit, registerTopics, registerMigrate, registerDlq, registerDoctor, registerSupportBundle, registerSize, registerEval, registerBench,
]; // prettier-ignore

/** A root command whose answers go to `io.out` and whose errors name its help. Call `finish` once its subcommands are there: they do not inherit this. */
export function createRootCommand(path: string, io: Io): { readonly root: Command; finish(): Command } {
  const output = { writeOut: (text: string) => io.out(text.replace(/\n$/, '')), writeErr: (text: string) => io.err(text) };
  const root = new Command(path).configureOutput(output).showHelpAfterError(`(see ${path} --help)`).exitOverride();
  const settle = (command: Command): void => {
    for (const child of command.commands) {
      child.exitOverride().configureOutput(output);
      child.showHelpAfterError(`(see ${pathOf(child)} --help)`);
      settle(child);
    }
  };
  return {
    root,
    finish() {
      settle(root);
      return root;
    },
  };
}

export function createProgram(io: Io, terminal: Terminal): Command {
  const { root, finish } = createRootCommand('telltale', io);
  root
    .description('Turns the logs of AI chatbots and agents into answers.')
    .version(VERSION)
    .addHelpText(
      'after',
      `
Data lies in TELLTALE_HOME (default .telltale). Commands talk to the Telltale that runs over it, or start one for as long as
they take. One elsewhere: TELLTALE_URL (insights), TELLTALE_GATEWAY_URL (the gateway; default: TELLTALE_URL) and TELLTALE_KEY.
Exit codes: 0 done, 1 failed, 2 wrong usage.`,
    );
  for (const register of COMMANDS) register(root, io, terminal);
  return finish();
}

const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());

function reportFailure(io: Io, error: unknown): number {
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

/** Runs one command line of a program and answers its exit code. Without arguments it prints the help. */
export async function runCommandLine(
  create: (io: Io, terminal: Terminal) => Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const io = createIo(terminal);
  process.exitCode = EXIT_OK;
  try {
    const program = create(io, terminal);
    if (args.length === 0 && program.commands.length > 0) {
      program.outputHelp({ error: true });
      return EXIT_USAGE;
    }
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT_OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    return reportFailure(io, error);
  }
}

export const runCli = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine(createProgram, args, terminal);
