import type { Field, ObjectDef } from "~/api/types";

/** A field, perhaps across references: `account.sector` is the sector of the account. */
export type FieldPath = { key: string; hops: Field[]; field: Field };

/** Most references in one path. */
export const MAX_HOPS = 3;

/** The object that a field leads to. */
export function targetOf(field: Field): string | undefined {
  switch (field.type) {
    case "reference":
    case "master":
      return field.object ?? undefined;
    case "employee":
    case "department":
      return field.type;
    default:
      return undefined;
  }
}

/** The object whose records a field's values name, one or several. */
export const namedBy = (field: Field): string | undefined => targetOf(field) ?? (field.type === "references" ? (field.object ?? undefined) : undefined);

export const objectOf = (objects: ObjectDef[], key: string | undefined) => objects.find((object) => object.key === key);

/** Fields a condition may ask about. */
export const fieldsToAsk = (object: ObjectDef | undefined): Field[] => (object?.fields ?? []).filter((field) => field.filterable);

/** What the path means; `undefined` where it leads to nothing one may know of. */
export function resolvePath(objects: ObjectDef[], object: string, key: string): FieldPath | undefined {
  const parts = key.split(".");
  const hops: Field[] = [];
  let at = objectOf(objects, object);
  for (const part of parts.slice(0, -1)) {
    const hop = at?.fields.find((field) => field.key === part);
    const target = hop && targetOf(hop);
    if (!hop || !target) return undefined;
    hops.push(hop);
    at = objectOf(objects, target);
  }
  const field = at?.fields.find((it) => it.key === parts.at(-1));
  return field && hops.length <= MAX_HOPS ? { key, hops, field } : undefined;
}

/** The object that a chain of references leads to. */
export function objectAt(objects: ObjectDef[], object: string, hops: Field[]): ObjectDef | undefined {
  const last = hops.at(-1);
  return objectOf(objects, last ? targetOf(last) : object);
}

/** `Account › Sector` */
export const pathLabel = (path: Pick<FieldPath, "hops" | "field">, label: (text: Field["label"]) => string) => [...path.hops, path.field].map((field) => label(field.label)).join(" › ");

/** Paths whose names contain all the words; the shortest first, those that begin with the words before the others. */
export function searchPaths(objects: ObjectDef[], object: string, typed: string, label: (text: Field["label"]) => string, limit = 60): FieldPath[] {
  const words = typed.toLowerCase().split(/[\s›.]+/).filter(Boolean);
  const found: FieldPath[] = [];
  let level: Field[][] = [[]];
  for (let depth = 0; depth <= MAX_HOPS && level.length > 0 && found.length < limit; depth++) {
    const next: Field[][] = [];
    const here: (FieldPath & { first: boolean })[] = [];
    for (const hops of level) {
      for (const field of fieldsToAsk(objectAt(objects, object, hops))) {
        const path = { key: [...hops, field].map((it) => it.key).join("."), hops, field };
        const name = pathLabel(path, label).toLowerCase();
        // The last word must be in the field's own name, or every field behind a matching reference would match too.
        if (words.every((word) => name.includes(word)) && label(field.label).toLowerCase().includes(words.at(-1) ?? "")) here.push({ ...path, first: label(field.label).toLowerCase().startsWith(words[0] ?? "") });
        if (targetOf(field)) next.push([...hops, field]);
      }
    }
    found.push(...here.sort((a, b) => Number(b.first) - Number(a.first)).map(({ key, hops, field }) => ({ key, hops, field })));
    level = next;
  }
  return found.slice(0, limit);
}

/** Another object's field that leads to the judged one. */
export type Referring = { object: ObjectDef; field: Field };

/** Records that can be counted for one of `object`: those of its sub-objects first. */
export function referringTo(objects: ObjectDef[], object: string): Referring[] {
  const all = objects.flatMap((it) => it.fields.filter((field) => targetOf(field) === object && field.filterable && !field.system).map((field) => ({ object: it, field })));
  return all.sort((a, b) => Number(b.field.type === "master") - Number(a.field.type === "master"));
}

/** The referring field that an `exists` means; without `via` it is the first. */
export function referringOf(objects: ObjectDef[], object: string, exists: { object: string; via?: string | null }): Referring | undefined {
  const child = objectOf(objects, exists.object);
  const field = child?.fields.find((it) => targetOf(it) === object && (exists.via ? it.key === exists.via : !it.system));
  return child && field ? { object: child, field } : undefined;
}
