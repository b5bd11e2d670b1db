// What the other programs of the command line share with it: how they read options, write answers and fail.
export { createHttpClient } from './client/http-client';
export { repriceInSlices } from './commands/costs';
export { intOf, printJson, printTable, withExample, withJson } from './commands/command';
export { createRootCommand, runCommandLine } from './program';
export { CliError, UsageError } from './terminal/errors';
export { type Io, type Terminal } from './terminal/io';
