import { useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";

/** Leads to the guides: to what they say of refusals and of what cannot be found, where nothing else is said. */
export function HelpLink({ to = "/docs/user-guide#when-something-does-not-work" }: { to?: string }) {
  const { t } = useTranslation("ui");
  const chinese = useLanguage() === "zh-CN" && to.startsWith("/docs/user-guide");
  return (
    <a href={chinese ? "/docs/zh/user-guide" : to} target="_blank" rel="noreferrer">
      {t("help")}
    </a>
  );
}
