import { spawnSync } from 'node:child_process';
import { freePort } from '../free-port';
import { brokerJars, KAFKA_VERSION, toolsMissing } from './broker-files';
import { startJavaBrokers } from './java-broker';

export interface TestKafka {
  readonly brokers: string[];
  /** Folder of the log segments if it is on this machine, to be searched as bytes. */
  readonly dataDir: string | null;
  readonly how: string;
  /** Kills it with SIGKILL and restarts it on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const IMAGE = 'apache/kafka:4.1.0';

async function startJava(jars: string): Promise<TestKafka> {
  const { brokers, dataDirs, kill, start, stop } = await startJavaBrokers(jars);
  return {
    brokers,
    dataDir: dataDirs[0] ?? null,
    how: `Kafka ${KAFKA_VERSION} from Maven Central`,
    async restart() {
      await kill(1);
      await start(1);
    },
    stop,
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
