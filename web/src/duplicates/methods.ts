// Which methods fit which fields, and how a rule's rows are made and changed. The server has the last word.
import type { DuplicateRuleDocument, MatchGroup, MethodKey, Row } from "~/api/duplicates";
import type { Field, ObjectDef } from "~/api/types";
import { valueTypeOf } from "~/fields/registry";

export const USUAL = { threshold: 85, days: 90, percent: 10, most: 20 } as const;

type Type = ReturnType<typeof valueTypeOf>;
const FITTING: Partial<Record<Type, MethodKey[]>> = {
  text: ["exact", "fuzzy", "contains"],
  long_text: ["exact", "fuzzy", "contains"],
  auto_number: ["exact"],
  phone: ["same_digits", "exact"],
  email: ["exact", "same_domain"],
  url: ["exact", "same_domain"],
  date: ["exact", "within_days"],
  datetime: ["exact", "within_days"],
  number: ["exact", "within_percent"],
  percent: ["exact", "within_percent"],
  currency: ["exact", "within_percent"],
};
const LIKE_ITSELF: Type[] = ["reference", "master", "employee", "department", "select", "boolean"];
const FAMILIES: Type[][] = [["text", "long_text", "auto_number"], ["email", "url"], ["date", "datetime"], ["number", "percent", "currency"], ["reference", "master"]];

/** The methods by which values of a field can be compared; none where it takes no part. */
export function methodsFor(field: Pick<Field, "type" | "result">): MethodKey[] {
  const type = valueTypeOf(field);
  return FITTING[type] ?? (LIKE_ITSELF.includes(type) ? ["exact"] : []);
}

export const comparable = (field: Field) => methodsFor(field).length > 0;

/** Whether a value of the one can be compared with one of the other: alike in type, and of references to the same. */
export function fits(own: Field, other: Field): boolean {
  const [a, b] = [valueTypeOf(own), valueTypeOf(other)];
  if (!comparable(other)) return false;
  const family = FAMILIES.find((it) => it.includes(a));
  if (a !== b && !family?.includes(b)) return false;
  return a === "reference" || a === "master" ? own.object === other.object : true;
}

/** A row with a method, and of its settings only those that the method has. */
export function withMethod({ field, other, blank, ...settings }: Row, method: MethodKey): Row {
  const row: Row = { field, other, method, blank };
  if (method === "fuzzy") row.threshold = settings.threshold ?? USUAL.threshold;
  if (method === "within_days") row.days = settings.days ?? USUAL.days;
  if (method === "within_percent") row.percent = settings.percent ?? USUAL.percent;
  return row;
}

/** The field of another object that is most likely meant by one's own: of the same key, else the first that fits. */
export const counterpart = (own: Field | undefined, other: ObjectDef | undefined): string => {
  if (!own || !other) return "";
  const fitting = other.fields.filter((it) => fits(own, it));
  return (fitting.find((it) => it.key === own.key) ?? fitting.find((it) => it.key === other.name_field) ?? fitting[0])?.key ?? "";
};

/** A new row over a field. */
export function rowOf(field: Field | undefined, other: ObjectDef | undefined): Row {
  const method = (field && methodsFor(field)[0]) ?? "exact";
  return withMethod({ field: field?.key ?? "", other: counterpart(field, other), method, blank: "never" }, method);
}

/** A new group: the object's name against that of the other. */
export function groupOf(own: ObjectDef, other: ObjectDef): MatchGroup {
  return { object: other.key, rows: [rowOf(own.fields.find((field) => field.key === own.name_field && comparable(field)) ?? own.fields.find(comparable), other)] };
}

/** A new rule on an object. */
export function ruleFor(object: ObjectDef): DuplicateRuleDocument {
  return {
    object: object.key,
    name: "",
    active: true,
    kinds: { new: true, import: true, tool: true },
    when: null,
    scope: { condition: null, voided: true, unseen: true },
    groups: [groupOf(object, object)],
    strictness: { new: "by_method", import: "by_method" },
    exempt_roles: [],
    shows: [{ object: object.key, fields: [object.name_field, ...(object.owned ? ["owner"] : [])] }],
    most: USUAL.most,
  };
}

/** Whether each row names its two fields: until then nobody need be asked about it. */
export const isWhole = (rule: Pick<DuplicateRuleDocument, "groups">) => rule.groups.length > 0 && rule.groups.every((group) => group.rows.length > 0 && group.rows.every((row) => row.field !== "" && row.other !== ""));

/** The objects whose records a rule may find: its own and those of its groups. */
export const foundObjects = (rule: Pick<DuplicateRuleDocument, "object" | "groups">): string[] => [...new Set([...rule.groups.map((group) => group.object)])];

/** What is shown, of exactly the objects that may be found; one that is new shows its name and owner. */
export function shownFor(rule: DuplicateRuleDocument, objects: ObjectDef[]): DuplicateRuleDocument["shows"] {
  return foundObjects(rule).map((key) => {
    const known = rule.shows.find((it) => it.object === key);
    const object = objects.find((it) => it.key === key);
    return known ?? { object: key, fields: object ? [object.name_field, ...(object.owned ? ["owner"] : [])] : [] };
  });
}
