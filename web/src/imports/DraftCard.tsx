import { Button, Group, Paper, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { useDraft, type Draft } from "./draft";
import classes from "./imports.module.css";
import { fileQuery } from "./useImports";

/** An import that was begun and left: the way back to it. */
export function DraftCard({ draft }: { draft: Draft }) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const { clear } = useDraft();
  const files = useQueries({ queries: draft.files.map(fileQuery) });
  const gone = files.some((file) => file.isError);
  const names = files.map((file) => file.data?.name).filter(Boolean).join(", ");
  return (
    <Paper p="md" className={classes.draft} component="section" aria-label={t("draft")}>
      <div>
        <b>{t("draft")}</b>
        <Text size="sm" c="dimmed">
          {gone ? t("draftGone") : names || "…"}
        </Text>
      </div>
      <Group gap="sm">
        <ConfirmButton variant="default" title={t("discardTitle")} text={t("discardText")} confirm={t("discard")} danger onConfirm={async () => clear()}>
          {t("discard")}
        </ConfirmButton>
        {!gone && <Button onClick={() => void navigate({ to: "/imports/new", search: { at: draft.check ? "check" : "mapping" } })}>{t("goOn")}</Button>}
      </Group>
    </Paper>
  );
}
