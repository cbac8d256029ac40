import { Alert, Button, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnswerJoin, type JoinAnswer } from "~/api/duplicates";
import { findingsOfError } from "~/api/problem";
import { told } from "~/objects/told";

type Props = { id: string; act: JoinAnswer["act"]; name: string; record: string; onClose: () => void };

/** Answers a request: lets somebody in with a level, declines with a word, or takes back one's own. */
export function JoinDialog({ id, act, name, record, onClose }: Props) {
  const { t } = useTranslation("duplicates");
  const [level, setLevel] = useState<"read" | "read_write">("read");
  const [word, setWord] = useState("");
  const answer = useAnswerJoin(id);
  const submit = () => {
    const said = word.trim() || undefined;
    answer.mutate(act === "accept" ? { act, level, answer: said } : act === "decline" ? { act, answer: said } : { act }, {
      onSuccess: () => {
        told(t(act === "accept" ? "accepted" : act === "decline" ? "declined" : "withdrawnDone", { name }));
        onClose();
      },
    });
  };
  return (
    <Modal opened onClose={onClose} title={t(`${act}Title`, { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="md">{t(`${act}Text`, { name, record })}</Text>
          {act === "accept" && (
            <Radio.Group label={t("level")} value={level} onChange={(next) => setLevel(next as typeof level)}>
              <Stack gap={8} mt={6}>
                {(["read", "read_write"] as const).map((it) => (
                  <Radio key={it} value={it} label={t(`levels.${it}`)} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {act !== "withdraw" && <Textarea label={t("answer")} autosize minRows={2} data-autofocus value={word} onChange={(event) => setWord(event.currentTarget.value)} />}
          {answer.isError && (
            <Alert color="red" variant="light" role="alert">
              {findingsOfError(answer.error, []).general.map((message) => (
                <div key={message}>{message}</div>
              ))}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={answer.isPending}>
              {t(act)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
