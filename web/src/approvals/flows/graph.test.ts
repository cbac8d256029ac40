import { describe, expect, it } from "vitest";
import type { FlowNode } from "~/api/approvalFlows";
import { blocksOf, type Block } from "./blocks";
import { continued, earlierThan, freshNodes, inserted, leadsTo, meetingOf, nodeOf, reached, removed, withWay, withWayMoved, withoutWay, type Edge } from "./graph";

const first: Edge[] = [{ from: "start", slot: "next" }];
const behind = (key: string): Edge[] => [{ from: key, slot: "next" }];

/** The drawing in one line: ways in brackets. */
const line = (blocks: Block[]): string =>
  blocks.map((block) => (block.kind === "named" ? `→${block.node.key}` : block.kind === "split" ? `${block.node.key}(${block.ways.map((way) => line(way.blocks)).join(" | ")})` : block.node.key)).join(" ");

/** Nothing hangs in the air: everything is come to, and leads to what is there. */
function sound(nodes: FlowNode[]) {
  const there = reached(nodes, "start");
  expect(nodes.map((node) => node.key).filter((key) => !there.has(key))).toEqual([]);
  for (const node of nodes) for (const to of leadsTo(node)) expect(nodeOf(nodes, to), `${node.key} → ${to}`).toBeDefined();
  for (const node of nodes) if (node.does.type === "fork") for (const way of node.does.ways) expect(reached(nodes, way).has(node.does.join)).toBe(true);
  expect(new Set(nodes.map((node) => node.key)).size).toBe(nodes.length);
}

describe("the graph of a flow", () => {
  it("begins with one approval", () => {
    sound(freshNodes());
    expect(line(blocksOf(freshNodes()))).toBe("start approve_1 approved");
  });

  it("takes nodes on a way", () => {
    const { nodes, added } = inserted(freshNodes(), first, "task");
    sound(nodes);
    expect(added).toBe("task_1");
    expect(line(blocksOf(nodes))).toBe("start task_1 approve_1 approved");
  });

  it("joins a fork by itself, and takes it out with its ways", () => {
    const { nodes } = inserted(freshNodes(), behind("approve_1"), "fork");
    sound(nodes);
    expect(line(blocksOf(nodes))).toBe("start approve_1 fork_1(approve_2 | approve_3) approved");
    const three = withWay(nodes, "fork_1");
    sound(three);
    expect(line(blocksOf(three))).toBe("start approve_1 fork_1(approve_2 | approve_3 | approve_4) approved");
    const two = withoutWay(three, "fork_1", 0);
    sound(two);
    expect(line(blocksOf(two))).toBe("start approve_1 fork_1(approve_3 | approve_4) approved");
    expect(withoutWay(two, "fork_1", 0)).toEqual(two);
    expect(line(blocksOf(removed(two, "fork_1")))).toBe("start approve_1 approved");
  });

  it("takes the only node of a fork's way, and leaves the way", () => {
    const { nodes } = inserted(freshNodes(), first, "fork");
    const bare = removed(nodes, "approve_2");
    sound(bare);
    expect(line(blocksOf(bare))).toBe("start fork_1( | approve_3) approve_1 approved");
  });

  it("lets the ways of a branch meet again, and puts what comes behind on all of them", () => {
    const branch = inserted(freshNodes(), behind("approve_1"), "branch").nodes;
    expect(line(blocksOf(branch))).toBe("start approve_1 branch_1( | ) approved");
    const one = inserted(branch, [{ from: "branch_1", slot: 0 }], "approve").nodes;
    expect(line(blocksOf(one))).toBe("start approve_1 branch_1(approve_2 | ) approved");
    const split = blocksOf(one).find((block) => block.node.key === "approved")!;
    expect(split.edges).toEqual([...behind("approve_2"), { from: "branch_1", slot: "otherwise" }]);
    const all = inserted(one, split.edges, "task").nodes;
    sound(all);
    expect(line(blocksOf(all))).toBe("start approve_1 branch_1(approve_2 | ) task_1 approved");
    expect(meetingOf(all, nodeOf(all, "branch_1")!)).toBe("task_1");
  });

  it("ends a way of a branch, and lets it go on again", () => {
    const branch = inserted(freshNodes(), behind("approve_1"), "branch").nodes;
    const ended = inserted(branch, [{ from: "branch_1", slot: 0 }], "rejected").nodes;
    sound(ended);
    // What the other way comes to is still drawn behind, not inside it.
    expect(line(blocksOf(ended))).toBe("start approve_1 branch_1(rejected_1 | ) approved");
    const on = continued(ended, [{ from: "branch_1", slot: 0 }]);
    sound(on);
    expect(line(blocksOf(on))).toBe("start approve_1 branch_1( | ) approved");
  });

  it("draws a branch within a way, and takes the outer one with all that is in it", () => {
    const outer = inserted(freshNodes(), first, "branch").nodes;
    const inner = inserted(outer, [{ from: "branch_1", slot: 0 }], "branch").nodes;
    const filled = inserted(inner, [{ from: "branch_2", slot: "otherwise" }], "task").nodes;
    sound(filled);
    expect(line(blocksOf(filled))).toBe("start branch_1(branch_2( | task_1) | ) approve_1 approved");
    expect(line(blocksOf(removed(filled, "branch_2")))).toBe("start branch_1( | ) approve_1 approved");
    expect(line(blocksOf(removed(filled, "branch_1")))).toBe("start approve_1 approved");
  });

  it("asks ways in another order, and never leaves a branch without one", () => {
    const branch = withWay(inserted(freshNodes(), first, "branch").nodes, "branch_1");
    const named = branch.map((node) => (node.does.type === "branch" ? { ...node, does: { ...node.does, ways: node.does.ways.map((way, index) => ({ ...way, name: `way ${index}` })) } } : node));
    const does = nodeOf(withWayMoved(named, "branch_1", 1, -1), "branch_1")!.does;
    expect(does.type === "branch" && does.ways.map((way) => way.name)).toEqual(["way 1", "way 0"]);
    expect(withWayMoved(named, "branch_1", 0, -1)).toEqual(named);
    const bare = withoutWay(withoutWay(named, "branch_1", 0), "branch_1", 0);
    expect(nodeOf(bare, "branch_1")!.does).toMatchObject({ ways: [{ name: "way 1" }] });
  });

  it("forgets a rejection that goes back to what is no longer there", () => {
    const two = inserted(freshNodes(), behind("approve_1"), "approve").nodes;
    expect(earlierThan(two, "approve_2").map((node) => node.key)).toEqual(["approve_1"]);
    const back = two.map((node) => (node.key === "approve_2" && node.does.type === "approve" ? { ...node, does: { ...node.does, rejects: { type: "node" as const, node: "approve_1" } } } : node));
    expect(nodeOf(removed(back, "approve_1"), "approve_2")!.does).toMatchObject({ rejects: { type: "end" } });
  });

  it("keeps the end that approves", () => {
    const ended = inserted(freshNodes(), behind("approve_1"), "rejected").nodes;
    expect(ended.map((node) => node.does.type)).toContain("approved");
    expect(removed(ended, "approved")).toEqual(ended);
  });

  it("draws a graph whose ways cross, each node once", () => {
    const does = (next: string) => ({ ...(freshNodes()[1]!.does as Extract<FlowNode["does"], { type: "approve" }>), next });
    const nodes: FlowNode[] = [
      { key: "start", does: { type: "start", next: "b" } },
      { key: "b", does: { type: "branch", ways: [{ when: null, to: "x" }, { when: null, to: "y" }], otherwise: "approved" } },
      { key: "x", does: does("y") },
      { key: "y", does: does("approved") },
      { key: "approved", does: { type: "approved" } },
    ];
    expect(line(blocksOf(nodes))).toBe("start b(x y | →y | ) approved");
  });

  it("stays whole whatever is done to it", () => {
    let seed = 7;
    const any = (most: number) => (seed = (seed * 16807) % 2147483647) % most;
    for (let round = 0; round < 15; round += 1) {
      let nodes = freshNodes();
      for (let step = 0; step < 20; step += 1) {
        const places: Edge[][] = [];
        const gather = (blocks: Block[]) =>
          blocks.forEach((block) => {
            if (block.edges.length > 0) places.push(block.edges);
            block.ways.forEach((way) => (way.last.length > 0 && places.push(way.last), gather(way.blocks)));
          });
        gather(blocksOf(nodes));
        const removable = nodes.filter((node) => ["approve", "task", "branch", "fork"].includes(node.does.type));
        nodes = any(3) === 0 && removable.length > 0 ? removed(nodes, removable[any(removable.length)]!.key) : inserted(nodes, places[any(places.length)]!, (["approve", "task", "branch", "fork"] as const)[any(4)]!).nodes;
        sound(nodes);
        const drawn = new Set<string>();
        const mark = (blocks: Block[]) => blocks.forEach((block) => (drawn.add(block.node.key), block.ways.forEach((way) => mark(way.blocks))));
        mark(blocksOf(nodes));
        expect(nodes.filter((node) => node.does.type !== "join" && !drawn.has(node.key)).map((node) => node.key)).toEqual([]);
      }
    }
  });
});
