import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { told } from "~/objects/told";
import { readRates } from "./currentRates";

/** Many rates at once, from a table or a list: all of them or none. */
export function PasteRates({ onClose, onSet }: { onClose: () => void; onSet: () => void }) {
  const { t } = useTranslation("organisation");
  const [text, setText] = useState("");
  const { rates, wrong } = readRates(text);
  const save = useMutation({
    mutationFn: () => post<{ count: number }>("/currency-rates/many", { rates }),
    onSuccess: ({ count }) => {
      told(t("ratesPasted", { count }));
      onSet();
      onClose();
    },
  });
  const paths = rates.flatMap((_, at) => ["currency", "day", "rate"].map((field) => `rates/${at}/${field}`));
  const findings = findingsOfError(save.error, paths);
  const refused = [...Object.entries(findings.byField).map(([path, messages]) => `${rates[Number(path.split("/")[1])]?.currency ?? path}: ${messages?.join(" ")}`), ...findings.general];
  return (
    <Modal opened onClose={onClose} title={t("ratesPaste")} size="lg">
      <Stack gap="sm">
        <Textarea
          label={t("ratesPasteLabel")}
          placeholder={"EUR, 2026-11-23, 1.08\nGBP, 2026-11-23, 1.27"}
          autosize
          minRows={6}
          maxRows={14}
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            save.reset();
          }}
        />
        {wrong.map((one) => (
          <Text key={one.line} size="sm" c="var(--danger)">
            {t("ratesPasteLine", one)}
          </Text>
        ))}
        {refused.map((message) => (
          <Text key={message} role="alert" size="sm" c="var(--danger)">
            {message}
          </Text>
        ))}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button disabled={rates.length === 0 || wrong.length > 0} loading={save.isPending} onClick={() => save.mutate()}>
            {t("ratesPasteAdd", { count: rates.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
