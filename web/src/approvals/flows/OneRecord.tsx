import { useQuery } from "@tanstack/react-query";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { namesQuery } from "~/fields/names";
import { RecordSelect } from "~/fields/RecordSelect";

type Props = { object: string; value: string; refs: Refs; label?: string; "aria-label"?: string; error?: string; className?: string; onChange: (id: string) => void };

/** Chooses a person, a department or a group; its name is known already, or is looked up. */
export function OneRecord({ object, value, refs, onChange, ...rest }: Props) {
  const nameField = useObject(object)?.name_field ?? "name";
  const names = useQuery(namesQuery(object, nameField, value && !refs[value] ? [value] : [])).data;
  return <RecordSelect {...rest} object={object} clearable={false} value={value || null} name={refs[value]?.name ?? names?.[value]} onChange={(id) => onChange(id ?? "")} />;
}
