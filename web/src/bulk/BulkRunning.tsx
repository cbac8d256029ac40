import { Alert, Loader, Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Bulk } from "~/api/bulk";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";

/** How far an act on many has come. */
export function BulkRunning({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslation("bulk");
  const language = useLanguage();
  const total = bulk.total ?? 0;
  const text = t("running", { done: formatDecimal(bulk.done, language), total: formatDecimal(total, language) });
  return (
    <Alert variant="transparent" p={0} icon={<Loader size={18} />} role="status">
      <Text size="sm" mb={8}>
        {text}
      </Text>
      <Progress value={total > 0 ? (100 * bulk.done) / total : 0} aria-label={text} />
    </Alert>
  );
}
