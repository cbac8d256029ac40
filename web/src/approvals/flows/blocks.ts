// How a flow's graph is drawn: one thing under the other, the ways of a branch or a fork side by side until they meet again.
import type { FlowNode } from "~/api/approvalFlows";
import { meetingOf, nodeOf, slotsOf, toOf, type Edge, type Slot } from "./graph";

export type Block = {
  /** A node that is drawn elsewhere already is only named. */
  kind: "node" | "split" | "named";
  node: FlowNode;
  /** The ways that lead here: something new before it is put on all of them. */
  edges: Edge[];
  /** Of a branch or a fork. */
  ways: Way[];
  /** Inside a fork no way may end by itself. */
  forked: boolean;
};
export type Way = {
  slot: Slot;
  blocks: Block[];
  /** The ways that are open at its end; none where it comes to an end of its own. */
  last: Edge[];
  forked: boolean;
};

/** What follows some ways that lead to the same, up to a node that is drawn behind. */
function walk(nodes: FlowNode[], first: Edge[], until: string | undefined, forked: boolean, drawn: Set<string>): Pick<Way, "blocks" | "last"> {
  const blocks: Block[] = [];
  let edges = first;
  while (edges.length > 0) {
    const key = toOf(nodes, edges);
    const node = key === until ? undefined : nodeOf(nodes, key);
    if (!node) break;
    const named = drawn.has(key);
    // Rejected is one end, drawn at every way that comes to it.
    if (node.does.type !== "rejected") drawn.add(key);
    if (named || slotsOf(node.does).length === 0) return { blocks: [...blocks, { kind: named ? "named" : "node", node, edges, ways: [], forked }], last: [] };
    if (node.does.type !== "branch" && node.does.type !== "fork") {
      blocks.push({ kind: "node", node, edges, ways: [], forked });
      edges = [{ from: key, slot: "next" }];
      continue;
    }
    const inside = forked || node.does.type === "fork";
    const meeting = meetingOf(nodes, node);
    const ways = slotsOf(node.does).map((slot): Way => ({ slot, forked: inside, ...walk(nodes, [{ from: key, slot }], meeting, inside, drawn) }));
    blocks.push({ kind: "split", node, edges, ways, forked });
    if (node.does.type === "fork") {
      drawn.add(node.does.join);
      edges = nodeOf(nodes, node.does.join) ? [{ from: node.does.join, slot: "next" }] : [];
    } else edges = ways.flatMap((way) => way.last);
  }
  return { blocks, last: edges };
}

/** The whole flow from its start, as it is drawn. */
export function blocksOf(nodes: FlowNode[]): Block[] {
  const start = nodes.find((node) => node.does.type === "start");
  if (!start) return [];
  const { blocks } = walk(nodes, [{ from: start.key, slot: "next" }], undefined, false, new Set([start.key]));
  return [{ kind: "node", node: start, edges: [], ways: [], forked: false }, ...blocks];
}
