import { ActionIcon, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StageLink } from "~/api/processes";
import classes from "./pipelines.module.css";
import { textAt, type Problem } from "./problems";

/** Pages that help in a stage. */
export function LinksEditor({ links, problems, onChange }: { links: StageLink[]; problems: Problem[]; onChange: (links: StageLink[]) => void }) {
  const { t } = useTranslation("pipelines");
  const put = (index: number, change: Partial<StageLink>) => onChange(links.map((it, position) => (position === index ? { ...it, ...change } : it)));
  return (
    <Stack gap="xs" role="group" aria-label={t("links")}>
      <Text size="sm" fw={550}>
        {t("links")}
      </Text>
      {links.map((link, index) => (
        <div key={index} className={classes.link}>
          <TextInput aria-label={t("linkLabel")} placeholder={t("linkLabel")} value={link.label} error={textAt(problems, "links", index, "label")} onChange={(event) => put(index, { label: event.currentTarget.value })} />
          <TextInput aria-label={t("linkUrl")} placeholder="https://" type="url" value={link.url} error={textAt(problems, "links", index, "url")} onChange={(event) => put(index, { url: event.currentTarget.value })} />
          <ActionIcon aria-label={t("removeLink", { label: link.label })} onClick={() => onChange(links.filter((_, position) => position !== index))}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button variant="subtle" size="compact-sm" ml={-8} w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => onChange([...links, { label: "", url: "" }])}>
        {t("addLink")}
      </Button>
    </Stack>
  );
}
