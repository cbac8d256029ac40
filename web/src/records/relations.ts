import type { Field, ObjectDef } from "~/api/types";

/** Whether records of the object are created and shown within another record: lines, roles. */
export function livesInAnother(object: ObjectDef): boolean {
  return Boolean(object.master) || (typeof object.base === "object" && object.base !== null && "by_parent" in object.base);
}

/** Objects whose records live in this one's: lines of a deal, its contact roles. A lock holds them too, and a clone may take them along. */
export function partsOf(object: ObjectDef, objects: ObjectDef[]): ObjectDef[] {
  return objects.filter((part) => {
    if (part.master) return part.master.object === object.key;
    const by = typeof part.base === "object" && part.base !== null && "by_parent" in part.base ? part.base.by_parent : undefined;
    return !part.owned && part.fields.some((field) => field.key === by && field.required && field.object === object.key);
  });
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
