// Changes of a flow's graph, each of which leaves it whole: forks stay joined, and nothing hangs in the air.
import type { Approve, Does, FlowNode, Task } from "~/api/approvalFlows";

/** A way out of a node: that to what follows, that of a number, or a branch's last. */
export type Slot = "next" | "otherwise" | number;
export type Edge = { from: string; slot: Slot };
export type Kind = "approve" | "task" | "branch" | "fork" | "rejected";

export const nodeOf = (nodes: FlowNode[], key: string): FlowNode | undefined => nodes.find((node) => node.key === key);

/** Every way out of a node, in the order in which they are drawn. */
export function slotsOf(does: Does): Slot[] {
  switch (does.type) {
    case "branch":
      return [...does.ways.map((_, index) => index), "otherwise"];
    case "fork":
      return does.ways.map((_, index) => index);
    case "approved":
    case "rejected":
      return [];
    default:
      return ["next"];
  }
}

/** Where a way leads. */
export function target(does: Does, slot: Slot): string {
  if (does.type === "branch") return slot === "otherwise" ? does.otherwise : (does.ways[slot as number]?.to ?? "");
  if (does.type === "fork") return does.ways[slot as number] ?? "";
  return "next" in does ? does.next : "";
}

/** The same, led elsewhere. */
export function aimed(does: Does, slot: Slot, to: string): Does {
  if (does.type === "branch") return slot === "otherwise" ? { ...does, otherwise: to } : { ...does, ways: does.ways.map((way, index) => (index === slot ? { ...way, to } : way)) };
  if (does.type === "fork") return { ...does, ways: does.ways.map((way, index) => (index === slot ? to : way)) };
  return "next" in does ? { ...does, next: to } : does;
}

export const leadsTo = (node: FlowNode): string[] => slotsOf(node.does).map((slot) => target(node.does, slot));

const put = (nodes: FlowNode[], key: string, change: (does: Does) => Does) => nodes.map((node) => (node.key === key ? { ...node, does: change(node.does) } : node));

/** Where some ways lead that all lead to the same. */
export function toOf(nodes: FlowNode[], edges: Edge[]): string {
  const [edge] = edges;
  const from = edge && nodeOf(nodes, edge.from);
  return from ? target(from.does, edge.slot) : "";
}

const led = (nodes: FlowNode[], edges: Edge[], to: string) => edges.reduce((now, edge) => put(now, edge.from, (does) => aimed(does, edge.slot, to)), nodes);

/** Whatever led to one node leads to another. */
function redirected(nodes: FlowNode[], from: string, to: string): FlowNode[] {
  return nodes.map((node) => {
    const does = slotsOf(node.does).reduce((now, slot) => (target(now, slot) === from ? aimed(now, slot, to) : now), node.does);
    return { ...node, does: does.type === "fork" && does.join === from ? { ...does, join: to } : does };
  });
}

/** All that can be come to from a node, itself included. */
export function reached(nodes: FlowNode[], from: string): Set<string> {
  const seen = new Set<string>();
  const wait = [from];
  for (let key = wait.pop(); key !== undefined; key = wait.pop()) {
    const node = nodeOf(nodes, key);
    if (!node || seen.has(key)) continue;
    seen.add(key);
    wait.push(...leadsTo(node));
  }
  return seen;
}

/** Without what nothing leads to any more, and without rejections that go back to it. An end that approves is always kept. */
export function pruned(nodes: FlowNode[]): FlowNode[] {
  const start = nodes.find((node) => node.does.type === "start");
  if (!start) return nodes;
  const there = reached(nodes, start.key);
  const spared = nodes.some((node) => there.has(node.key) && node.does.type === "approved") ? undefined : nodes.find((node) => node.does.type === "approved")?.key;
  const kept = nodes.filter((node) => there.has(node.key) || node.key === spared);
  return kept.map((node) => {
    const { does } = node;
    const lost = does.type === "approve" && does.rejects?.type === "node" && !kept.some((it) => it.key === (does.rejects as { node: string }).node);
    return lost ? { ...node, does: { ...does, rejects: { type: "end" } } } : node;
  });
}

/** The nodes that every way from one to an approving end passes, itself included; ways that only reject do not count. */
function passed(nodes: FlowNode[], key: string, known: Map<string, Set<string> | null>): Set<string> | null {
  const before = known.get(key);
  if (before !== undefined) return before;
  // A circle is no way to an end.
  known.set(key, null);
  const node = nodeOf(nodes, key);
  if (!node || node.does.type === "rejected") return null;
  const ways = leadsTo(node).flatMap((to) => passed(nodes, to, known) ?? []);
  const common = node.does.type === "approved" ? new Set<string>() : ways.length === 0 ? null : new Set([...ways[0]!].filter((it) => ways.every((way) => way.has(it))));
  const all = common && new Set([key, ...common]);
  known.set(key, all);
  return all;
}

/** The node at which the ways of a branch or a fork are one again; none where each comes to an end of its own. */
export function meetingOf(nodes: FlowNode[], node: FlowNode): string | undefined {
  if (node.does.type === "fork") return node.does.join;
  const known = new Map<string, Set<string> | null>();
  const common = passed(nodes, node.key, known);
  if (!common) return undefined;
  // The nearest is that from which all the others still lie ahead.
  const ahead = [...common].filter((key) => key !== node.key).map((key) => ({ key, far: known.get(key)?.size ?? 0 }));
  return ahead.sort((a, b) => b.far - a.far)[0]?.key;
}

/** A key that no node has. */
export function freeKey(nodes: FlowNode[], kind: string): string {
  for (let n = 1; ; n += 1) if (!nodes.some((node) => node.key === `${kind}_${n}`)) return `${kind}_${n}`;
}

export const newApprove = (next: string): Approve => ({
  type: "approve", method: { type: "standard" }, who: [{ type: "manager", of: "submitter", up: 0 }], nobody: { type: "administrators" }, may_edit: [], must_fill: [], rejects: { type: "end" }, submitter: "asks", agreed_already: true, comment_required: false, next,
});
const newTask = (next: string): Task => ({ type: "task", who: [{ type: "owner" }], nobody: { type: "administrators" }, instruction: "", must_fill: [], next });

/** The nodes of a flow that begins. */
export const freshNodes = (): FlowNode[] => [
  { key: "start", name: "", does: { type: "start", next: "approve_1" } },
  { key: "approve_1", name: "", does: newApprove("approved") },
  { key: "approved", name: "", does: { type: "approved" } },
];

/** Puts a node where some ways lead to the same; the one to open next is told with it. */
export function inserted(nodes: FlowNode[], edges: Edge[], kind: Kind): { nodes: FlowNode[]; added: string } {
  const old = toOf(nodes, edges);
  const lead = (to: string, more: FlowNode[]) => pruned([...led(nodes, edges, to), ...more]);
  const node = (key: string, does: Does): FlowNode => ({ key, name: "", does });
  const key = freeKey(nodes, kind);
  switch (kind) {
    case "approve":
      return { nodes: lead(key, [node(key, newApprove(old))]), added: key };
    case "task":
      return { nodes: lead(key, [node(key, newTask(old))]), added: key };
    case "branch":
      return { nodes: lead(key, [node(key, { type: "branch", ways: [{ name: "", when: null, to: old }], otherwise: old })]), added: key };
    case "fork": {
      const join = freeKey(nodes, "join");
      const one = freeKey(nodes, "approve");
      const two = freeKey([...nodes, node(one, newApprove(join))], "approve");
      return { nodes: lead(key, [node(key, { type: "fork", ways: [one, two], join }), node(one, newApprove(join)), node(two, newApprove(join)), node(join, { type: "join", next: old })]), added: key };
    }
    case "rejected": {
      const there = nodes.find((it) => it.does.type === "rejected");
      return there ? { nodes: lead(there.key, []), added: there.key } : { nodes: lead(key, [node(key, { type: "rejected" })]), added: key };
    }
  }
}

/** Takes a node out: what came to it goes on behind it; with a branch or a fork go its ways. */
export function removed(nodes: FlowNode[], key: string): FlowNode[] {
  const node = nodeOf(nodes, key);
  if (!node || ["start", "approved", "rejected", "join"].includes(node.does.type)) return nodes;
  const onward =
    node.does.type === "fork"
      ? (() => {
          const join = nodeOf(nodes, node.does.join);
          return join ? target(join.does, "next") : undefined;
        })()
      : node.does.type === "branch"
        ? (meetingOf(nodes, node) ?? nodes.find((it) => it.does.type === "approved")?.key)
        : target(node.does, "next");
  return onward ? pruned(redirected(nodes, key, onward).filter((it) => it.key !== key)) : nodes;
}

/** Ways that were ended go on with the others again. */
export function continued(nodes: FlowNode[], edges: Edge[]): FlowNode[] {
  const splits = nodes.filter((node) => node.does.type === "branch" && edges.every(({ from }) => reached(nodes, node.key).has(from)));
  // The innermost branch is the one from which the fewest nodes can be come to.
  const inner = splits.sort((a, b) => reached(nodes, a.key).size - reached(nodes, b.key).size)[0];
  const to = (inner && meetingOf(nodes, inner)) ?? nodes.find((node) => node.does.type === "approved")?.key;
  return to ? pruned(led(nodes, edges, to)) : nodes;
}

/** One more way out of a branch, or of a fork. */
export function withWay(nodes: FlowNode[], key: string): FlowNode[] {
  const node = nodeOf(nodes, key);
  if (node?.does.type === "branch") {
    const to = meetingOf(nodes, node) ?? node.does.otherwise;
    return put(nodes, key, (does) => (does.type === "branch" ? { ...does, ways: [...does.ways, { name: "", when: null, to }] } : does));
  }
  if (node?.does.type === "fork") {
    const { join } = node.does;
    const approve = freeKey(nodes, "approve");
    return [...put(nodes, key, (does) => (does.type === "fork" ? { ...does, ways: [...does.ways, approve] } : does)), { key: approve, name: "", does: newApprove(join) }];
  }
  return nodes;
}

/** How many ways must be left. */
export const fewestWays = (does: Does): number => (does.type === "fork" ? 2 : 1);

export function withoutWay(nodes: FlowNode[], key: string, way: number): FlowNode[] {
  return pruned(put(nodes, key, (does) => {
    if (does.type !== "branch" && does.type !== "fork") return does;
    if (does.ways.length <= fewestWays(does)) return does;
    return does.type === "branch" ? { ...does, ways: does.ways.filter((_, index) => index !== way) } : { ...does, ways: does.ways.filter((_, index) => index !== way) };
  }));
}

/** Asks a way of a branch earlier or later. */
export function withWayMoved(nodes: FlowNode[], key: string, way: number, by: 1 | -1): FlowNode[] {
  return put(nodes, key, (does) => {
    if (does.type !== "branch" || !does.ways[way] || !does.ways[way + by]) return does;
    const ways = [...does.ways];
    const [taken] = ways.splice(way, 1);
    ways.splice(way + by, 0, taken!);
    return { ...does, ways };
  });
}

/** A node with part of it changed. */
export const withNode = (nodes: FlowNode[], key: string, change: (node: FlowNode) => FlowNode): FlowNode[] => nodes.map((node) => (node.key === key ? change(node) : node));

/** Nodes at which somebody is asked, and that come before one. */
export const earlierThan = (nodes: FlowNode[], key: string): FlowNode[] => nodes.filter((node) => node.key !== key && node.does.type === "approve" && reached(nodes, node.key).has(key));

/** Whether a rejection may be put there: nothing else is lost by it, and an end that approves can still be come to. */
export function endable(nodes: FlowNode[], edges: Edge[]): boolean {
  const start = nodes.find((node) => node.does.type === "start");
  const to = nodeOf(nodes, toOf(nodes, edges));
  if (!start || !to || to.does.type === "rejected") return false;
  const after = inserted(nodes, edges, "rejected").nodes;
  const there = reached(after, start.key);
  return after.length >= nodes.length && after.some((node) => node.does.type === "approved" && there.has(node.key));
}
