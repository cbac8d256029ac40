import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchList, keys, useObject } from "~/api/queries";
import type { Condition } from "~/api/types";

const OFFERED = 20;

type Props = Omit<SelectProps, "data" | "searchable" | "value" | "onChange" | "filter"> & {
  object: string;
  value: string | null;
  /** The name of the chosen one, as far as it is known. */
  name?: string;
  /** Only these are offered, until something is typed. */
  filter?: Condition;
  onChange: (id: string | null, name?: string) => void;
};

/** Chooses a record of an object by typing part of its name; the server searches, within what one may see. */
export function RecordSelect({ object, value, name, filter, onChange, ...rest }: Props) {
  const { t } = useTranslation("fields");
  const nameField = useObject(object)?.name_field ?? "name";
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState(false);
  const [q] = useDebouncedValue(typed.trim(), 180);
  const params = { q: q || undefined, filter: q ? undefined : filter, sort: nameField, fields: [nameField], limit: OFFERED };
  const found = useQuery({
    queryKey: [...keys.list(object, params), "choices"],
    queryFn: ({ signal }) => fetchList(object, params, null, signal),
    placeholderData: keepPreviousData,
    enabled: wanted,
  });
  // Until the server has answered, what is offered is at least narrowed to what has been typed.
  const waiting = typed.trim() !== q || found.isPlaceholderData;
  const words = typed.trim().toLowerCase();
  const choices = (found.data?.items ?? []).map((item) => ({ value: item.id, label: String(item.fields[nameField] ?? item.id) }));
  const chosen = value ? (choices.find((choice) => choice.value === value) ?? { value, label: name ?? "…" }) : undefined;
  const data = chosen && !choices.some((choice) => choice.value === value) ? [chosen, ...choices] : choices;

  return (
    <Select
      clearable
      placeholder={t("chooseRecord")}
      nothingFoundMessage={found.isFetching ? t("searching") : t("nothingFound")}
      {...rest}
      searchable
      data={data}
      value={value}
      filter={({ options }) => (waiting ? options.filter((option) => "label" in option && option.label.toLowerCase().includes(words)) : options)}
      onFocus={() => setWanted(true)}
      onDropdownOpen={() => setWanted(true)}
      // While the chosen name stands in the field it is no search: the whole list is offered.
      onSearchChange={(text) => setTyped(text === chosen?.label ? "" : text)}
      onChange={(id) => onChange(id, data.find((choice) => choice.value === id)?.label)}
    />
  );
}
