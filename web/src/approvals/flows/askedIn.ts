import type { FlowDocument } from "~/api/approvalFlows";
import type { Condition } from "~/api/types";

function fieldsOf(condition: Condition | null | undefined): string[] {
  if (!condition) return [];
  if ("all" in condition) return condition.all.flatMap(fieldsOf);
  if ("any" in condition) return condition.any.flatMap(fieldsOf);
  if ("not" in condition) return fieldsOf(condition.not);
  return "field" in condition ? [condition.field.split(".")[0] ?? ""] : [];
}

/** The fields of the record on which it depends whether a flow catches an act, and which way it goes. */
export function askedIn(flow: Pick<FlowDocument, "condition" | "nodes" | "fields">): Set<string> {
  const ways = flow.nodes.flatMap(({ does }) => (does.type === "branch" ? does.ways.flatMap((way) => fieldsOf(way.when)) : []));
  return new Set([...flow.fields, ...fieldsOf(flow.condition), ...ways]);
}
