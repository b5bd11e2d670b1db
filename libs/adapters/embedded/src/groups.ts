/** A member of a group. */
export interface Member {
  /** Runs a task until the signal of its controller aborts. */
  own(partition: number, lost: AbortController): void;
}

interface Group {
  partitions: number;
  readonly members: Member[];
  readonly owners: Map<number, { member: Member; lost: AbortController }>;
}

/** Assigns tasks to members in this process: task p belongs to member p mod members. */
export function createGroups() {
  const groups = new Map<string, Group>();

  function rebalance(group: Group): void {
    for (let partition = 0; partition < group.partitions; partition++) {
      const member = group.members[partition % group.members.length];
      const owner = group.owners.get(partition);
      if (owner?.member === member) continue;
      owner?.lost.abort();
      group.owners.delete(partition);
      if (!member) continue;
      const lost = new AbortController();
      group.owners.set(partition, { member, lost });
      member.own(partition, lost);
    }
  }

  return {
    join(groupId: string, partitions: number, member: Member): () => void {
      let group = groups.get(groupId);
      if (!group) groups.set(groupId, (group = { partitions, members: [], owners: new Map() }));
      const joined = group;
      joined.partitions = Math.max(joined.partitions, partitions);
      joined.members.push(member);
      rebalance(joined);
      return () => {
        const at = joined.members.indexOf(member);
        if (at >= 0) joined.members.splice(at, 1);
        rebalance(joined);
      };
    },
  };
}
export type Groups = ReturnType<typeof createGroups>;
