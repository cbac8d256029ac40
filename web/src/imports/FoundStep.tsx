import { Accordion, ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile } from "~/api/imports";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { FileFacts, FileMarks, FilePanel, openDates } from "./FilePanel";
import classes from "./imports.module.css";
import { UploadZone } from "./UploadZone";
import { useFile } from "./useImports";

type Props = {
  files: string[];
  busy: boolean;
  onCorrected: (before: ImportFile, after: ImportFile) => void;
  onMore: (files: ImportFile[]) => void;
  onRemove: (file: string) => void;
  onNext: () => void;
};

/** What was found in the files. One alone, and those with a question, lie open; the others are a line each. */
export function FoundStep({ files, busy, onCorrected, onMore, onRemove, onNext }: Props) {
  const { t } = useTranslation("imports");
  const [opened, setOpened] = useState<string[]>(files.length === 1 ? files : []);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("foundHint")}
      </Text>
      <Accordion multiple variant="separated" value={opened} onChange={setOpened} classNames={{ item: classes.foldItem, label: classes.foldLabel, content: classes.foldContent }}>
        {files.map((file) => (
          <FileItem key={file} id={file} onCorrected={onCorrected} onRemove={files.length > 1 ? () => onRemove(file) : undefined} onQuestion={() => setOpened((now) => (now.includes(file) ? now : [...now, file]))} />
        ))}
      </Accordion>
      <UploadZone compact onFiles={onMore} />
      <Group justify="flex-end">
        <Button onClick={onNext} loading={busy}>
          {t("toMapping")}
        </Button>
      </Group>
    </Stack>
  );
}

function FileItem({ id, onCorrected, onRemove, onQuestion }: { id: string; onCorrected: Props["onCorrected"]; onRemove?: () => void; onQuestion: () => void }) {
  const { t } = useTranslation("imports");
  const file = useFile(id);
  const asks = file.data !== undefined && openDates(file.data).length > 0;
  const question = useEffectEvent(onQuestion);
  useEffect(() => {
    if (asks) question();
  }, [asks]);
  return (
    <Accordion.Item value={id}>
      <div className={classes.foldHead}>
        <Accordion.Control disabled={!file.data}>
          <Group gap="xs">
            <b>{file.data?.name ?? "…"}</b>
            {file.data && <FileFacts file={file.data} />}
            {file.data && <FileMarks file={file.data} />}
          </Group>
        </Accordion.Control>
        {onRemove && (
          <ActionIcon aria-label={t("remove", { name: file.data?.name ?? "" })} onClick={onRemove} mr="xs">
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
      {file.isError && <ErrorState compact error={file.error} onRetry={() => void file.refetch()} />}
      {file.isPending && <RowSkeletons rows={2} />}
      <Accordion.Panel>{file.data && <FilePanel file={file.data} onCorrected={onCorrected} />}</Accordion.Panel>
    </Accordion.Item>
  );
}
