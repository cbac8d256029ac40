import { Alert, Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Process } from "~/api/processes";

/** Another version was published since the draft was begun: what it changed would be undone unknowingly. */
export function Overtaken({ published, basedOn, onVersions, onCarryOn }: { published: Process | null; basedOn: number; onVersions: () => void; onCarryOn: (version: number) => void }) {
  const { t } = useTranslation("pipelines");
  return (
    <Alert variant="light" color="orange" role="alert" mb="sm" title={t("outdated", { version: published?.version })}>
      <p style={{ margin: "0 0 8px" }}>{t("outdatedText", { version: basedOn })}</p>
      <Group gap="sm">
        <Button size="compact-md" variant="default" onClick={onVersions}>
          {t("lookAtVersions")}
        </Button>
        <Button size="compact-md" onClick={() => published && onCarryOn(published.version)}>
          {t("carryOn")}
        </Button>
      </Group>
    </Alert>
  );
}
