import { useLocalStorage } from "@mantine/hooks";
import { useMe } from "~/api/queries";
import type { Field, ObjectDef } from "~/api/types";
import { columnsOf } from "./layouts";

/** The columns a person has chosen for an object, kept in this browser; fields that have gone since are left out. */
export function useColumns(object: ObjectDef): { columns: Field[]; choose: (keys: string[]) => void; reset: () => void } {
  const me = useMe();
  const [kept, keep, reset] = useLocalStorage<string[] | null>({ key: `stagecraft-columns-${me.person.id}-${object.key}`, defaultValue: null });
  const columns = kept ? kept.map((key) => object.fields.find((field) => field.key === key)).filter((field): field is Field => Boolean(field)) : columnsOf(object);
  return { columns, choose: keep, reset };
}
