// Where what is wrong with a flow is shown.
import type { FlowNode } from "~/api/approvalFlows";
import type { Violation } from "~/api/types";

/** What is said against a place, however deep under it. */
export type At = (...place: (string | number)[]) => Violation[];

/** The steps of a violation's path: `nodes[1].does.who[0]` is nodes, 1, does, who, 0. */
export const stepsOf = ({ path }: Violation): string[] => (path ?? "").split(/[./[\]]+/).filter(Boolean);

/** Those at a place or under it. */
export const under = (violations: Violation[]): At => (...place) => violations.filter((it) => place.every((step, index) => stepsOf(it)[index] === String(step)));

export const said = (findings: Violation[]): string | undefined => [...new Set(findings.map((it) => it.message || it.code))].join(" ") || undefined;

/** What is said against a node, as seen from it; the answer counts the nodes as they were when it was asked. */
export function ofNode(violations: Violation[], nodes: FlowNode[], key: string): Violation[] {
  return violations.flatMap((it) => {
    const [part, index, ...rest] = stepsOf(it);
    return part === "nodes" && index !== undefined && nodes[Number(index)]?.key === key ? [{ ...it, path: (rest[0] === "does" ? rest.slice(1) : rest).join(".") }] : [];
  });
}

const HEADER = ["name", "api_name", "description", "object", "trigger", "fields", "stages", "condition", "initiated_as", "owner_may_withdraw", "active"];
const AFTER = ["approved", "rejected"];

/** What has no place of its own: of the graph as a whole. */
export const loose = (violations: Violation[], nodes: FlowNode[]): Violation[] =>
  violations.filter((it) => {
    const [part = "", index] = stepsOf(it);
    return part === "nodes" ? !nodes[Number(index)] : ![...HEADER, ...AFTER].includes(part);
  });

/** A violation whose message names its place by the path alone, as where somebody has left a gap: said with the name that the screen has for it. */
export function named(violation: Violation, nameOf: (step: string) => string | undefined): Violation {
  const { path, message } = violation;
  const at = path && /[.[]/.test(path) ? message.toLowerCase().indexOf(path.toLowerCase()) : -1;
  const last = stepsOf(violation).filter((step) => !/^\d+$/.test(step)).at(-1);
  const name = last && nameOf(last);
  return path && at >= 0 && name ? { ...violation, message: message.slice(0, at) + name + message.slice(at + path.length) } : violation;
}
