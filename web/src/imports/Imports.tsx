import { Button, Paper, Stack } from "@mantine/core";
import { IconBookmarks } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile } from "~/api/imports";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { drafted, useDraft } from "./draft";
import { DraftCard } from "./DraftCard";
import { ImportList } from "./ImportList";
import classes from "./imports.module.css";
import { Templates } from "./Templates";
import { UploadZone } from "./UploadZone";
import { proposePlan } from "./useImports";
import { WaitingFiles } from "./WaitingFiles";

/** Where imports begin: files are sent, what was begun is gone on with, and what ran is looked at. */
export function Imports() {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const { draft, setDraft } = useDraft();
  const [templates, setTemplates] = useState(false);
  const [error, setError] = useState<unknown>();
  const begin = async (files: ImportFile[]) => {
    setError(undefined);
    const ids = files.map((file) => file.id);
    try {
      setDraft(drafted(ids, await proposePlan(ids)));
    } catch (refusal) {
      setError(refusal);
      return;
    }
    await navigate({ to: "/imports/new", search: { at: "found" } });
  };
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Button variant="default" leftSection={<IconBookmarks size={16} stroke={1.7} />} onClick={() => setTemplates(true)}>
          {t("templates")}
        </Button>
      }
    >
      <Stack gap="lg">
        <Paper p="lg" className={classes.paper}>
          <UploadZone onFiles={(files) => void begin(files)} />
          {error != null && <ErrorState compact error={error} />}
        </Paper>
        {draft && <DraftCard draft={draft} />}
        <WaitingFiles taken={draft?.files ?? []} onBegin={(files) => void begin(files)} />
        <ImportList />
      </Stack>
      {templates && <Templates onClose={() => setTemplates(false)} />}
    </Page>
  );
}
