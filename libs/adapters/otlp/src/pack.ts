/** A body as a tree, whatever its encoding: what resource and scope say is their head. */
export interface ItemNode<Item> {
  readonly index: number;
  readonly bytes: number;
  readonly item: Item;
}
export interface ScopeNode<Head, Item> {
  readonly head: Head;
  readonly headBytes: number;
  readonly items: ItemNode<Item>[];
}
export interface ResourceNode<Head, Item> {
  readonly head: Head;
  readonly headBytes: number;
  readonly scopes: ScopeNode<Head, Item>[];
}
export type Tree<Head, Item> = ResourceNode<Head, Item>[];

/** Deals the items `keep` wants out to trees of at most `maxBytes`, in order, repeating heads. Answers what fits nowhere too. */
export function packTree<Head, Item>(
  tree: Tree<Head, Item>,
  maxBytes: number,
  frameBytes: number,
  keep: (index: number) => boolean,
): { readonly trees: Tree<Head, Item>[]; readonly tooLarge: number[] } {
  const trees: Tree<Head, Item>[] = [];
  const tooLarge: number[] = [];
  let current: Tree<Head, Item> | undefined;
  let size = 0;
  let inResource: ResourceNode<Head, Item> | undefined;
  let inScope: ScopeNode<Head, Item> | undefined;
  for (const resource of tree) {
    inResource = undefined;
    for (const scope of resource.scopes) {
      inScope = undefined;
      for (const node of scope.items) {
        if (!keep(node.index)) continue;
        const alone = frameBytes * 3 + resource.headBytes + scope.headBytes + node.bytes;
        if (alone > maxBytes) {
          tooLarge.push(node.index);
          continue;
        }
        const added =
          node.bytes + (inScope ? 0 : scope.headBytes + frameBytes) + (inResource ? 0 : resource.headBytes + frameBytes);
        if (!current || size + added > maxBytes) {
          trees.push((current = []));
          size = alone;
          inResource = inScope = undefined;
        } else size += added;
        if (!inResource) current.push((inResource = { ...resource, scopes: [] }));
        if (!inScope) inResource.scopes.push((inScope = { ...scope, items: [] }));
        inScope.items.push(node);
      }
    }
  }
  return { trees, tooLarge };
}
