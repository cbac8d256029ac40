import { targetOf } from "~/conditions/fieldPaths";
import type { Field, ObjectDef } from "~/api/types";

const DEAL = "opportunity";

/** Fields of an object by which a record can be linked to a deal. */
export const linksOf = (object: ObjectDef | undefined): Field[] =>
  (object?.fields ?? []).filter((field) => !field.system && !field.read_only && (targetOf(field) === DEAL || field.type === "regarding"));

/** Objects of which a record can be made for a deal: what belongs to it first. */
export const linkable = (objects: ObjectDef[]): ObjectDef[] =>
  objects.filter((object) => object.key !== DEAL && linksOf(object).length > 0).sort((a, b) => Number(b.master?.object === DEAL) - Number(a.master?.object === DEAL));

/** Sub-objects of a deal, which are written in a grid. */
export const subObjects = (objects: ObjectDef[]): ObjectDef[] => objects.filter((object) => object.master?.object === DEAL);

/** References of a deal to a record whose fields somebody can be asked to fill. */
export const relations = (deal: ObjectDef | undefined): Field[] => (deal?.fields ?? []).filter((field) => field.type === "reference" && !field.system);
