import { useLocalStorage } from "@mantine/hooks";
import { useMe } from "~/api/queries";
import type { ObjectDef } from "~/api/types";

/** The columns a person has chosen for an object's plain table, kept in this browser. */
export function useColumns(object: ObjectDef): { kept: string[] | null; keep: (keys: string[]) => void; forget: () => void } {
  const me = useMe();
  const [kept, keep, forget] = useLocalStorage<string[] | null>({ key: `stagecraft-columns-${me.person.id}-${object.key}`, defaultValue: null, getInitialValueInEffect: false });
  return { kept, keep, forget };
}
