import { ActionIcon, Badge, Drawer, Group, Menu, Text, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Template, TemplateDocument } from "~/api/imports";
import { messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./imports.module.css";
import { useDeleteTemplate, useSaveTemplate, useTemplates } from "./useImports";

/** Mappings kept under names: renamed, shared, deleted. */
export function Templates({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("imports");
  const templates = useTemplates();
  return (
    <Drawer opened onClose={onClose} position="right" size={460} title={t("templates")}>
      <Text size="sm" c="dimmed" mb="md">
        {t("templatesHint")}
      </Text>
      {templates.isError && <ErrorState compact error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.isPending && <RowSkeletons rows={4} />}
      {templates.data?.items.length === 0 && <EmptyState title={t("noTemplates")} />}
      <ul className={classes.waiting}>
        {templates.data?.items.map((template) => (
          <TemplateLine key={template.id} template={template} />
        ))}
      </ul>
    </Drawer>
  );
}

function TemplateLine({ template }: { template: Template }) {
  const { t } = useTranslation(["imports", "ui"]);
  const label = useLabel();
  const object = useObject(template.object);
  const save = useSaveTemplate();
  const remove = useDeleteTemplate();
  const [naming, setNaming] = useState<string>();
  const [deleting, setDeleting] = useState(false);
  const document: TemplateDocument = { name: template.name, options: template.options, headers: template.headers, shared: template.shared };
  const change = (by: Partial<TemplateDocument>) => save.mutate({ stored: template, document: { ...document, ...by } });
  const rename = () => {
    const name = naming?.trim();
    setNaming(undefined);
    if (name && name !== template.name) change({ name });
  };
  return (
    <li>
      <div className={classes.waitingName}>
        {naming !== undefined ? (
          <TextInput size="xs" aria-label={t("templateName")} autoFocus value={naming} onChange={(event) => setNaming(event.currentTarget.value)} onBlur={rename} onKeyDown={(event) => (event.key === "Enter" ? rename() : event.key === "Escape" && setNaming(undefined))} />
        ) : (
          <b>{template.name}</b>
        )}
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            {label(object?.plural) || template.object}
          </Text>
          {template.shared && <Badge size="sm">{t("templateIsShared")}</Badge>}
        </Group>
        {(save.isError || remove.isError) && (
          <Text size="xs" c="var(--danger)" role="alert">
            {messageOf(save.error ?? remove.error)}
          </Text>
        )}
      </div>
      {template.can.edit && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t("templateActs", { name: template.name })} loading={save.isPending}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setNaming(template.name)}>{t("rename")}</Menu.Item>
            <Menu.Item onClick={() => change({ shared: !template.shared })}>{t(template.shared ? "unshare" : "share")}</Menu.Item>
            <Menu.Item color="var(--danger)" onClick={() => setDeleting(true)}>
              {t("ui:delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmDialog opened={deleting} onClose={() => setDeleting(false)} title={t("templateDelete", { name: template.name })} text={t("templateDeleteText")} confirm={t("ui:delete")} danger onConfirm={() => remove.mutateAsync(template)} />
    </li>
  );
}
