import { expect, it } from "vitest";
import { apiNameOf } from "./apiName";
import { askedIn } from "./askedIn";
import { freshNodes, inserted } from "./graph";
import { loose, named, ofNode, stepsOf, under } from "./places";

const said = (path: string) => ({ code: "field.required", path, message: path });

it("finds the step that a violation is about, as the nodes were counted when it was asked", () => {
  const nodes = freshNodes();
  const found = [said("nodes[1].does.who[0].id"), said("nodes[1].name"), said("nodes[2]"), said("name"), said("approved[0].text")];
  expect(ofNode(found, nodes, "approve_1").map((it) => it.path)).toEqual(["who.0.id", "name"]);
  expect(ofNode(found, nodes, "approved").map((it) => it.path)).toEqual([""]);
  expect(ofNode(found, inserted(nodes, [{ from: "start", slot: "next" }], "task").nodes, "task_1")).toEqual([]);
  expect(under(ofNode(found, nodes, "approve_1"))("who", 0)).toHaveLength(1);
  expect(stepsOf(said("/nodes/1/does"))).toEqual(["nodes", "1", "does"]);
});

it("leaves over only what has no place of its own", () => {
  expect(loose([said("nodes"), said("nodes[9].name"), said("nodes[0]"), said("condition.all[0]"), said("rejected[1]")], freshNodes()).map((it) => it.path)).toEqual(["nodes", "nodes[9].name"]);
});

it("asks for the fields on which a flow depends", () => {
  const { nodes } = inserted(freshNodes(), [{ from: "start", slot: "next" }], "branch");
  const way = nodes.map((node) => (node.does.type === "branch" ? { ...node, does: { ...node.does, ways: [{ when: { not: { field: "account.sector", op: "eq" as const, value: "x" } }, to: "approve_1" }] } } : node));
  expect([...askedIn({ nodes: way, fields: ["close_date"], condition: { all: [{ field: "amount", op: "gt", value: "1" }] } })]).toEqual(["close_date", "amount", "account"]);
});

it("makes a name for programs", () => {
  expect(apiNameOf("Large deals, 2nd try")).toBe("large_deals_2nd_try");
  expect(apiNameOf("9 Lives")).toBe("lives");
  expect(apiNameOf("大单审批")).toBe("");
});

it("names a place by its word where the message has only the path", () => {
  const nameOf = (step: string) => (step === "when" ? "The condition" : undefined);
  const at = (message: string, path = "nodes[5].does.ways[0].when") => named({ code: "field.required", path, message }, nameOf).message;
  expect(at("Nodes[5].does.ways[0].when must be filled.")).toBe("The condition must be filled.");
  expect(at("“Manager” asks nobody.")).toBe("“Manager” asks nobody.");
  expect(at("Name must be filled.", "name")).toBe("Name must be filled.");
});
