import { MultiSelect, Select, type MultiSelectProps, type SelectProps } from "@mantine/core";
import { useState } from "react";
import { useCandidates } from "./candidates";

type Kind = { object?: string };

/** Chooses one person (or a department, or a record of another object), found by typing. */
export function PersonSelect({ object = "employee", value, ...rest }: Omit<SelectProps, "data" | "searchable"> & Kind) {
  const [typed, setTyped] = useState("");
  const data = useCandidates(object, typed, typeof value === "string" ? [value] : []);
  // While the chosen name stands in the field it is no search: the whole list is offered.
  const chosen = data.find((it) => it.value === value)?.label;
  return (
    <Select
      {...rest}
      searchable
      value={value ?? null}
      data={data}
      filter={({ options }) => options}
      onSearchChange={(text) => setTyped(text === chosen ? "" : text)}
    />
  );
}

/** Chooses several people (or departments, or records of another object), found by typing. */
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
