import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port';
import { brokerJars, KAFKA_VERSION, toolsMissing } from './broker-files';

export interface TestKafka {
  readonly brokers: string[];
  /** Folder of the log segments if it is on this machine, to be searched as bytes. */
  readonly dataDir: string | null;
  readonly how: string;
  /** Kills it with SIGKILL and restarts it on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
/** Runs the broker until our end of the pipe closes, which the system guarantees however we exit. */
const TIED_TO_US =
  'exec 3<&0; out=$1; shift; java "$@" </dev/null 3<&- >>"$out" 2>&1 & broker=$!; (cat <&3 >/dev/null; kill -9 $broker) & wait $broker; kill $! 2>/dev/null; exit 1';
const IMAGE = 'apache/kafka:4.1.0';

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

const properties = (port: number, controller: number, dataDir: string): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataDir,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.min.isr': 1,
    'auto.create.topics.enable': false,
    // After a SIGKILL the controller considers the broker alive for this long, and rejects a new registration.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

async function startJava(jars: string): Promise<TestKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-kafka-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const config = join(folder, 'server.properties');
  const output = join(folder, 'broker.log');
  const port = await freePort();
  writeFileSync(config, properties(port, await freePort(), dataDir));
  writeFileSync(
    join(folder, 'log4j2.properties'),
    'rootLogger.level=warn\nrootLogger.appenderRef.out.ref=out\nappender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\nappender.out.layout.pattern=%d %p %c %m%n\n',
  );
  const java = [
    '-Xmx512m',
    '-Xms128m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    '-cp',
    join(jars, '*'),
  ];
  execFileSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', 'dGVsbHRhbGUtdGVzdC0xMg', '-c', config], {
    stdio: 'ignore',
  });
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn('bash', ['-c', TIED_TO_US, 'java', output, ...java, 'kafka.Kafka', config], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child = started;
    const until = Date.now() + START_MS;
    while (!(await accepts(port))) {
      if (started.exitCode !== null || Date.now() > until)
        throw new Error(`the broker did not start:\n${readFileSync(output, 'utf8').slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  async function end(): Promise<void> {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.stdin?.end();
    await ended;
  }
  await start();
  return {
    brokers: [`127.0.0.1:${port}`],
    dataDir,
    how: `Kafka ${KAFKA_VERSION} from Maven Central`,
    async restart() {
      await end();
      await start();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startContainer(): Promise<TestKafka> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withExposedPorts({ container: 9092, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return {
    brokers: [`127.0.0.1:${port}`],
    dataDir: null,
    how: IMAGE,
    restart: () => container.restart({ timeout: 0 }),
    stop: () => container.stop().then(() => undefined),
  };
}

/** A broker for tests: KAFKA_BROKERS, a container, or one from Maven Central; or the reason why there is none. */
export async function startKafka(): Promise<TestKafka | { readonly unavailable: string }> {
  const given = process.env['KAFKA_BROKERS'];
  const nothing = (): Promise<void> => Promise.resolve();
  if (given) return { brokers: given.split(','), dataDir: null, how: 'KAFKA_BROKERS', restart: nothing, stop: nothing };
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) return startContainer();
  const jars = brokerJars();
  return typeof jars === 'string'
    ? startJava(jars)
    : { unavailable: `${jars.unavailable}; give KAFKA_BROKERS, Docker, or Java 17 with Maven` };
}

/** Why no broker can run here, known before one is started; null when one can be tried. */
function whyNoKafka(): string | null {
  if (process.env['KAFKA_BROKERS'] || spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0) return null;
  return toolsMissing();
}

/** Like `startKafka`, for suites that require a broker. */
export async function requireKafka(): Promise<TestKafka> {
  const kafka = await startKafka();
  if ('unavailable' in kafka) throw new Error(`this suite needs Kafka: ${kafka.unavailable}`);
  return kafka;
}

/** A suite that needs a broker: skipped with the reason when there is none; in CI that is a failure. */
export function describeWithKafka(name: string, suite: () => void): void {
  const why = whyNoKafka();
  if (why === null || process.env['CI'] === 'true') describe(name, suite);
  else describe.skip(`${name} (left out: ${why})`, suite);
}
