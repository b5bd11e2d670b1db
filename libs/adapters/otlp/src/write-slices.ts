import { type Tree } from './pack';
import { BYTES } from './shapes';
import { type Signal } from './signals';

/** Part of a body. */
export type Slice = readonly [from: number, to: number];
/** A checked body by the places of its parts. */
export type SliceTree = Tree<Slice[], { readonly slice: Slice; readonly trace: Slice }>;

function varintBytes(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  bytes.push(value);
  return bytes;
}
const nest = (field: number, chunks: readonly Uint8Array[]): Uint8Array[] => {
  const size = chunks.reduce((sum, { length: bytes }) => sum + bytes, 0);
  return [Uint8Array.from([(field << 3) | BYTES, ...varintBytes(size)]), ...chunks];
};

/** A protobuf body of the items of `tree`, in pieces that share the bytes of `buf`. */
export function writeTree(tree: SliceTree, buf: Uint8Array, { levels }: Signal): Uint8Array[] {
  const cut = (slices: readonly Slice[]): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    let open: [number, number] | undefined;
    for (const [from, to] of slices) {
      if (open?.[1] === from) open[1] = to;
      else {
        if (open) chunks.push(buf.subarray(...open));
        open = [from, to];
      }
    }
    if (open) chunks.push(buf.subarray(...open));
    return chunks;
  };
  return tree.flatMap(({ head, scopes }) =>
    nest(levels.request.nested, [
      ...cut(head),
      ...scopes.flatMap((scope) =>
        nest(levels.resource.nested, [...cut(scope.head), ...cut(scope.items.map(({ item }) => item.slice))]),
      ),
    ]),
  );
}
