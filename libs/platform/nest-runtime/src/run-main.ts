import { escapeInvisible, messageOf, TelltaleError } from '@telltale/kernel';
import { printConfig } from '@telltale/platform-config';
import { type ServiceDefinition } from './service-definition';
import { readConfig, startServices } from './start-services';

const EXIT_FAILED = 1;
const EXIT_FORCED = 2;

/**
 * The whole life of a process: `--print-config` and out, or run until SIGTERM or SIGINT; a second signal ends it at once. The
 * only place that decides to exit.
 */
export async function runMain(services: readonly ServiceDefinition[]): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${escapeInvisible(text)}\n`);
  try {
    if (process.argv.includes('--print-config')) {
      process.stdout.write(`${escapeInvisible(printConfig(readConfig(services, process.env)))}\n`);
      return;
    }
    const running = await startServices(services, {
      env: process.env,
      onCrash: (error) => {
        say(`telltale: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
        process.exit(EXIT_FAILED);
      },
    });
    let asked = false;
    const onSignal = (): void => {
      if (asked) process.exit(EXIT_FORCED);
      asked = true;
      void running.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  } catch (error) {
    say(
      `telltale: ${error instanceof TelltaleError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
    );
    process.exit(EXIT_FAILED);
  }
}
