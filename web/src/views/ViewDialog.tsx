import { Button, Group, Modal, MultiSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Role } from "~/api/types";
import { useSaveView, type Sharing, type View, type ViewDraft } from "~/api/views";
import { useConditionText } from "~/conditions/useConditionText";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import classes from "./views.module.css";

type Props = { title: string; view?: View; draft: ViewDraft; mayShare: boolean; onClose: () => void; onSaved: (view: View) => void };

/** Gives a view its name and, for administrators, says who sees it and who begins with it. */
export function ViewDialog({ title, view, draft, mayShare, onClose, onSaved }: Props) {
  const { t } = useTranslation("views");
  const label = useLabel();
  const [name, setName] = useState(draft.name);
  const [sharing, setSharing] = useState<Sharing>(draft.sharing);
  const [defaultFor, setDefaultFor] = useState(draft.default_for);
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => get<{ items: Role[] }>("/roles"), enabled: mayShare, staleTime: 60_000 });
  const choices = (roles.data?.items ?? []).map((role) => ({ value: role.key, label: label(role.name) }));
  const save = useSaveView(draft.object);
  const findings = findingsOfError(save.error, ["name", "sharing", "default_for"]);
  const text = useConditionText(draft.object, draft.filter)(draft.filter);
  const shared = sharing.scope !== "private";
  // People can begin only with what they see.
  const beginners = sharing.scope === "roles" ? choices.filter((it) => sharing.roles.includes(it.value)) : choices;

  return (
    <Modal opened onClose={onClose} title={title} size={480}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const body: ViewDraft = {
            object: draft.object, kind: draft.kind, filter: draft.filter, columns: draft.columns, sort: draft.sort, group: draft.group,
            name: name.trim(), sharing: sharing.scope === "roles" ? sharing : { scope: sharing.scope, roles: [] },
            default_for: shared ? defaultFor.filter((role) => beginners.some((it) => it.value === role)) : [],
          };
          save.mutate({ id: view?.id, version: view?.version, draft: body }, { onSuccess: (saved) => { onSaved(saved); onClose(); } });
        }}
      >
        <Stack gap="md">
          <GeneralFindings findings={findings} />
          <TextInput label={t("name")} value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} error={findings.byField.name?.join(" ")} data-autofocus />
          {text && <p className={classes.summary}>{text}</p>}
          {mayShare && (
            <>
              <Radio.Group label={t("whoSees")} value={sharing.scope} onChange={(scope) => setSharing({ ...sharing, scope: scope as Sharing["scope"] })} error={findings.byField.sharing?.join(" ")}>
                <Stack gap={8} mt={6}>
                  <Radio size="sm" value="private" label={t("private")} />
                  <Radio size="sm" value="everybody" label={t("everybody")} />
                  <Radio size="sm" value="roles" label={t("roles")} />
                </Stack>
              </Radio.Group>
              {sharing.scope === "roles" && <MultiSelect label={t("rolesWhich")} data={choices} value={sharing.roles} onChange={(keys) => setSharing({ ...sharing, roles: keys })} hidePickedOptions />}
              {shared && <MultiSelect label={t("defaultFor")} description={t("defaultForHint")} data={beginners} value={defaultFor.filter((role) => beginners.some((it) => it.value === role))} onChange={setDefaultFor} error={findings.byField.default_for?.join(" ")} hidePickedOptions clearable />}
            </>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={save.isPending}>
              {t("save", { ns: "ui" })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
