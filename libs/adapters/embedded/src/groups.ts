/** One member's wish to own lanes. */
export interface Member {
  /** Takes a lane; the controller's signal says when it is taken away. */
  own(lane: number, lost: AbortController): void;
}

interface Group {
  lanes: number;
  readonly members: Member[];
  readonly owners: Map<number, { member: Member; lost: AbortController }>;
}

/** Who owns which lane, in this process: lane p belongs to member p mod members. */
export function createGroups() {
  const groups = new Map<string, Group>();

  function rebalance(group: Group): void {
    for (let lane = 0; lane < group.lanes; lane++) {
      const member = group.members[lane % group.members.length];
      const owner = group.owners.get(lane);
      if (owner?.member === member) continue;
      owner?.lost.abort();
      group.owners.delete(lane);
      if (!member) continue;
      const lost = new AbortController();
      group.owners.set(lane, { member, lost });
      member.own(lane, lost);
    }
  }

  return {
    join(groupId: string, lanes: number, member: Member): () => void {
      let group = groups.get(groupId);
      if (!group) groups.set(groupId, (group = { lanes, members: [], owners: new Map() }));
      const joined = group;
      joined.lanes = Math.max(joined.lanes, lanes);
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
