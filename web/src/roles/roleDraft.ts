// What a role says, part by part: that is how it is changed, compared and brought together with what somebody else has changed.
import type { FieldAccess, ObjectRights, Role, RoleDocument } from "~/api/roles";

/** Stands for every object that has no rights of its own. */
export const EVERY = "*";
export const NO_RIGHTS: ObjectRights = { acts: [], fields: {} };

export const documentOf = ({ name, description, see_all, administrator, reads_audit, objects }: Role): RoleDocument => ({ name, description: description ?? null, see_all, administrator, reads_audit, objects });

export const isOwn = (role: Pick<RoleDocument, "objects">, object: string) => object in role.objects;
export const rightsOf = (role: Pick<RoleDocument, "objects">, object: string): ObjectRights => role.objects[object] ?? role.objects[EVERY] ?? NO_RIGHTS;

type Objects = RoleDocument["objects"];
const withRights = (objects: Objects, object: string, change: (rights: ObjectRights) => ObjectRights): Objects => ({ ...objects, [object]: change(rightsOf({ objects }, object)) });

/** Gives or takes acts; an object that followed the others has rights of its own from then on. */
export function withActs(objects: Objects, object: string, acts: string[], on: boolean): Objects {
  return withRights(objects, object, (rights) => ({ ...rights, acts: on ? [...new Set([...rights.acts, ...acts])] : rights.acts.filter((act) => !acts.includes(act)) }));
}

/** Sets what is known of some fields; writing is what holds anyway. */
export function withFields(objects: Objects, object: string, fields: string[], access: FieldAccess): Objects {
  return withRights(objects, object, (rights) => {
    const others = Object.entries(rights.fields).filter(([key]) => !fields.includes(key));
    return { ...rights, fields: Object.fromEntries([...others, ...(access === "write" ? [] : fields.map((key) => [key, access] as const))]) };
  });
}

export function withOwn(objects: Objects, object: string): Objects {
  return withRights(objects, object, (rights) => ({ acts: [...rights.acts], fields: { ...rights.fields } }));
}

export function withoutOwn(objects: Objects, object: string): Objects {
  return Object.fromEntries(Object.entries(objects).filter(([key]) => key !== object));
}

/**
 * Gives or takes an act for many objects at once. Those that follow "every other object" go with it where it is among them, and get rights
 * of their own where it is not.
 */
export function withColumn(objects: Objects, rows: { key: string; acts: readonly string[] }[], act: string, on: boolean): Objects {
  const together = rows.some((row) => row.key === EVERY);
  return rows
    .filter((row) => row.acts.includes(act) && (row.key === EVERY || row.key in objects || !together))
    .reduce((now, row) => withActs(now, row.key, [act], on), objects);
}

export type Tri = "all" | "some" | "none";
export function triOf(held: number, possible: number): Tri {
  return held === 0 ? "none" : held === possible ? "all" : "some";
}

/** The parts of a role by name: `see_all`, `act/account/edit`, `field/account/revenue`, and `own/account` where it follows no other. */
export type Parts = Map<string, string>;

export function partsOf(role: RoleDocument): Parts {
  const parts: Parts = new Map([
    ["name", JSON.stringify([role.name.en, role.name["zh-CN"]])],
    ["description", JSON.stringify(role.description ? [role.description.en, role.description["zh-CN"]] : ["", ""])],
    ["see_all", String(role.see_all)],
    ["administrator", String(role.administrator)],
    ["reads_audit", String(role.reads_audit)],
  ]);
  for (const [object, rights] of Object.entries(role.objects)) {
    parts.set(`own/${object}`, "true");
    for (const act of rights.acts) parts.set(`act/${object}/${act}`, "true");
    for (const [field, access] of Object.entries(rights.fields)) if (access !== "write") parts.set(`field/${object}/${field}`, access);
  }
  return parts;
}

function roleOf(parts: Parts): RoleDocument {
  const label = (key: string) => {
    const [en = "", zh = ""] = JSON.parse(parts.get(key) ?? "[]") as string[];
    return { en, "zh-CN": zh };
  };
  const description = label("description");
  const objects: Objects = {};
  for (const part of parts.keys()) if (part.startsWith("own/")) objects[part.slice("own/".length)] = { acts: [], fields: {} };
  for (const [part, value] of parts) {
    const [kind, object = "", name = ""] = part.split("/");
    const rights = objects[object];
    if (!rights) continue;
    if (kind === "act") rights.acts.push(name);
    if (kind === "field") rights.fields[name] = value as FieldAccess;
  }
  const flag = (key: string) => parts.get(key) === "true";
  return { name: label("name"), description: description.en || description["zh-CN"] ? description : null, see_all: flag("see_all"), administrator: flag("administrator"), reads_audit: flag("reads_audit"), objects };
}

/** Which parts differ, in a lasting order. */
export function differing(one: Parts, other: Parts): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((part) => one.get(part) !== other.get(part)).sort();
}

export const sameRole = (one: RoleDocument, other: RoleDocument) => differing(partsOf(one), partsOf(other)).length === 0;

const objectOf = (part: string) => part.split("/")[1];

/** Brings together what two people made of the same role. Where both touched a part, `winner` says whose holds; those parts are named. */
export function merged(base: RoleDocument, mine: RoleDocument, theirs: RoleDocument, winner: "mine" | "theirs"): { role: RoleDocument; clashes: string[] } {
  const [before, own, other] = [partsOf(base), partsOf(mine), partsOf(theirs)];
  const result: Parts = new Map(other);
  const [byMe, byThem] = [differing(before, own), differing(before, other)];
  // Where one lets an object follow the others and the other changes its own rights, these are one part: both together would be neither.
  const whole = new Set(
    [...byMe, ...byThem].filter((part) => part.startsWith("own/")).map(objectOf).filter((object) => [byMe, byThem].every((by) => by.some((part) => objectOf(part) === object)) && (own.has(`own/${object}`) !== other.has(`own/${object}`))),
  );
  const clashes = new Set<string>();
  for (const part of byMe) {
    const object = objectOf(part);
    const together = object !== undefined && whole.has(object);
    if (together) clashes.add(`own/${object}`);
    else if (byThem.includes(part) && own.get(part) !== other.get(part)) clashes.add(part);
    if (winner === "theirs" && (together || clashes.has(part))) continue;
    const value = own.get(part);
    if (value === undefined) result.delete(part);
    else result.set(part, value);
  }
  return { role: roleOf(result), clashes: [...clashes] };
}
