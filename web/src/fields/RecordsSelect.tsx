import { MultiSelect, type MultiSelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchList, keys, useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { namesQuery } from "./names";

const OFFERED = 20;
const TYPING = 180;

type Props = Omit<MultiSelectProps, "data" | "searchable" | "value" | "onChange"> & { object: string; value: string[]; /** Names known already. */ refs?: Refs; onChange: (ids: string[]) => void };

/** Chooses several records of an object by typing part of their names; the server searches, within what one may see. */
export function RecordsSelect({ object, value, refs, onChange, ...rest }: Props) {
  const { t } = useTranslation("fields");
  const nameField = useObject(object)?.name_field ?? "name";
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState(false);
  const [q] = useDebouncedValue(typed.trim(), TYPING);
  const params = { q: q || undefined, sort: nameField, fields: [nameField], limit: OFFERED };
  const found = useQuery({
    queryKey: [...keys.list(object, params), "choices"],
    queryFn: ({ signal }) => fetchList(object, params, null, signal),
    placeholderData: keepPreviousData,
    enabled: wanted,
  });
  const unnamed = value.filter((id) => !refs?.[id]);
  const names = useQuery({ ...namesQuery(object, nameField, unnamed), placeholderData: keepPreviousData });
  const offered = (found.data?.items ?? []).map((item) => ({ value: item.id, label: String(item.fields[nameField] ?? item.id) }));
  const chosen = value.filter((id) => !offered.some((it) => it.value === id)).map((id) => ({ value: id, label: refs?.[id]?.name ?? names.data?.[id] ?? (names.isSuccess ? t("outOfSight") : "…") }));
  return (
    <MultiSelect
      placeholder={value.length === 0 ? t("chooseRecord") : undefined}
      nothingFoundMessage={found.isFetching ? t("searching") : t("nothingFound")}
      clearable
      hidePickedOptions
      {...rest}
      searchable
      data={[...offered, ...chosen]}
      value={value}
      filter={({ options }) => options}
      onFocus={() => setWanted(true)}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  );
}
