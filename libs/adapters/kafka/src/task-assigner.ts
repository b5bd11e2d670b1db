import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { assignTasks, type Claimant } from './assign-tasks';

const NAME = 'TelltalePartitions';
const VERSION = 0;

export type Claim = Omit<Claimant, 'memberId'>;
const NOTHING: Claim = { generation: 0, tasks: [] };

/**
 * Partition number p of every topic goes to the same member, so that a task has one owner whatever the topics' counts are. A task stays with
 * the member that has it, as one that moves restores its state: each member says in its metadata, whenever it joins, what it has (`claim`).
 */
export function createTaskAssigner(claim: () => Claim): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    assign({ members, topics }) {
      const partitions = [...topics].sort().map((topic) => {
        const found = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
        return [topic, new Set(found)] as const;
      });
      const tasks = [...new Set(partitions.flatMap(([, found]) => [...found]))];
      const claimants = members.map(({ memberId, memberMetadata }) => ({ memberId, ...readClaim(memberMetadata) }));
      return Promise.resolve(
        [...assignTasks(tasks, claimants)].map(([memberId, mine]) => {
          const assignment: Record<string, number[]> = {};
          for (const [topic, found] of partitions) {
            const ofTopic = mine.filter((task) => found.has(task));
            if (ofTopic.length > 0) assignment[topic] = ofTopic;
          }
          const encoded = { version: VERSION, assignment, userData: Buffer.alloc(0) };
          return { memberId, memberAssignment: AssignerProtocol.MemberAssignment.encode(encoded) };
        }),
      );
    },
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(claim())),
      }),
    }),
  });
}

/** What a member says it has; nothing where that cannot be read. */
function readClaim(memberMetadata: Buffer): Claim {
  try {
    const userData = AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData.toString() ?? '';
    const { generation, tasks } = JSON.parse(userData) as Partial<Claim>;
    if (!Number.isSafeInteger(generation) || !Array.isArray(tasks)) return NOTHING;
    return { generation: generation as number, tasks: tasks.filter((task) => Number.isSafeInteger(task)) };
  } catch {
    return NOTHING;
  }
}
