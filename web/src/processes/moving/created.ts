import type { AskedRecord, ObjectDef, Requirement, Value } from "~/api/types";
import { filledOf, formOf } from "~/stageTasks/newRecord";
import type { Created } from "../useMove";

/** The records that go along with a move: what they begin with, and what has been written into them. */
export function createdOf(asked: AskedRecord[], drafts: Record<string, Value>[], objects: ObjectDef[]): Created[] {
  return asked.map((one, index) => {
    const object = objects.find((it) => it.key === one.object);
    const start = object ? formOf(object, one).start : {};
    return { object: one.object, fields: filledOf({ ...start, ...drafts[index] }, start) };
  });
}

/** What is said of a record on the form: of one that the dialog has a place for. */
export function isGateOfRecord(requirement: Requirement, count: number): boolean {
  const [first, index] = (requirement.path ?? "").split(/[./]/).filter(Boolean);
  return first === "create" && Number(index) < count;
}
