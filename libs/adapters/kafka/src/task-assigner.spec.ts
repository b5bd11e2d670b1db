import { AssignerProtocol, type Cluster, type Logger } from 'kafkajs';
import { createTaskAssigner, type Claim } from './task-assigner';

const TOPICS = ['raw', 'settings'];
const PARTITIONS: Readonly<Record<string, number>> = { raw: 6, settings: 1 };
const cluster = {
  findTopicPartitionMetadata: (topic: string) =>
    Array.from({ length: PARTITIONS[topic] ?? 0 }, (_, partitionId) => ({ partitionId })),
} as unknown as Cluster;

/** The metadata with which a member joins, and what the leader's answer says. */
const newTestAssigner = (claim: Claim) => createTaskAssigner(() => claim)({ cluster, groupId: 'g', logger: {} as Logger });
const joining = (memberId: string, claim: Claim) => ({
  memberId,
  memberMetadata: newTestAssigner(claim).protocol({ topics: TOPICS }).metadata,
});

async function assigned(members: { memberId: string; memberMetadata: Buffer }[]) {
  const answer = await newTestAssigner({ generation: 0, tasks: [] }).assign({ members, topics: TOPICS });
  return Object.fromEntries(
    answer.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment,
    ]),
  );
}

describe('the assignment of a group', () => {
  it('leaves with members what they say they have, and gives a newcomer the rest', async () => {
    const members = [
      joining('a', { generation: 3, tasks: [5, 4, 3] }),
      joining('b', { generation: 3, tasks: [2, 1, 0] }),
      joining('c', { generation: 0, tasks: [] }),
    ];
    expect(await assigned(members)).toEqual({ a: { raw: [3, 4] }, b: { raw: [0, 1], settings: [0] }, c: { raw: [2, 5] } });
  });

  it('reads what a member has each time that it joins', () => {
    const owned: number[] = [];
    const assigner = createTaskAssigner(() => ({ generation: 1, tasks: owned }))({ cluster, groupId: 'g', logger: {} as Logger });
    const first = assigner.protocol({ topics: TOPICS }).metadata;
    owned.push(4);
    expect(assigner.protocol({ topics: TOPICS }).metadata.equals(first)).toBe(false);
  });

  it.each([
    ['no metadata', Buffer.alloc(0)],
    [
      'metadata without a claim',
      AssignerProtocol.MemberMetadata.encode({ version: 0, topics: TOPICS, userData: Buffer.alloc(0) }),
    ],
    ['a claim that is something else', AssignerProtocol.MemberMetadata.encode({ version: 0, topics: TOPICS, userData: Buffer.from('{"tasks":"all"}') })], // prettier-ignore
  ])('takes %s as a member that has nothing', async (_, memberMetadata) => {
    const members = [{ memberId: 'a', memberMetadata }, joining('b', { generation: 1, tasks: [0, 1, 2, 3, 4, 5] })];
    expect(await assigned(members)).toEqual({ a: { raw: [3, 4, 5] }, b: { raw: [0, 1, 2], settings: [0] } });
  });
});
