import { Stack } from "@mantine/core";
import { IconBuildingSkyscraper, IconUser, IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Receiver, ReceiverKind } from "~/api/sharing";
import type { Refs } from "~/api/types";
import { RecordsSelect } from "~/fields/RecordsSelect";
import classes from "./sharing.module.css";

export const RECEIVER_ICONS = { person: IconUser, department: IconBuildingSkyscraper, group: IconUsersGroup };
const GROUPS = "user_group";

/** Chooses those to whom records are given. */
export function ReceiversSelect({ value, error, onChange }: { value: Receiver[]; error?: string; onChange: (to: Receiver[]) => void }) {
  const { t } = useTranslation("sharing");
  const groups = useObject(GROUPS);
  const of = (kind: ReceiverKind) => value.filter((it) => it.kind === kind).map((it) => it.id);
  const put = (kind: ReceiverKind) => (ids: string[]) => onChange([...value.filter((it) => it.kind !== kind), ...ids.map((id) => ({ kind, id }))]);
  return (
    <Stack gap="xs">
      <RecordsSelect object="department" label={t("departments")} leftSection={<IconBuildingSkyscraper size={15} />} value={of("department")} onChange={put("department")} />
      {groups && <RecordsSelect object={GROUPS} label={t("groups")} leftSection={<IconUsersGroup size={15} />} value={of("group")} onChange={put("group")} />}
      <RecordsSelect object="employee" label={t("people")} leftSection={<IconUser size={15} />} value={of("person")} error={error} onChange={put("person")} />
    </Stack>
  );
}

/** Those to whom records are given, as chips. */
export function Receivers({ to, refs }: { to: Receiver[]; refs: Refs }) {
  const { t } = useTranslation("sharing");
  return (
    <ul className={classes.receivers} aria-label={t("to")}>
      {to.map(({ kind, id }) => {
        const Icon = RECEIVER_ICONS[kind];
        return (
          <li key={`${kind} ${id}`}>
            <Icon size={13} stroke={1.8} aria-label={t(`receiver.${kind}`)} />
            {refs[id]?.name ?? "…"}
            {kind === "department" && <small>{t("withBelow")}</small>}
          </li>
        );
      })}
    </ul>
  );
}
