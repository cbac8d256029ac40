import { useTranslation } from "react-i18next";
import { EmptyState } from "~/ui/EmptyState";
import { HelpLink } from "~/ui/ErrorState";

export function NotFound() {
  const { t } = useTranslation("ui");
  return (
    <EmptyState title={t("notFoundTitle")} action={<a href="/">Stagecraft</a>}>
      {t("notFound")} <HelpLink />
    </EmptyState>
  );
}
