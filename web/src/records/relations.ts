import type { Field, ObjectDef } from "~/api/types";

/** Whether records of the object are created and shown within another record: lines, roles. */
export function livesInAnother(object: ObjectDef): boolean {
  return Boolean(object.master) || (typeof object.base === "object" && object.base !== null && "by_parent" in object.base);
}

export type Relation = { object: ObjectDef; field: Field };

/** Fields of other objects that lead to this one, those that live in it first. People and departments are led to by nearly all. */
export function relationsTo(key: string, objects: ObjectDef[]): Relation[] {
  const relations = objects.flatMap((object) =>
    object.fields
      .filter((field) => (field.type === "reference" || field.type === "master") && field.object === key && field.filterable)
      .map((field) => ({ object, field })),
  );
  return relations.sort((a, b) => Number(livesInAnother(b.object)) - Number(livesInAnother(a.object)));
}
