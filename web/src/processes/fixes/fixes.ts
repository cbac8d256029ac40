import { fieldOfPath } from "~/api/problem";
import type { Condition, Field, ObjectDef, Rec, Requirement, Value } from "~/api/types";
import { resolvePath, referringOf } from "~/conditions/fieldPaths";

/** Where something that stands in the way is put right. */
export type Fix =
  | { kind: "field"; field: string }
  | { kind: "task"; task: string }
  | { kind: "condition"; parts: Condition[] }
  /** Other stages come first. */
  | { kind: "stages"; stages: string[] }
  | { kind: "reason" }
  /** A record that is created along with the move. */
  | { kind: "record"; object: string }
  | { kind: "unlock" }
  /** Somebody else has to do it. */
  | { kind: "ask"; whom: "owner" | "administrator" };

const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Stages that come first, whoever may pass them by. */
export const stagesOf = ({ code, params = {} }: Pick<Requirement, "code" | "params">): string[] => (code === "stage.not_skippable" || code === "stage.prerequisite_stage" ? words(params.stages) : []);

/** The way to put a requirement right; the server has said who can. */
export function fixOf({ code, path, params = {}, fixable_by }: Requirement): Fix | undefined {
  if (fixable_by !== "you") return { kind: "ask", whom: fixable_by };
  if (code === "stage.task_open" && typeof params.task === "string") return { kind: "task", task: params.task };
  if (code === "stage.completion_condition" || code === "stage.entry_condition") {
    const unmet = Array.isArray(params.unmet) ? (params.unmet as Condition[]) : [];
    const parts = unmet.length > 0 ? unmet : params.condition ? [params.condition as Condition] : [];
    return parts.length > 0 ? { kind: "condition", parts } : undefined;
  }
  if (code === "stage.reason_required") return { kind: "reason" };
  if (code === "stage.terminal_action" && typeof params.object === "string") return { kind: "record", object: params.object };
  const stages = stagesOf({ code, params });
  if (stages.length > 0) return { kind: "stages", stages };
  if (code === "stage.locked" && params.reason === "locked") return { kind: "unlock" };
  const field = fieldOfPath(path);
  return field && (code === "stage.missing_field" || code === "stage.terminal_action" || code.startsWith("field.")) ? { kind: "field", field } : undefined;
}

/** What one can do about a part of a condition. */
export type Remedy =
  /** Fields of the deal itself. */
  | { kind: "own"; fields: string[] }
  /** A field of a record that the deal refers to. */
  | { kind: "related"; via: string; object: string; id: string; field: string }
  /** A record that refers to the deal, with the values that are asked for. */
  | { kind: "add"; object: string; given: Record<string, Value> };

const mayFill = (field: Field | undefined) => Boolean(field && field.access === "write" && !field.read_only && !field.system);

/** How each part of a condition can be met from here; a part that nothing can be done about is left out. */
export function remediesOf(condition: Condition, deal: Rec, objects: ObjectDef[]): Remedy[] {
  if ("all" in condition || "any" in condition) return ("all" in condition ? condition.all : condition.any).flatMap((part) => remediesOf(part, deal, objects));
  if ("not" in condition) return "exists" in condition.not ? [] : remediesOf(condition.not, deal, objects);
  if ("exists" in condition) {
    const found = referringOf(objects, deal.object, condition.exists);
    if (!found?.object.acts.includes("create")) return [];
    return [{ kind: "add", object: found.object.key, given: { [found.field.key]: deal.id, ...valuesOf(condition.exists.where) } }];
  }
  const [first = "", second, ...further] = condition.field.split(".");
  const own = objects.find((object) => object.key === deal.object)?.fields.find((field) => field.key === first);
  if (second === undefined || isMissing(deal.fields[first])) return mayFill(own) ? [{ kind: "own", fields: [first] }] : [];
  const id = deal.fields[first];
  const field = further.length === 0 ? resolvePath(objects, deal.object, condition.field)?.field : undefined;
  return typeof id === "string" && own?.object && mayFill(field) ? [{ kind: "related", via: first, object: own.object, id, field: second }] : [];
}

const isMissing = (value: Value) => value === null || value === undefined || value === "";

/** The values that a record must have, where a condition names them. */
function valuesOf(condition: Condition | undefined): Record<string, Value> {
  if (!condition) return {};
  if ("all" in condition) return Object.assign({}, ...condition.all.map(valuesOf)) as Record<string, Value>;
  // Of several that would do, the first is proposed.
  if ("any" in condition) return valuesOf(condition.any[0]);
  if (!("field" in condition) || condition.field.includes(".")) return {};
  if (condition.op === "eq") return { [condition.field]: condition.value as Value };
  return condition.op === "in" && Array.isArray(condition.value) && condition.value.length > 0 ? { [condition.field]: condition.value[0] as Value } : {};
}

/** Own fields of several parts are filled in one form. */
export function gathered(remedies: Remedy[]): Remedy[] {
  const own = [...new Set(remedies.flatMap((remedy) => (remedy.kind === "own" ? remedy.fields : [])))];
  const rest = remedies.filter((remedy) => remedy.kind !== "own");
  return own.length > 0 ? [{ kind: "own", fields: own }, ...rest] : rest;
}
