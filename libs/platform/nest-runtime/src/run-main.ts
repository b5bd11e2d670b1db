import { escapeInvisible, messageOf, TelltaleError } from '@telltale/kernel';
import { printConfig } from '@telltale/platform-config';
import { type ServiceApp } from './service-app';
import { readConfig, startServices } from './start-services';

const EXIT_FAILED = 1;
const EXIT_FORCED = 2;

/**
 * Runs a process: prints the configuration for `--print-config`, else runs until SIGTERM or SIGINT; a second signal ends it at once. The
 * only code that exits the process.
 */
export async function runMain(apps: readonly ServiceApp[]): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${escapeInvisible(text)}\n`);
  const explain = (error: unknown): void =>
    say(
      `telltale: ${error instanceof TelltaleError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
    );
  try {
    if (process.argv.includes('--print-config')) {
      process.stdout.write(`${escapeInvisible(printConfig(readConfig(apps, process.env)))}\n`);
      return;
    }
    const running = await startServices(apps, {
      env: process.env,
      onCrash: (error) => {
        explain(error);
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
    explain(error);
    process.exit(EXIT_FAILED);
  }
}
