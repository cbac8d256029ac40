import { ActionIcon, Button, Checkbox, Group, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile } from "~/api/imports";
import { Instant } from "~/ui/Instant";
import { FileFacts } from "./FilePanel";
import classes from "./imports.module.css";
import { useRemoveFile, useWaitingFiles } from "./useImports";

/** Files that were sent and have not come in yet. */
export function WaitingFiles({ taken, onBegin }: { taken: string[]; onBegin: (files: ImportFile[]) => void }) {
  const { t } = useTranslation("imports");
  const remove = useRemoveFile();
  const [chosen, setChosen] = useState<string[]>([]);
  const files = (useWaitingFiles().data?.items ?? []).filter((file) => !taken.includes(file.id));
  const picked = files.filter((file) => chosen.includes(file.id));
  if (files.length === 0) return null;
  return (
    <section aria-label={t("waitingFiles")}>
      <Group justify="space-between" mb="xs">
        <h2 className={classes.subtitle}>{t("waitingFiles")}</h2>
        <Button size="compact-md" disabled={picked.length === 0} onClick={() => onBegin(picked)}>
          {t("beginWith", { count: picked.length })}
        </Button>
      </Group>
      <ul className={classes.waiting}>
        {files.map((file) => (
          <li key={file.id}>
            <Checkbox aria-label={t("chooseFile", { name: file.name })} checked={chosen.includes(file.id)} onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, file.id] : chosen.filter((it) => it !== file.id))} />
            <div className={classes.waitingName}>
              <b>{file.name}</b> <FileFacts file={file} />
              <Text size="xs" c="dimmed">
                {t("waitsUntil")} <Instant value={file.expires_at} />
              </Text>
            </div>
            <ActionIcon aria-label={t("remove", { name: file.name })} loading={remove.isPending && remove.variables === file.id} onClick={() => remove.mutate(file.id)}>
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
