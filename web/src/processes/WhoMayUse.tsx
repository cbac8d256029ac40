import { MultiSelect, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys } from "~/api/queries";
import type { Process, Role } from "~/api/types";
import { useLabel } from "~/i18n";
import { PeopleSelect } from "~/people/PersonSelect";

type Who = Process["who"];

/** Whose opportunities may run in a process. */
export function WhoMayUse({ who, onChange }: { who: Who; onChange: (who: Who) => void }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => get<{ items: Role[] }>("/roles"), staleTime: 60_000 });
  const withSub = who.departments.every((it) => it.with_sub);
  return (
    <Stack gap="sm">
      <PeopleSelect
        object="department"
        label={t("whoDepartments")}
        value={who.departments.map((it) => it.id)}
        onChange={(ids) =>
          onChange({ ...who, departments: ids.map((id) => who.departments.find((it) => it.id === id) ?? { id, with_sub: withSub }) })
        }
      />
      {who.departments.length > 0 && (
        <Switch
          size="sm"
          label={t("whoWithSub")}
          checked={withSub}
          onChange={(event) => {
            const with_sub = event.currentTarget.checked;
            onChange({ ...who, departments: who.departments.map((it) => ({ ...it, with_sub })) });
          }}
        />
      )}
      <PeopleSelect label={t("whoPeople")} value={who.people} onChange={(people) => onChange({ ...who, people })} />
      <MultiSelect
        label={t("whoRoles")}
        data={(roles.data?.items ?? []).map((role) => ({ value: role.key, label: label(role.name) }))}
        value={who.roles}
        onChange={(chosen) => onChange({ ...who, roles: chosen })}
      />
    </Stack>
  );
}
