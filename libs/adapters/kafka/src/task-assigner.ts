import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const NAME = 'TelltalePartitions';
const VERSION = 0;

/** Assigns partition p of every topic to the same member, so that a task has one owner whatever the partition counts of the topics are. */
export const taskAssigner: PartitionAssigner = ({ cluster }) => ({
  name: NAME,
  version: VERSION,
  assign({ members, topics }) {
    const owners = members.map(({ memberId }) => memberId).sort();
    const assignments = new Map<string, Record<string, number[]>>(owners.map((owner) => [owner, {}]));
    for (const topic of [...topics].sort()) {
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const mine = assignments.get(owners[partitionId % owners.length] ?? '');
        if (mine) (mine[topic] ??= []).push(partitionId);
      }
    }
    return Promise.resolve(
      [...assignments].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
      })),
    );
  },
  protocol: ({ topics }) => ({
    name: NAME,
    metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }),
  }),
});
