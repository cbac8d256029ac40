import { Button, Group, Modal, ScrollArea, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RuleHit } from "~/api/duplicates";
import type { Refs } from "~/api/types";
import { AlikeList } from "./AlikeList";
import { alikeOf } from "./matches";

type Props = { hits: RuleHit[]; refs: Refs; blocked: boolean; onAnswer: (goOn: boolean) => void };

/** What a save met: go back to what was typed, or save it all the same where rules only warn. */
export function DuplicateDialog({ hits, refs, blocked, onAnswer }: Props) {
  const { t } = useTranslation("duplicates");
  const count = alikeOf(hits).length;
  const rules = [...new Set(hits.map((hit) => hit.rule.name))];
  return (
    <Modal opened onClose={() => onAnswer(false)} size={640} zIndex={260} title={t(blocked ? "blockedTitle" : "warnedTitle")} closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <Stack gap="md">
        <Text size="md">{t(blocked ? "blockedText" : "warnedText", { count })}</Text>
        <ScrollArea.Autosize mah="52vh" type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("alikeRecords") }}>
          <AlikeList hits={hits} refs={refs} />
        </ScrollArea.Autosize>
        <Text size="xs" c="dimmed">
          {t("byRules", { count: rules.length, rules: rules.join(t("listComma")) })} {!blocked && t("isRecorded")}
        </Text>
        <Group justify="flex-end" gap="sm">
          {!blocked && (
            <Button variant="default" onClick={() => onAnswer(true)}>
              {t("saveAllTheSame")}
            </Button>
          )}
          <Button data-autofocus onClick={() => onAnswer(false)}>
            {t("goBack")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
