import { runCommandLine, type Terminal } from '@telltale/cli';
import { createBenchProgram } from './program';

/** Runs one command line; what the command line of Telltale calls when it loads this program. */
export const run = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine(createBenchProgram, args, terminal);
