import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import type { Difference, Process } from "~/api/processes";
import { keys, useMe, useObjects } from "~/api/queries";
import type { Role } from "~/api/types";
import { describeCondition, recordsIn } from "~/conditions/describe";
import { pathLabel, resolvePath } from "~/conditions/fieldPaths";
import { namesQuery } from "~/fields/names";
import { useLabel, useLanguage } from "~/i18n";
import { useTeamRoles } from "~/records/teamRoles";
import { useDuration } from "../useDuration";
import { mentioned, taskNames, type Words } from "./sayings";

/** The words for differences of processes; names of what is mentioned by id are looked up all at once. */
export function useSayings(differences: Difference[], ...processes: (Process | null | undefined)[]): Words {
  const { t } = useTranslation("pipelines");
  const { t: conditions } = useTranslation("conditions");
  const language = useLanguage();
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const duration = useDuration();
  const teamRoles = useTeamRoles();
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => get<{ items: Role[] }>("/roles"), staleTime: 60_000 });
  const { people, departments, groups, conditions: found } = mentioned(differences);
  const wanted: Record<string, string[]> = { employee: people, department: departments, user_group: groups };
  for (const { condition, object } of found) {
    const { process: _, ...records } = recordsIn(condition, object, objects);
    for (const [key, ids] of Object.entries(records)) wanted[key] = [...(wanted[key] ?? []), ...ids];
  }
  const names = useQueries({
    queries: Object.entries(wanted).map(([key, ids]) => namesQuery(key, objects.find((it) => it.key === key)?.name_field ?? "name", ids)),
    combine: (results) => Object.assign({}, ...results.map((result) => result.data ?? {})) as Record<string, string>,
  });
  const fieldsOf = (object: string) => objects.find((it) => it.key === object)?.fields ?? [];
  const options = (field: string) => fieldsOf("opportunity").find((it) => it.key === field)?.options ?? [];
  const tasks = taskNames(differences, ...processes);
  const named = (id: string) => names[id] ?? "…";
  return {
    say: (key, values) => t(key as "stages", values ?? {}),
    duration,
    condition: (condition, object) => describeCondition(condition, object, { objects, language, timeZone: me.time_zone, mainCurrency: me.organisation.main_currency, t: conditions, names }),
    stage: (key) => label(options("stage").find((it) => it.key === key)?.label) || key,
    object: (key) => label(objects.find((it) => it.key === key)?.label) || key,
    field: (object, key) => {
      const [root = object, ...through] = object.split(".");
      const path = resolvePath(objects, root, [...through, key].join("."));
      return path ? pathLabel({ ...path, hops: path.hops.slice(through.length) }, label) : key;
    },
    option: (field, key) => label(options(field).find((it) => it.key === key)?.label) || key,
    teamRole: teamRoles.name,
    role: (key) => label(roles.data?.items.find((it) => it.key === key)?.name) || key,
    person: named,
    department: named,
    group: named,
    task: (key) => tasks.get(key) ?? t("unnamedTask"),
  };
}
