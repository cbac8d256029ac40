import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys, useMe, useObjects } from "~/api/queries";
import type { Condition, Process } from "~/api/types";
import { namesQuery } from "~/fields/names";
import { useLanguage } from "~/i18n";
import { describeCondition, recordsIn } from "./describe";

/** Says conditions on an object's records in the reader's language; the names of records mentioned are looked up for all at once. */
export function useConditionText(object: string, ...conditions: (Condition | null | undefined)[]): (condition: Condition | null | undefined) => string {
  const { t } = useTranslation("conditions");
  const language = useLanguage();
  const objects = useObjects();
  const me = useMe();
  const parts = conditions.filter((it): it is Condition => Boolean(it));
  const { process, ...records } = recordsIn({ all: parts }, object, objects);
  const found = useQueries({
    queries: Object.entries(records).map(([key, ids]) => namesQuery(key, objects.find((it) => it.key === key)?.name_field ?? "name", ids)),
    combine: (results) => Object.assign({}, ...results.map((result) => result.data ?? {})) as Record<string, string>,
  });
  const processes = useQuery({ queryKey: keys.processes, queryFn: () => get<{ items: Process[] }>("/processes"), staleTime: 60_000, enabled: Boolean(process) });
  const names = { ...found, ...Object.fromEntries((processes.data?.items ?? []).map((it) => [it.id, it.name])) };
  return (condition) => describeCondition(condition, object, { objects, language, timeZone: me.time_zone, mainCurrency: me.organisation.main_currency, t, names });
}
