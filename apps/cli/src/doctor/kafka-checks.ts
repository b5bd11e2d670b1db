import { messageOf } from '@telltale/kernel';
import { ACL_PROCESSES, aclsOf } from '@telltale/services';
import { type openSetup } from '../commands/setup';
import { failed, type Finding, ok, skipped, warning } from './finding';

type Setup = Awaited<ReturnType<typeof openSetup>>;
type Cluster = Parameters<Parameters<Setup['inspectKafka']>[0]>[0];

const NAMED = 3;
const some = (names: readonly string[]): string =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ');

/** What the user of this Kafka lacks of what a process needs; rights that the broker does not tell are not counted. */
async function missingRights(cluster: Cluster, process: string): Promise<string[]> {
  const missing: string[] = [];
  for (const { resource, name, pattern, operations } of aclsOf(process)) {
    // Of names that begin so, one that nobody uses.
    const allowed = await cluster.allowed({ resource, name: pattern === 'prefixed' ? `${name}doctor` : name });
    const lacks = allowed === null ? [] : operations.filter((operation) => !allowed.has(operation));
    if (lacks.length > 0) missing.push(`${lacks.join(', ')} on ${resource} ${name}${pattern === 'prefixed' ? '*' : ''}`);
  }
  return missing;
}

const aclFix = (process: string): string =>
  `let an administrator of Kafka grant what this prints: telltale topics acls --service ${process}`;

/** Rights of one process, or, where none is named, which processes this user suffices for. */
async function checkAcls(cluster: Cluster, process: string | undefined): Promise<Finding> {
  if (process !== undefined) {
    const missing = await missingRights(cluster, process);
    return missing.length === 0
      ? ok('acls', `all that ${process} needs`)
      : failed('acls', `${process} lacks ${some(missing)}`, aclFix(process));
  }
  const suffices: string[] = [];
  let nearest: { readonly process: string; readonly missing: readonly string[] } | null = null;
  for (const one of ACL_PROCESSES) {
    const missing = await missingRights(cluster, one);
    if (missing.length === 0) suffices.push(one);
    else if (!nearest || missing.length < nearest.missing.length) nearest = { process: one, missing };
  }
  if (!nearest) return ok('acls', 'all that every process needs');
  if (suffices.length > 0) return ok('acls', `all that ${suffices.join(', ')} ${suffices.length > 1 ? 'need' : 'needs'}`);
  return failed('acls', `no process can run as this user; ${nearest.process} lacks ${some(nearest.missing)}`, aclFix(nearest.process)); // prettier-ignore
}

async function checkTopics(setup: Setup): Promise<Finding> {
  const differences = await setup.topicDifferences();
  if (differences.length === 0) return ok('topics', 'as the catalog says');
  const missing = differences.filter(({ what }) => what === 'topic').map(({ topic }) => topic);
  if (missing.length > 0) return failed('topics', `missing: ${some(missing)}`, 'make them: telltale topics apply');
  const found = some(differences.map(({ topic, what, is, wanted }) => `${topic} has ${what} ${is}, not ${wanted}`));
  return differences.some(({ canApply }) => canApply)
    ? warning('topics', found, 'see telltale topics diff; make them as they should be: telltale topics apply')
    : warning('topics', found, 'set TELLTALE_PARTITIONS and KAFKA_REPLICATION_FACTOR to what the topics have, or change the topics'); // prettier-ignore
}

const orElse = async (check: string, look: () => Promise<Finding>): Promise<Finding> => {
  try {
    return await look();
  } catch (error) {
    return warning(check, `cannot be looked at: ${messageOf(error)}`, 'let this user describe topics, their settings and groups');
  }
};

/** The broker as this configuration reaches it: connected, authenticated, with topics, and with the rights that processes need. */
export async function checkKafka(setup: Setup, process: string | undefined): Promise<Finding[]> {
  if (!setup.config.KAFKA_BROKERS) {
    const why = 'the embedded log is used';
    return [skipped('broker', why), skipped('topics', why), skipped('acls', why)];
  }
  try {
    return await setup.inspectKafka(async (cluster) => {
      const { clusterId, brokers, fetchVersion } = await cluster.facts();
      const found = `cluster ${clusterId}, ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}, Fetch up to version ${fetchVersion}`;
      const acls = await orElse('acls', () => checkAcls(cluster, process));
      return [ok('broker', found), await orElse('topics', () => checkTopics(setup)), acls];
    });
  } catch (error) {
    const why = 'the broker comes first';
    return [
      failed('broker', messageOf(error), 'correct KAFKA_BROKERS, KAFKA_SSL… and KAFKA_SASL…, or start the brokers'),
      skipped('topics', why),
      skipped('acls', why),
    ];
  }
}
