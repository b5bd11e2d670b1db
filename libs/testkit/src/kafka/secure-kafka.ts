import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } from 'kafkajs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerJars } from './broker-files';
import { startJavaBrokers } from './java-broker';

/** PEM files of a peer. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of this test alone. */
export interface TestAuthority {
  readonly ca: string;
  /** Makes a certificate for `127.0.0.1` and `localhost`, with this common name. */
  issue(commonName: string): TlsFiles;
  remove(): void;
}

const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore' });

export function createTestAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-tls-'));
  const at = (name: string): string => join(folder, name);
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=telltale test', '-keyout', at('ca.key'), '-out', at('ca.pem')); // prettier-ignore
  let issued = 0;
  return {
    ca: at('ca.pem'),
    issue(commonName) {
      const name = `peer-${++issued}`;
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) => at(`${name}.${end}`)) as [string, string, string, string]; // prettier-ignore
      writeFileSync(extensions, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
      openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${commonName}`, '-keyout', key, '-out', request);
      openssl('x509', '-req', '-days', '2', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', extensions, '-out', cert); // prettier-ignore
      return { cert, key };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A right in the words of `kafka-acls.sh`. */
export interface Grant {
  readonly principal: string;
  readonly resource: 'topic' | 'group' | 'transactional-id' | 'cluster';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly string[];
}

const RESOURCES = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
  cluster: AclResourceTypes.CLUSTER,
};
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED };
const operationOf = (name: string): AclOperationTypes =>
  AclOperationTypes[name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() as keyof typeof AclOperationTypes];

async function grant(brokers: readonly string[], grants: readonly Grant[]): Promise<void> {
  const admin = new Kafka({ clientId: 'acls', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const acl = grants.flatMap(({ principal, resource, name, pattern, operations }) =>
      operations.map((operation) => ({
        principal,
        host: '*',
        permissionType: AclPermissionTypes.ALLOW,
        resourceType: RESOURCES[resource],
        resourceName: name,
        resourcePatternType: PATTERNS[pattern],
        operation: operationOf(operation),
      })),
    );
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

export interface SecureKafka {
  readonly authority: TestAuthority;
  /** Without encryption, as a super user: for tests to look in. */
  readonly admin: string[];
  /** TLS, and a certificate of the authority is asked for. */
  readonly mtls: readonly string[];
  /** TLS, and SCRAM-SHA-512 or PLAIN. */
  readonly sasl: readonly string[];
  grant(grants: readonly Grant[]): Promise<void>;
  stop(): Promise<void>;
}

/** A Kafka that denies everything that no ACL allows, with users by name and password. Needs Java, Maven or its cache, and openssl. */
export async function requireSecureKafka(users: Readonly<Record<string, string>>): Promise<SecureKafka> {
  const jars = brokerJars();
  if (typeof jars !== 'string') throw new Error(`this suite needs Kafka: ${jars.unavailable}`);
  const authority = createTestAuthority();
  const server = authority.issue('kafka');
  const keystore = `${server.cert}.store.pem`;
  writeFileSync(keystore, readFileSync(server.key, 'utf8') + readFileSync(server.cert, 'utf8'));
  const plain = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`).join(''); // prettier-ignore
  const kafka = await startJavaBrokers(jars, {
    users,
    listeners: [
      { name: 'MTLS', protocol: 'SSL' },
      { name: 'SASL', protocol: 'SASL_SSL' },
    ],
    properties: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': authority.ca,
      'listener.name.mtls.ssl.client.auth': 'required',
      'listener.name.sasl.sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required${plain};`,
      'listener.name.sasl.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  });
  return {
    authority,
    admin: kafka.brokers,
    mtls: kafka.addresses.get('MTLS') ?? [],
    sasl: kafka.addresses.get('SASL') ?? [],
    grant: (grants) => grant(kafka.brokers, grants),
    async stop() {
      await kafka.stop();
      authority.remove();
    },
  };
}
