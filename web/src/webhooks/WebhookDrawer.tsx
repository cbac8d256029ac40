import { Button, Drawer, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Violation } from "~/api/types";
import { documentOf, useSaveWebhook, type Webhook, type WebhookDocument } from "~/api/webhooks";
import { isComplete } from "~/conditions/complete";
import { GeneralFindings } from "~/fields/FieldForm";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import frame from "~/objects/objects.module.css";
import { told } from "~/objects/told";
import { Subscriptions } from "./Subscriptions";

const PARTS = ["name", "description", "address", "subscriptions"];
const partOf = ({ path }: Violation) => (path ?? "").split("/")[0] ?? "";

/** A webhook: new, or one to change. */
export function WebhookDrawer({ webhook, onClose, onSaved }: { webhook?: Webhook; onClose: () => void; onSaved: (webhook: Webhook) => void }) {
  const { t } = useTranslation("webhooks");
  const objects = useObjects();
  const first = objects.find((it) => it.key === "opportunity")?.key ?? objects[0]?.key ?? "";
  const [base, setBase] = useState(webhook);
  const [draft, setDraft] = useState<WebhookDocument>(
    webhook ? documentOf(webhook) : { name: "", description: "", address: "", active: true, subscriptions: [{ object: first, acts: ["create", "edit"], condition: null }] },
  );
  const save = useSaveWebhook();
  const set = (change: Partial<WebhookDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => ({ ...now, ...change }));
  };
  const present = isConflict(save.error) ? (save.error.record as unknown as Webhook | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const textAt = (part: string) => violations.filter((it) => it.path === part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.includes(partOf(it))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const complete = draft.subscriptions.every((it) => isComplete(it.condition));
  const submit = (over: Webhook | undefined = base) =>
    save.mutate(
      { document: { ...draft, name: draft.name.trim() }, over },
      {
        onSuccess: (saved) => {
          told(t("saved", { name: saved.name }));
          onSaved(saved);
        },
      },
    );

  return (
    <Drawer opened position="right" size={680} onClose={onClose} closeOnClickOutside={webhook ? same(draft, documentOf(webhook)) : draft.name === ""} title={webhook ? t("editTitle", { name: webhook.name }) : t("new")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="lg">
          {present ? (
            <Meanwhile
              rows={[
                { name: t("name"), now: present.name, mine: draft.name, differs: present.name !== draft.name },
                { name: t("address"), now: present.address, mine: draft.address, differs: present.address !== draft.address },
                { name: t("active"), now: t(present.active ? "yes" : "no", { ns: "ui" }), mine: t(draft.active ? "yes" : "no", { ns: "ui" }), differs: present.active !== draft.active },
              ].filter((row) => row.differs)}
              busy={save.isPending}
              onKeepMine={() => submit(present)}
              onTakeTheirs={() => {
                setBase(present);
                setDraft(documentOf(present));
                save.reset();
              }}
            />
          ) : (
            <GeneralFindings findings={{ byField: {}, general: loose }} />
          )}
          <TextInput data-autofocus label={t("name")} withAsterisk value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <TextInput type="url" label={t("address")} description={t("addressHint")} withAsterisk placeholder="https://hooks.example.com/stagecraft" value={draft.address} error={textAt("address")} onChange={(event) => set({ address: event.currentTarget.value })} />
          <Textarea label={t("description")} description={t("descriptionHint")} autosize minRows={1} value={draft.description} error={textAt("description")} onChange={(event) => set({ description: event.currentTarget.value })} />
          <Subscriptions value={draft.subscriptions} findings={violations.filter((it) => partOf(it) === "subscriptions")} onChange={(subscriptions) => set({ subscriptions })} />
          <Switch label={t("active")} description={t("activeHint")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <div className={frame.foot}>
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={present !== undefined || !complete || (webhook !== undefined && same(draft, documentOf(webhook)))}>
              {t(webhook ? "save" : "create")}
            </Button>
          </div>
        </Stack>
      </form>
    </Drawer>
  );
}
