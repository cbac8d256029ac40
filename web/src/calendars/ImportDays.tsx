import { Button, FileButton, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { messageOf } from "~/api/problem";
import type { SpecialDay } from "./calendar";

type Read = { days: SpecialDay[]; unread: { line: number; text: string }[] };

/** Days out of a calendar file, a table or typed lines; the server reads them. */
export function ImportDays({ onClose, onRead }: { onClose: () => void; onRead: (days: SpecialDay[]) => void }) {
  const { t } = useTranslation("calendars");
  const [text, setText] = useState("");
  const read = useMutation({ mutationFn: (text: string) => post<Read>("/calendars/days", { text }) });
  const found = read.data?.days ?? [];
  return (
    <Modal opened onClose={onClose} title={t("import")} size="lg">
      <Stack gap="sm">
        <Textarea
          label={t("importText")}
          autosize
          minRows={5}
          maxRows={12}
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            read.reset();
          }}
        />
        <FileButton
          accept=".ics,.csv,.txt,text/calendar,text/csv,text/plain"
          onChange={async (file) => {
            if (!file) return;
            const content = await file.text();
            setText(content);
            read.mutate(content);
          }}
        >
          {(props) => (
            <Button {...props} variant="default" size="compact-sm" style={{ alignSelf: "start" }}>
              {t("importFile")}
            </Button>
          )}
        </FileButton>
        {read.isError && (
          <Text role="alert" c="var(--danger)">
            {messageOf(read.error)}
          </Text>
        )}
        {read.data && found.length === 0 && <Text role="alert">{t("importNothing")}</Text>}
        {read.data?.unread.map((one) => (
          <Text key={one.line} size="sm" c="var(--danger)">
            {t("importUnread", one)}
          </Text>
        ))}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          {found.length > 0 ? (
            <Button
              onClick={() => {
                onRead(found);
                onClose();
              }}
            >
              {t("importAdd", { count: found.length })}
            </Button>
          ) : (
            <Button disabled={!text.trim()} loading={read.isPending} onClick={() => read.mutate(text)}>
              {t("importRead")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
