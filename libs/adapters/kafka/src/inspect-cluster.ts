import { createRequire } from 'node:module';
import { classify, protocolType } from './kafka-errors';
import { createContext, type KafkaBrokerOptions } from './kafka-options';

/** What a user may ask the broker of: what Kafka's ACLs are about. */
export interface AccessTarget {
  readonly resource: 'topic' | 'group' | 'transactional-id' | 'cluster';
  readonly name: string;
}

export interface ClusterFacts {
  readonly clusterId: string;
  readonly brokers: number;
  /** Newest version of the Fetch request that the broker takes; the protocol does not name its release. */
  readonly fetchVersion: number;
}

export interface ClusterInspector {
  facts(): Promise<ClusterFacts>;
  /** Operations that the broker allows us on it; null where it does not say, as of what is not there. */
  allowed(target: AccessTarget): Promise<ReadonlySet<string> | null>;
  close(): Promise<void>;
}

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBoolean(): boolean;
  readBytes(): Buffer | null;
  readArray<T>(reader: (decoder: Decoder) => T): T[];
}
interface Encoder {
  writeArray(values: readonly string[]): Encoder;
  writeNullableArray(values: readonly string[]): Encoder;
  writeBoolean(value: boolean): Encoder;
}
interface Connections {
  send<T>(call: { readonly request: object; readonly response: object }): Promise<T>;
}
interface ClientBroker {
  readonly connectionPool: Connections;
  findGroupCoordinator(of: {
    readonly groupId: string;
    readonly coordinatorType: number;
  }): Promise<{ readonly coordinator: { readonly nodeId: number } }>;
  readonly versions: Readonly<Record<string, { readonly maxVersion: number }>>;
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findControllerBroker(): Promise<ClientBroker>;
  refreshMetadata(): Promise<void>;
  findBroker(of: { readonly nodeId: number }): Promise<ClientBroker>;
}

const load = createRequire(__filename);
const NewEncoder = load('kafkajs/src/protocol/encoder') as new () => Encoder;
const NewDecoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;

/** Numbers of the protocol: https://kafka.apache.org/protocol.html; operations: org.apache.kafka.common.acl.AclOperation. */
const FETCH = 1;
const METADATA = { apiKey: 3, apiVersion: 8, apiName: 'Metadata' };
const DESCRIBE_GROUPS = { apiKey: 15, apiVersion: 3, apiName: 'DescribeGroups' };
const GROUP = 0;
const TRANSACTION = 1;
const NONE = 0;
const DENIED: ReadonlySet<number> = new Set([29, 30, 31]);
const DENIED_TYPES: ReadonlySet<string> = new Set(['GROUP_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED']);
const LOOK_AGAIN_MS = 250;
const LOOKS = 20;
const OPERATIONS: Readonly<Record<number, string>> = { 3: 'Read', 4: 'Write', 5: 'Create', 6: 'Delete', 7: 'Alter', 8: 'Describe', 10: 'DescribeConfigs', 11: 'AlterConfigs' }; // prettier-ignore

const operationsIn = (bits: number): ReadonlySet<string> =>
  new Set(Object.entries(OPERATIONS).flatMap(([bit, name]) => ((bits >> Number(bit)) & 1 ? [name] : [])));
const operationsOf = (error: number, bits: number): ReadonlySet<string> | null =>
  DENIED.has(error) ? new Set() : error === NONE ? operationsIn(bits) : null;

/** kafkajs asks neither for its own rights nor lets others ask, so that two requests are written here, in the versions that ask for them. */
const requestOf = (api: typeof METADATA, write: (encoder: Encoder) => Encoder) => ({ ...api, encode: () => Promise.resolve(write(new NewEncoder())) }); // prettier-ignore
const responseOf = <T>(read: (decoder: Decoder) => T) => ({
  decode: (bytes: Buffer) => Promise.resolve(read(new NewDecoder(bytes))),
  parse: (decoded: T) => Promise.resolve(decoded),
});
const ints = (decoder: Decoder): number[] => decoder.readArray((one) => one.readInt32());

interface Metadata {
  readonly brokers: number;
  readonly clusterId: string;
  readonly topics: readonly { readonly error: number; readonly bits: number }[];
}
const metadata = (topics: readonly string[]) => ({
  request: requestOf(METADATA, (encoder) => encoder.writeNullableArray(topics).writeBoolean(false).writeBoolean(false).writeBoolean(true)),
  response: responseOf((decoder): Metadata => {
    decoder.readInt32();
    const brokers = decoder.readArray((one) => [one.readInt32(), one.readString(), one.readInt32(), one.readString()]).length;
    const clusterId = decoder.readString();
    decoder.readInt32();
    const found = decoder.readArray((topic) => {
      const error = topic.readInt16();
      topic.readString();
      topic.readBoolean();
      topic.readArray((part) => [part.readInt16(), part.readInt32(), part.readInt32(), part.readInt32(), ints(part), ints(part), ints(part)]);
      return { error, bits: topic.readInt32() };
    });
    return { brokers, clusterId, topics: found };
  }),
}); // prettier-ignore

const describeGroup = (name: string) => ({
  request: requestOf(DESCRIBE_GROUPS, (encoder) => encoder.writeArray([name]).writeBoolean(true)),
  response: responseOf((decoder) => {
    decoder.readInt32();
    return decoder.readArray((group) => {
      const error = group.readInt16();
      for (let i = 0; i < 4; i++) group.readString();
      group.readArray((member) => [member.readString(), member.readString(), member.readString(), member.readBytes(), member.readBytes()]); // prettier-ignore
      return { error, bits: group.readInt32() };
    })[0];
  }),
});

const CREATE_CLUSTER = 'private:Kafka:createCluster';

/** Looks at a Kafka as the configured user sees it, and changes nothing. */
export function createClusterInspector(options: KafkaBrokerOptions): ClusterInspector {
  const kafka = createContext(options).kafka as unknown as Record<symbol, (given: object) => Cluster>;
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  if (!symbol) throw new Error('this kafkajs creates its cluster in another way');
  const cluster = kafka[symbol]?.({ allowAutoTopicCreation: false }) as Cluster;
  let connected: Promise<void> | null = null;

  async function ask<T>(doing: string, question: () => Promise<T>): Promise<T> {
    try {
      await (connected ??= cluster.connect().then(() => cluster.refreshMetadata()));
      return await question();
    } catch (error) {
      throw classify(error, doing);
    }
  }
  const coordinatorOf = async (name: string, coordinatorType: number): Promise<ClientBroker | null> => {
    for (let look = 1; ; look++) {
      try {
        const asked = await cluster.findControllerBroker();
        const { coordinator } = await asked.findGroupCoordinator({ groupId: name, coordinatorType });
        return await cluster.findBroker(coordinator);
      } catch (error) {
        const type = protocolType(error) ?? '';
        if (DENIED_TYPES.has(type)) return null;
        // A new cluster makes the topic of its coordinators when they are first asked for.
        if (type !== 'GROUP_COORDINATOR_NOT_AVAILABLE' || look >= LOOKS) throw error;
      }
      await options.clock.sleep(LOOK_AGAIN_MS);
    }
  };

  return {
    facts: () =>
      ask('metadata of the cluster', async () => {
        const broker = await cluster.findControllerBroker();
        const { brokers, clusterId } = await broker.connectionPool.send<Metadata>(metadata([]));
        return { brokers, clusterId, fetchVersion: broker.versions[FETCH]?.maxVersion ?? 0 };
      }),
    allowed: ({ resource, name }) =>
      ask(`rights on ${resource} ${name}`, async () => {
        if (resource === 'cluster') return null;
        if (resource === 'topic') {
          const { topics } = await (await cluster.findControllerBroker()).connectionPool.send<Metadata>(metadata([name]));
          return topics[0] ? operationsOf(topics[0].error, topics[0].bits) : null;
        }
        const broker = await coordinatorOf(name, resource === 'group' ? GROUP : TRANSACTION);
        if (!broker) return new Set<string>();
        // Of transactional ids the broker tells whether one may be described, and no more.
        if (resource === 'transactional-id') return null;
        const group = await broker.connectionPool.send<{ error: number; bits: number } | undefined>(describeGroup(name));
        return group ? operationsOf(group.error, group.bits) : null;
      }),
    async close() {
      await connected?.catch(() => undefined);
      await cluster.disconnect();
    },
  };
}
