import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck, IconEye, IconKey, IconPencil, IconShieldLock, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { useMe } from "~/api/queries";
import type { Rec } from "~/api/types";
import { DisableDialog } from "./DisableDialog";
import { PasswordDialog } from "./PasswordDialog";
import { PersonDialog } from "./PersonDialog";
import { SecurityDialog } from "./SecurityDialog";
import { useEnable } from "./standing";

export type PersonAct = { key: string; label: string; icon: ReactNode; danger?: boolean; run: () => void };

/** What one may do to a person, with the dialogs that it opens. */
export function PersonActs({ person, children }: { person: Rec; children: (acts: PersonAct[]) => ReactNode }) {
  const { t } = useTranslation(["people", "security", "access"]);
  const me = useMe();
  const navigate = useNavigate();
  const enable = useEnable(person.id);
  const [dialog, setDialog] = useState<"edit" | "password" | "security" | "disable">();
  const name = String(person.fields["name"] ?? "");
  const active = person.fields["active"] !== false;
  const acts: PersonAct[] = [];
  if (me.acts["employee"]?.includes("edit")) acts.push({ key: "edit", label: t("edit"), icon: <IconPencil size={15} />, run: () => setDialog("edit") });
  if (me.admin) {
    acts.push({ key: "sight", label: t("sight", { ns: "access" }), icon: <IconEye size={15} />, run: () => void navigate({ to: "/admin/people/$id/access", params: { id: person.id } }) });
    acts.push({ key: "password", label: t("setPassword"), icon: <IconKey size={15} />, run: () => setDialog("password") });
    acts.push({ key: "security", label: t("security", { ns: "security" }), icon: <IconShieldLock size={15} />, run: () => setDialog("security") });
    if (active && person.id !== me.person.id) acts.push({ key: "disable", label: t("disableDots"), icon: <IconUserOff size={15} />, danger: true, run: () => setDialog("disable") });
    if (!active) {
      const run = () =>
        enable.mutate(undefined, {
          onSuccess: () => notifications.show({ icon: <IconCheck size={18} />, message: t("enabled", { name }) }),
          onError: (error) => notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, message: messageOf(error) }),
        });
      acts.push({ key: "enable", label: t("enable"), icon: <IconUserCheck size={15} />, run });
    }
  }
  const close = () => setDialog(undefined);
  return (
    <>
      {children(acts)}
      {dialog === "edit" && <PersonDialog person={person} onClose={close} />}
      {dialog === "password" && <PasswordDialog person={person} onClose={close} />}
      {dialog === "security" && <SecurityDialog person={{ id: person.id, name }} onClose={close} />}
      {dialog === "disable" && <DisableDialog person={person} onClose={close} />}
    </>
  );
}
