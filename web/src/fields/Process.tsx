import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys } from "~/api/queries";
import type { Process } from "~/api/types";
import { inputProps, type EditProps, type FieldKind, type ShowProps } from "./contract";

function useProcesses() {
  return useQuery({ queryKey: keys.processes, queryFn: () => get<{ items: Process[] }>("/processes"), staleTime: 60_000 }).data?.items ?? [];
}

function ProcessShow({ value }: ShowProps) {
  return <>{useProcesses().find((process) => process.id === value)?.name ?? ""}</>;
}

function ProcessEdit(props: EditProps) {
  const { t } = useTranslation("fields");
  const choices = useProcesses().filter((process) => process.active || process.id === props.value);
  return <Select {...inputProps(props)} data={choices.map((process) => ({ value: process.id, label: process.name }))} value={(props.value as string) ?? null} onChange={props.onChange} placeholder={t("byRules")} clearable={!props.required} />;
}

export const process: FieldKind = { Show: ProcessShow, Edit: ProcessEdit };
