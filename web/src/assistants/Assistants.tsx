import { Button, Code, CopyButton, Group, SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Assistants.module.css";
import { settingsOf, type Way } from "./settingsOf";

/** How an assistant is let in: its address, and settings that are ready to be copied. */
export function Assistants({ token }: { /** One that has just been made. */ token?: string | undefined }) {
  const { t } = useTranslation("assistants");
  const [way, setWay] = useState<Way>("http");
  const server = window.location.origin;
  const address = `${server}/mcp`;
  const snippet = settingsOf(way, server, token);
  return (
    <section aria-labelledby="assistants" className={classes.whole}>
      <h3 id="assistants" className={classes.title}>
        {t("title")}
      </h3>
      <Text c="dimmed">{t("hint")}</Text>
      <ol className={classes.steps}>
        <li>{t("step1")}</li>
        <li>
          {t("step2")}
          <Group gap="sm" mt={6}>
            <Code className={classes.address}>{address}</Code>
            <Copy value={address} of={t("address")} />
          </Group>
          <SegmentedControl
            mt="sm"
            mb={6}
            aria-label={t("way")}
            value={way}
            onChange={(value) => setWay(value === "command" ? "command" : "http")}
            data={[
              { value: "http", label: t("http") },
              { value: "command", label: t("command") },
            ]}
          />
          {way === "command" && <Text c="dimmed">{t("commandHint")}</Text>}
          <pre className={classes.snippet} tabIndex={0} role="group" aria-label={t("snippet")}>
            {snippet}
          </pre>
          <Group gap="sm">
            <Copy value={snippet} of={t("snippet")} />
            <Text c="dimmed">{t(token ? "withToken" : "withoutToken")}</Text>
          </Group>
        </li>
        <li>{t("step3")}</li>
      </ol>
      <p>
        <a href="/docs/mcp" target="_blank" rel="noreferrer">
          {t("guide")}
        </a>
      </p>
    </section>
  );
}

function Copy({ value, of }: { value: string; of: string }) {
  const { t } = useTranslation("assistants");
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="compact-sm" variant="default" onClick={copy} aria-label={`${copied ? t("copied") : t("copy")}: ${of}`}>
          {copied ? t("copied") : t("copy")}
        </Button>
      )}
    </CopyButton>
  );
}
