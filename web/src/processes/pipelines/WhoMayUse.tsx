import { Checkbox, MultiSelect, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import type { Who } from "~/api/processes";
import { keys, useObject } from "~/api/queries";
import type { Role } from "~/api/types";
import { RecordsSelect } from "~/fields/RecordsSelect";
import { namesQuery } from "~/fields/names";
import { useLabel } from "~/i18n";
import classes from "./pipelines.module.css";
import { textAt, type Problem } from "./problems";

const GROUPS = "user_group";

/** Whose opportunities may run in a process. */
export function WhoMayUse({ who, problems, onChange }: { who: Who; problems: Problem[]; onChange: (who: Who) => void }) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const groups = useObject(GROUPS);
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => get<{ items: Role[] }>("/roles"), staleTime: 60_000 });
  const names = useQuery(namesQuery("department", "name", who.departments.map((it) => it.id)));
  return (
    <Stack gap="sm">
      <RecordsSelect
        object="department"
        label={t("whoDepartments")}
        value={who.departments.map((it) => it.id)}
        error={textAt(problems, "departments")}
        onChange={(ids) => onChange({ ...who, departments: ids.map((id) => who.departments.find((it) => it.id === id) ?? { id, with_sub: true }) })}
      />
      {who.departments.length > 0 && (
        <ul className={classes.withSub} aria-label={t("whoWithSub")}>
          {who.departments.map((department) => (
            <li key={department.id}>
              <Checkbox
                size="sm"
                label={t("whoWithSubOf", { department: names.data?.[department.id] ?? "…" })}
                checked={department.with_sub}
                onChange={(event) => {
                  const with_sub = event.currentTarget.checked;
                  onChange({ ...who, departments: who.departments.map((it) => (it.id === department.id ? { ...it, with_sub } : it)) });
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {groups && <RecordsSelect object={GROUPS} label={t("whoGroups")} value={who.groups} error={textAt(problems, "groups")} onChange={(ids) => onChange({ ...who, groups: ids })} />}
      <MultiSelect
        label={t("whoRoles")}
        searchable
        hidePickedOptions
        placeholder={who.roles.length === 0 ? t("chooseRoles") : undefined}
        data={(roles.data?.items ?? []).map((role) => ({ value: role.key, label: label(role.name) }))}
        value={who.roles}
        error={textAt(problems, "roles")}
        onChange={(chosen) => onChange({ ...who, roles: chosen })}
      />
      <RecordsSelect object="employee" label={t("whoPeople")} value={who.people} error={textAt(problems, "people")} onChange={(people) => onChange({ ...who, people })} />
    </Stack>
  );
}
