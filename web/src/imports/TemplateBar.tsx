import { Button, Group, Menu, Modal, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconBookmark, IconBookmarkPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile, ImportOptions, Template } from "~/api/imports";
import { messageOf } from "~/api/problem";
import classes from "./imports.module.css";
import { useSaveTemplate, useTemplates } from "./useImports";

type Props = { file: ImportFile; options: ImportOptions; onOptions: (change: Partial<ImportOptions>) => void };

const headersOf = (file: ImportFile) => file.columns.map((column) => column.name);
const sameHeaders = (a: string[], b: string[]) => a.length === b.length && [...a].sort().join("\n") === [...b].sort().join("\n");

/** Mappings kept under a name: those that fit the file first. */
export function TemplateBar({ file, options, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const templates = (useTemplates().data?.items ?? []).filter((it) => it.object === options.object);
  const headers = headersOf(file);
  const fitting = templates.filter((it) => sameHeaders(it.headers, headers));
  const [saving, setSaving] = useState(false);
  const use = (template: Template) => onOptions(template.options);
  // What a template would change is offered; once it holds there is nothing to offer.
  const offered = fitting.filter((it) => JSON.stringify(it.options.mapping) !== JSON.stringify(options.mapping) || it.options.mode !== (options.mode ?? "upsert"));
  return (
    <Group gap="xs">
      {offered[0] && (
        <Group className={classes.question} w="100%" justify="space-between">
          <Text size="sm">{t("templateFits", { name: offered[0].name })}</Text>
          <Button size="compact-sm" onClick={() => offered[0] && use(offered[0])}>
            {t("templateUse")}
          </Button>
        </Group>
      )}
      {templates.length > 0 && (
        <Menu position="bottom-start" width={260}>
          <Menu.Target>
            <Button size="compact-sm" variant="default" leftSection={<IconBookmark size={15} />}>
              {t("useTemplate")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {[...fitting, ...templates.filter((it) => !fitting.includes(it))].map((template) => (
              <Menu.Item key={template.id} onClick={() => use(template)} rightSection={fitting.includes(template) ? <Text size="xs">{t("fits")}</Text> : undefined}>
                {template.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button size="compact-sm" variant="default" leftSection={<IconBookmarkPlus size={15} />} onClick={() => setSaving(true)}>
        {t("saveTemplate")}
      </Button>
      {saving && <SaveDialog options={options} headers={headers} templates={templates} proposed={file.name.replace(/\.[^.]+$/, "")} onClose={() => setSaving(false)} />}
    </Group>
  );
}

function SaveDialog({ options, headers, templates, proposed, onClose }: { options: ImportOptions; headers: string[]; templates: Template[]; proposed: string; onClose: () => void }) {
  const { t } = useTranslation(["imports", "ui"]);
  const save = useSaveTemplate();
  const [name, setName] = useState(proposed);
  const [shared, setShared] = useState(false);
  const stored = templates.find((it) => it.name === name.trim() && it.can.edit);
  const submit = async () => {
    try {
      await save.mutateAsync({ stored, document: { name: name.trim(), options, headers, shared } });
    } catch {
      return;
    }
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("saveTemplate")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <TextInput data-autofocus label={t("templateName")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Switch label={t("templateShared")} description={t("templateSharedHint")} checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          {stored && (
            <Text size="sm" className={classes.prepared}>
              {t("templateReplaces", { name: stored.name })}
            </Text>
          )}
          {save.isError && (
            <Text role="alert" size="sm" c="var(--danger)">
              {messageOf(save.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("ui:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
              {t("ui:save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
