import { runCli } from './program';
import { EXIT_FAILED } from './terminal/errors';
import { processTerminal } from './terminal/io';

const EXIT_INTERRUPTED = 130;

const interrupted = new AbortController();
const onSignal = (): void => {
  if (interrupted.signal.aborted) process.exit(EXIT_INTERRUPTED);
  interrupted.abort();
};
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// `telltale query … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED));

// Exits only after stdout has taken everything; engines may hold threads that would keep the process.
void runCli(process.argv.slice(2), processTerminal(interrupted.signal)).then((code) =>
  process.stdout.write('', () => process.exit(code)),
);
