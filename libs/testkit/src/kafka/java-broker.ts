import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port';

const START_MS = 60_000;
/** Runs the broker until our end of the pipe closes, which the system guarantees however we exit. */
const TIED_TO_US =
  'exec 3<&0; out=$1; shift; java "$@" </dev/null 3<&- >>"$out" 2>&1 & broker=$!; (cat <&3 >/dev/null; kill -9 $broker) & wait $broker; kill $! 2>/dev/null; exit 1';
const CLUSTER_ID = 'dGVsbHRhbGUtdGVzdC0xMg';
const LOG_CONFIG =
  'rootLogger.level=warn\nrootLogger.appenderRef.out.ref=out\nappender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\nappender.out.layout.pattern=%d %p %c %m%n\n';

/** A further listener, e.g. with TLS. */
export interface Listener {
  readonly name: string;
  readonly protocol: 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT';
}

export interface JavaBrokerOptions {
  /** Processes that are broker and controller at once. */
  readonly nodes?: number;
  /** Beside the one without encryption. */
  readonly listeners?: readonly Listener[];
  readonly properties?: Readonly<Record<string, string>>;
  /** Users that log in with SCRAM-SHA-512: names and passwords. */
  readonly users?: Readonly<Record<string, string>>;
}

/** One or more Kafka processes of this machine. */
export interface JavaBrokers {
  /** Addresses without encryption. */
  readonly brokers: string[];
  /** Addresses by name of a further listener. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly dataDirs: readonly string[];
  /** Kills one with SIGKILL. */
  kill(node: number): Promise<void>;
  /** Starts one again, on the same ports and data. */
  start(node: number): Promise<void>;
  stop(): Promise<void>;
}

interface Node {
  readonly id: number;
  readonly ports: ReadonlyMap<string, number>;
  readonly dataDir: string;
  readonly config: string;
  readonly output: string;
  child: ChildProcess | null;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

const PLAIN = 'PLAINTEXT';
const portOf = ({ ports }: Node, name: string): number => ports.get(name) ?? 0;

function propertiesOf(node: Node, all: readonly Node[], { listeners = [], properties = {} }: JavaBrokerOptions): string {
  const names = [PLAIN, ...listeners.map(({ name }) => name)];
  const at = (name: string): string => `${name}://127.0.0.1:${portOf(node, name)}`;
  const replicas = Math.min(3, all.length);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': all.map((one) => `${one.id}@127.0.0.1:${portOf(one, 'CONTROLLER')}`).join(','),
    listeners: [...names, 'CONTROLLER'].map(at).join(','),
    'advertised.listeners': names.map(at).join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [`${PLAIN}:PLAINTEXT`, 'CONTROLLER:PLAINTEXT', ...listeners.map(({ name, protocol }) => `${name}:${protocol}`)].join(','), // prettier-ignore
    'log.dirs': node.dataDir,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.min.isr': Math.max(1, replicas - 1),
    'auto.create.topics.enable': false,
    // After a SIGKILL the controller considers the broker alive for this long, and rejects a new registration.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    ...properties,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

async function nodeIn(folder: string, id: number, names: readonly string[]): Promise<Node> {
  const ports = new Map<string, number>();
  for (const name of names) ports.set(name, await freePort());
  const home = join(folder, String(id));
  mkdirSync(join(home, 'data'), { recursive: true });
  return {
    id,
    ports,
    dataDir: join(home, 'data'),
    config: join(home, 'server.properties'),
    output: join(home, 'broker.log'),
    child: null,
  };
}

/** Starts brokers of the jars in a folder, with temporary data. */
export async function startJavaBrokers(jars: string, options: JavaBrokerOptions = {}): Promise<JavaBrokers> {
  const { nodes: count = 1, listeners = [], users = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'telltale-kafka-'));
  writeFileSync(join(folder, 'log4j2.properties'), LOG_CONFIG);
  const java = [
    '-Xmx512m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', join(jars, '*'),
  ]; // prettier-ignore
  const names = [PLAIN, 'CONTROLLER', ...listeners.map(({ name }) => name)];
  const nodes: Node[] = [];
  for (let id = 1; id <= count; id++) nodes.push(await nodeIn(folder, id, names));
  const scram = Object.entries(users).flatMap(([name, password]) => ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`]); // prettier-ignore
  for (const node of nodes) {
    writeFileSync(node.config, propertiesOf(node, nodes, options));
    execFileSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', node.config, ...scram], {
      stdio: 'ignore',
    });
  }

  const nodeOf = (id: number): Node => {
    const node = nodes[id - 1];
    if (!node) throw new Error(`there is no broker ${id} of ${count}`);
    return node;
  };
  function begin(id: number): void {
    const { output, config } = nodeOf(id);
    nodeOf(id).child = spawn('bash', ['-c', TIED_TO_US, 'java', output, ...java, 'kafka.Kafka', config], { stdio: ['pipe', 'ignore', 'ignore'] }); // prettier-ignore
  }
  async function started(id: number): Promise<void> {
    const node = nodeOf(id);
    const until = Date.now() + START_MS;
    while (!(await accepts(portOf(node, PLAIN)))) {
      if (node.child?.exitCode !== null || Date.now() > until)
        throw new Error(`broker ${id} did not start:\n${readFileSync(node.output, 'utf8').slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  async function kill(id: number): Promise<void> {
    const running = nodeOf(id).child;
    nodeOf(id).child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.stdin?.end();
    await ended;
  }
  // Together: none serves before most of them are there.
  for (const { id } of nodes) begin(id);
  for (const { id } of nodes) await started(id);
  const addressesOf = (name: string): string[] => nodes.map((node) => `127.0.0.1:${portOf(node, name)}`);
  return {
    brokers: addressesOf(PLAIN),
    addresses: new Map(listeners.map(({ name }) => [name, addressesOf(name)])),
    dataDirs: nodes.map(({ dataDir }) => dataDir),
    kill,
    async start(id) {
      begin(id);
      await started(id);
    },
    async stop() {
      await Promise.all(nodes.map(({ id }) => kill(id)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
