import { Button, Group, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useTaskChoices } from "~/api/stageTasks";
import { GeneralFindings } from "~/fields/FieldForm";

type Props = { task: string; object: string; taken: string[]; busy: boolean; error: unknown; onChoose: (id: string) => void };

/** An existing record instead of a new one; the server knows which may be chosen. */
export function ChooseExisting({ task, object, taken, busy, error, onChoose }: Props) {
  const { t } = useTranslation("stageTasks");
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  const [q] = useDebouncedValue(typed.trim(), 180);
  const found = useTaskChoices(task, q, true);
  const data = (found.data?.items ?? []).filter((one) => !taken.includes(one.id)).map((one) => ({ value: one.id, label: one.name ?? String(one.fields?.name ?? one.id) }));
  const offered = chosen && !data.some((one) => one.value === chosen.value) ? [chosen, ...data] : data;
  return (
    <>
      <GeneralFindings findings={findingsOfError(error, [])} />
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <Select
          style={{ flex: 1 }}
          label={t("chooseLabel", { object: object.toLowerCase() })}
          data={offered}
          value={chosen?.value ?? null}
          searchable
          data-autofocus
          filter={({ options }) => options}
          nothingFoundMessage={t(found.isFetching ? "searching" : "nothingFound", { ns: "fields" })}
          onSearchChange={(text) => setTyped(text === chosen?.label ? "" : text)}
          onChange={(id) => setChosen(offered.find((one) => one.value === id))}
          comboboxProps={{ withinPortal: true }}
        />
        <Button disabled={!chosen} loading={busy} onClick={() => chosen && onChoose(chosen.value)}>
          {t("chooseThis")}
        </Button>
      </Group>
    </>
  );
}
