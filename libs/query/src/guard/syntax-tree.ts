import { Refusal } from './verdict';

/** A node as `EXPLAIN AST` prints it: a kind, and the name that it carries. */
export interface SyntaxNode {
  readonly kind: string;
  readonly name: string;
  readonly children: SyntaxNode[];
}

const MAX_NODES = 10_000;
const LINE = /^( *)([A-Za-z][A-Za-z:]*)(?: (.*?))??(?: \(alias [^()]*\))?(?: \(children (\d+)\))?$/s;

const unclear = (): Refusal => new Refusal('the statement cannot be understood', 'write it in a simpler way');

/**
 * The tree of the lines that `EXPLAIN AST` answers, one node a line, indented by depth. Every node says how many children it
 * has; a tree that does not add up is refused.
 */
export function syntaxTreeOf(lines: readonly string[]): SyntaxNode {
  if (lines.length > MAX_NODES) throw new Refusal('the statement is too large', 'ask in several statements');
  const open: { readonly node: SyntaxNode; readonly children: number }[] = [];
  let root: SyntaxNode | undefined;
  const closeTo = (depth: number): void => {
    for (const { node, children } of open.splice(depth)) if (node.children.length !== children) throw unclear();
  };
  for (const line of lines.at(-1) === '' ? lines.slice(0, -1) : lines) {
    const [, indent, kind, name = '', children = '0'] = LINE.exec(line) ?? [];
    if (indent === undefined || kind === undefined) throw unclear();
    const depth = indent.length;
    const node: SyntaxNode = { kind, name, children: [] };
    closeTo(depth);
    const parent = open.at(-1);
    if (open.length !== depth || (parent === undefined) !== (root === undefined)) throw unclear();
    if (parent) parent.node.children.push(node);
    else root = node;
    open.push({ node, children: Number(children) });
  }
  closeTo(0);
  if (!root) throw unclear();
  return root;
}
