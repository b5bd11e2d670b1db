import { type Command } from 'commander';
import { homeOf, runningAt } from '../client/connect';
import { sleep } from '../client/settled';
import { CliError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { intOf, printJson, withJson } from './command';

interface UpOptions {
  readonly target: string;
  readonly port?: number;
  readonly grpcPort?: number | 'off';
  readonly printConfig?: boolean;
  readonly json?: boolean;
}

const portOf = intOf('--port', 0, 65_535);
const grpcPortOf = (text: string): number | 'off' => (text === 'off' ? 'off' : intOf('--grpc-port', 0, 65_535)(text));

export function registerUp(program: Command, io: Io): void {
  withJson(
    program
      .command('up')
      .description('run Telltale here until Ctrl-C; embedded unless KAFKA_BROKERS is set')
      .option(
        '--target <names>',
        'services to run, with commas: gateway, enricher, scorer, costs, incidents, verbosity, insights; or all',
        'all',
      )
      .option('--port <port>', 'HTTP port; 0: any (default: HTTP_PORT, else 4318)', portOf)
      .option('--grpc-port <port>', 'OTLP/gRPC port; 0: any; off: none (default: GATEWAY_GRPC_PORT, else 4317)', grpcPortOf)
      .option('--print-config', 'print the settings in force, and end'),
  ).action(async ({ target, port, grpcPort, printConfig: isPrint, json }: UpOptions) => {
    const home = homeOf(io.env);
    const { selectApps, startStandalone } = await import('@telltale/app-standalone');
    if (isPrint) {
      const [{ printConfig }, { readConfig }] = await Promise.all([
        import('@telltale/platform-config'),
        import('@telltale/platform-nest-runtime'),
      ]);
      const ports = {
        ...(port === undefined ? {} : { HTTP_PORT: String(port) }),
        ...(grpcPort === undefined ? {} : { GATEWAY_GRPC_PORT: String(grpcPort) }),
      };
      const config = readConfig(selectApps(target), { ...io.env, TELLTALE_HOME: home, ...ports });
      return json ? printJson(io, Object.fromEntries(printConfig(config).split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))) : io.out(printConfig(config)); // prettier-ignore
    }
    const running = await runningAt(home);
    if (running)
      throw new CliError(
        `Telltale runs over ${home} already: ${running.url}, process ${running.pid}`,
        'use that one, stop it first, or set TELLTALE_HOME to another folder',
      );
    const crash = new AbortController();
    const started = await startStandalone({
      home,
      targets: target.split(','),
      ...(port === undefined ? {} : { port }),
      ...(grpcPort === undefined ? {} : { grpcPort: grpcPort === 'off' ? null : grpcPort }),
      env: io.env,
      onCrash: (error) => crash.abort(error),
    });
    if (json) printJson(io, { url: started.url, grpc_port: started.grpcPort, home, pid: process.pid });
    else greet(io, home, started);
    await sleep(Infinity, AbortSignal.any([io.signal, crash.signal]));
    if (!json) note(io, 'stopping');
    await started.stop();
    if (crash.signal.aborted) throw crash.signal.reason;
  });
}

interface Started {
  readonly url: string;
  readonly apiKey: string;
  readonly apiKeyCreated: boolean;
  readonly consoleLink: string;
  readonly grpcPort: number | null;
}

function greet(io: Io, home: string, started: Started): void {
  io.out(
    `Telltale runs at ${started.url}${started.grpcPort === null ? '' : `, OTLP/gRPC on port ${started.grpcPort}`}; data in ${home}`,
  );
  io.out(
    io.isOutTty
      ? `Look at it: ${started.consoleLink} (good once, for 15 minutes)`
      : `Look at it: ${started.url}, with the API key`,
  );
  io.out(
    // What is no terminal may be a log that many read.
    started.apiKeyCreated && io.isOutTty
      ? `API key, made now and kept in ${home}/api-key: ${started.apiKey}`
      : `API key: in ${home}/api-key`,
  );
  io.out(
    [
      'Next, in another terminal:',
      `  send something    curl -H "Authorization: Bearer $(cat ${home}/api-key)" -H "Content-Type: application/json" ${started.url}/v1/events \\`,
      `                      -d '[{"kind":"llm","ts":"'$(date -u +%FT%TZ)'","service_name":"hello","request_model":"gpt-4o","duration_ms":900}]'`,
      '  watch it come in  npx telltale tail',
      '  ask about it      npx telltale query "SELECT kind, count() FROM events GROUP BY kind"',
    ].join('\n'),
  );
}
