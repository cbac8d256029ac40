import { useTranslation } from "react-i18next";
import { EmptyState } from "~/ui/EmptyState";

export function NotFound() {
  const { t } = useTranslation("ui");
  return (
    <EmptyState title={t("notFoundTitle")} action={<a href="/">Stagecraft</a>}>
      {t("notFound")}
    </EmptyState>
  );
}
