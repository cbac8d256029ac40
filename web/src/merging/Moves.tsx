import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./merging.module.css";
import { en } from "./texts";

/** How much moves along, by kind. */
export function Moves({ moved }: { moved: Record<string, number> }) {
  const { t } = useTranslation("merging");
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const called = (key: string) => (key in en.kinds ? t(`kinds.${key as keyof typeof en.kinds}`) : label(objects.find((one) => one.key === key)?.plural) || key);
  const kinds = Object.entries(moved);
  if (kinds.length === 0) return <p className={classes.fine}>{t("movesNothing")}</p>;
  return (
    <ul className={classes.kinds}>
      {kinds.map(([key, count]) => (
        <li key={key}>
          {called(key)} <strong>{formatDecimal(count, language)}</strong>
        </li>
      ))}
    </ul>
  );
}
