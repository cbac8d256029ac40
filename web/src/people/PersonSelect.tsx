import { MultiSelect, type MultiSelectProps, type SelectProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recordQuery } from "~/api/queries";
import { RecordSelect } from "~/fields/RecordSelect";
import { useCandidates } from "./candidates";

type Kind = {
  /** Whom to choose from; departments and other records are found the same way. */
  object?: string;
};
type Single = Omit<SelectProps, "data" | "searchable" | "value" | "onChange" | "filter"> & Kind & { value: string | null; onChange: (id: string | null) => void };

/** Chooses one person, whose name is looked up where only the id is known. */
export function PersonSelect({ object = "employee", value, onChange, ...rest }: Single) {
  const chosen = useQuery({ ...recordQuery(object, value ?? ""), enabled: value !== null });
  const name = chosen.data?.fields["name"];
  return <RecordSelect {...rest} object={object} value={value} name={typeof name === "string" ? name : undefined} onChange={(id) => onChange(id)} />;
}

/** Chooses several people, found by typing. */
export function PeopleSelect({ object = "employee", value = [], ...rest }: Omit<MultiSelectProps, "data" | "searchable"> & Kind) {
  const [typed, setTyped] = useState("");
  const data = useCandidates(object, typed, [...value]);
  return (
    <MultiSelect
      {...rest}
      searchable
      hidePickedOptions
      value={value}
      data={data}
      filter={({ options }) => options}
      onSearchChange={setTyped}
    />
  );
}
