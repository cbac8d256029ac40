import { Alert, Button, Checkbox, CopyButton, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./account.module.css";

/** Recovery codes, shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("account");
  const [kept, setKept] = useState(false);
  const text = codes.join("\n");
  return (
    <Stack gap="sm">
      <Alert color="brand" variant="light" role="status" title={t("recoveryTitle")}>
        {t("recoveryHint")}
      </Alert>
      <ol className={classes.codes} aria-label={t("recoveryCodes")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap="sm">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("copied") : t("copyAll")}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" component="a" href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`} download="stagecraft-recovery-codes.txt">
          {t("download")}
        </Button>
      </Group>
      <Checkbox label={t("keptCodes")} checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />
      <Group justify="flex-end">
        <Button onClick={onDone} disabled={!kept}>
          {t("done")}
        </Button>
      </Group>
    </Stack>
  );
}
