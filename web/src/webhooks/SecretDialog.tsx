import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Tabs, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./webhooks.module.css";

const SNIPPETS = {
  "Node.js": `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

// The raw body, as it came, before anything parses it.
const event = webhook.verify(rawBody, request.headers);`,
  Python: `from standardwebhooks.webhooks import Webhook

webhook = Webhook(os.environ["WEBHOOK_SECRET"])

# The raw body, as it came, before anything parses it.
event = webhook.verify(request.get_data(), request.headers)`,
  Go: `wh, err := standardwebhooks.NewWebhook(os.Getenv("WEBHOOK_SECRET"))
if err != nil {
    return err
}

// The raw body, as it came, before anything parses it.
err = wh.Verify(body, request.Header)`,
};

/** How a receiver checks what it is sent. */
export function Verification() {
  const { t } = useTranslation("webhooks");
  return (
    <div>
      <Text fw={550}>{t("verify")}</Text>
      <Text size="sm" c="dimmed" mb="xs">
        {t("verifyHint")}
      </Text>
      <Tabs defaultValue="Node.js">
        <Tabs.List>
          {Object.keys(SNIPPETS).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(SNIPPETS).map(([name, text]) => (
          <Tabs.Panel key={name} value={name} pt="xs">
            <pre className={classes.code} tabIndex={0} aria-label={name}>
              {text}
            </pre>
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

/** The secret, shown this once. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  return (
    <Modal opened size="lg" title={t("secretTitle")} onClose={onClose} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack gap="md">
        <Alert color="brand" variant="light" role="status">
          <Text size="sm" mb="xs">
            {t("secretOnce")}
          </Text>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <Code className={classes.secret}>{secret}</Code>
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy} className={classes.keep}>
                  {t(copied ? "copied" : "copy")}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Alert>
        <Verification />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
