import { useTranslation } from "react-i18next";

/** By which way something was done, where it was not on screen; and with which of the person's tokens. */
export function Through({ via, token }: { via?: string | null | undefined; token?: string | null | undefined }) {
  const { t } = useTranslation("records");
  if (token) return <> · {t(via === "mcp" ? "throughAssistant" : "through", { name: token })}</>;
  if (!via || via === "screen") return null;
  return <> · {t(`via.${via}` as "via.api", { defaultValue: via })}</>;
}
