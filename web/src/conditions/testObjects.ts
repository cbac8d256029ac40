import type { Field, FieldType, ObjectDef } from "~/api/types";

export const field = (key: string, type: FieldType, en: string, more: Partial<Field> = {}) =>
  ({ key, type, label: { en, "zh-CN": en }, filterable: true, sortable: true, access: "write", ...more }) as Field;

const object = (key: string, en: string, fields: Field[]) => ({ key, label: { en, "zh-CN": en }, plural: { en: `${en}s`, "zh-CN": en }, name_field: "name", acts: [], fields }) as unknown as ObjectDef;

/** A small company's objects, for tests of conditions. */
export const objects: ObjectDef[] = [
  object("opportunity", "Opportunity", [
    field("name", "text", "Name"),
    field("account", "reference", "Account", { object: "account" }),
    field("owner", "employee", "Owner"),
    field("owner_department", "department", "Department"),
    field("amount", "currency", "Amount"),
    field("win_rate", "percent", "Win rate"),
    field("expected_close_date", "date", "Closing"),
    field("created_at", "datetime", "Created"),
    field("overdue", "boolean", "Overdue"),
    field("description", "long_text", "Description"),
    field("stage", "select", "Stage", { options: [{ key: "won", label: { en: "Won", "zh-CN": "赢单" }, active: true }, { key: "lost", label: { en: "Lost", "zh-CN": "输单" }, active: true }] }),
    field("tags", "multi_select", "Tags", { options: [{ key: "hot", label: { en: "Hot", "zh-CN": "热" }, active: true }] }),
    field("partners", "references", "Partners", { object: "account" }),
    field("double", "calculated" as FieldType, "Double", { result: "currency" } as Partial<Field>),
  ]),
  object("account", "Account", [field("name", "text", "Name"), field("sector", "select", "Sector", { options: [{ key: "medical", label: { en: "Medical", "zh-CN": "医疗" }, active: true }] }), field("owner", "employee", "Owner")]),
  object("employee", "Employee", [field("name", "text", "Name"), field("department", "department", "Department"), field("manager", "employee", "Manager")]),
  object("department", "Department", [field("name", "text", "Name")]),
  object("contact_role", "Contact role", [field("opportunity", "master", "Opportunity", { object: "opportunity" }), field("role", "select", "Role", { options: [{ key: "decision_maker", label: { en: "Decision maker", "zh-CN": "决策人" }, active: true }] })]),
  object("activity", "Activity", [field("deal", "reference", "Deal", { object: "opportunity" }), field("later_deal", "reference", "Later deal", { object: "opportunity" })]),
];

export const fieldOf = (path: string): Field => objects[0]!.fields.find((it) => it.key === path)!;
