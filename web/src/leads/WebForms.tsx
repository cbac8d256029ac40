import { ActionIcon, Badge, Button, Group } from "@mantine/core";
import { IconCode, IconExternalLink, IconForms, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeleteWebForm, useWebForms, type WebForm } from "~/api/leadAdmin";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { Listed } from "~/ui/Listed";
import { SnippetDialog } from "./SnippetDialog";
import { WebFormDrawer } from "./WebFormDrawer";
import classes from "./leads.module.css";

/** Forms on websites by which leads come in. */
export function WebForms({ opened, onOpen }: { opened: string | undefined; onOpen: (id: string | undefined) => void }) {
  const { t } = useTranslation("leads");
  const label = useLabel();
  const object = useObject("lead");
  const forms = useWebForms();
  const remove = useDeleteWebForm();
  const [removed, setRemoved] = useState<WebForm>();
  const [copied, setCopied] = useState<WebForm>();
  const items = forms.data?.items ?? [];
  const refs = forms.data?.refs ?? {};
  const edited = items.find((form) => form.id === opened);
  const fieldsOf = (form: WebForm) => form.fields.map((it) => it.label || label(object?.fields.find((field) => field.key === it.field)?.label) || it.field).join(t("comma"));
  const whose = ({ assignment }: WebForm) => (assignment.by === "person" ? t("goesTo", { name: refs[assignment.person]?.name ?? "…" }) : t(`goes.${assignment.by}`));
  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <p className={classes.fine}>{t("formsHint")}</p>
        <Button leftSection={<IconPlus size={16} />} onClick={() => onOpen("new")}>
          {t("newForm")}
        </Button>
      </Group>
      <Listed query={forms} rows={4} height={30} none={items.length === 0} icon={IconForms} title={t("noForms")} hint={t("noFormsHint")}>
        <ul className={classes.rules} aria-label={t("tabs.forms")}>
          {items.map((form) => (
            <li key={form.id} className={classes.rule} data-off={!form.active || undefined}>
              <div className={classes.what}>
                <button type="button" className={classes.name} onClick={() => onOpen(form.id)}>
                  {form.name}
                </button>
                <p className={classes.fine}>{fieldsOf(form)}</p>
              </div>
              <div className={classes.whom}>
                <span>{whose(form)}</span>
                {!form.active && <Badge color="gray">{t("formOff")}</Badge>}
              </div>
              <span className={classes.acts}>
                <Button size="compact-sm" variant="default" leftSection={<IconCode size={15} />} onClick={() => setCopied(form)}>
                  {t("embed")}
                </Button>
                {form.active && (
                  <ActionIcon component="a" href={`/api/v1/public/leads/${form.public_key}`} target="_blank" rel="noreferrer" aria-label={`${t("preview")}: ${form.name}`}>
                    <IconExternalLink size={16} />
                  </ActionIcon>
                )}
                <ActionIcon aria-label={`${t("edit")}: ${form.name}`} onClick={() => onOpen(form.id)}>
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon aria-label={`${t("delete")}: ${form.name}`} onClick={() => setRemoved(form)}>
                  <IconTrash size={16} />
                </ActionIcon>
              </span>
            </li>
          ))}
        </ul>
      </Listed>
      {forms.data && (opened === "new" || edited) && <WebFormDrawer key={opened} form={edited} onClose={() => onOpen(undefined)} onMade={setCopied} />}
      {copied && <SnippetDialog form={copied} onClose={() => setCopied(undefined)} />}
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("deleteFormTitle", { name: removed?.name ?? "" })}
        text={t("deleteFormText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await remove.mutateAsync(removed);
          told(t("deleted", { name: removed.name }));
        }}
      />
    </>
  );
}
