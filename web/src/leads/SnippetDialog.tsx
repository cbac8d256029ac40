import { Anchor, Button, CopyButton, Group, Loader, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSnippet, type WebForm } from "~/api/leadAdmin";
import { ErrorState } from "~/ui/ErrorState";

/** HTML to put a form on a page, and the address of its own page. */
export function SnippetDialog({ form, onClose }: { form: WebForm; onClose: () => void }) {
  const { t } = useTranslation("leads");
  const snippet = useSnippet(form);
  return (
    <Modal opened onClose={onClose} size={720} title={t("embedTitle", { name: form.name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {snippet.isError && <ErrorState compact error={snippet.error} onRetry={() => void snippet.refetch()} />}
      {snippet.isPending && <Loader size={20} />}
      {snippet.data && (
        <Stack gap="md">
          <Text size="sm">
            {t("ownPage")}{" "}
            <Anchor href={`/api/v1/public/leads/${form.public_key}`} target="_blank" rel="noreferrer" style={{ overflowWrap: "anywhere" }}>
              {snippet.data.page}
            </Anchor>
          </Text>
          <Textarea label={t("html")} description={t("htmlHint")} readOnly autosize minRows={8} maxRows={18} value={snippet.data.html} styles={{ input: { fontFamily: "monospace", fontSize: 12.5 } }} />
          <Group justify="flex-end">
            <CopyButton value={snippet.data.html}>
              {({ copied, copy }) => (
                <Button leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />} onClick={copy}>
                  {t(copied ? "copied" : "copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
