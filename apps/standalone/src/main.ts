import { escapeInvisible, messageOf, TelltaleError } from '@telltale/kernel';
import { printConfig } from '@telltale/platform-config';
import { readConfig } from '@telltale/platform-nest-runtime';
import { selectApps } from './apps';
import { startStandalone } from './start-standalone';

const flag = (name: string): string | undefined =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const say = (text: string): void => void process.stderr.write(`${escapeInvisible(text)}\n`);

function fail(error: unknown): never {
  say(
    `telltale: ${error instanceof TelltaleError ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
  );
  process.exit(1);
}

async function main(): Promise<void> {
  const target = flag('target') ?? 'all';
  if (process.argv.includes('--print-config')) {
    process.stdout.write(`${escapeInvisible(printConfig(readConfig(selectApps(target), process.env)))}\n`);
    return;
  }
  const running = await startStandalone({ home: process.env['TELLTALE_HOME'] ?? '.telltale', targets: [target], onCrash: fail });
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(2);
    asked = true;
    running.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

main().catch(fail);
