import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StageConversion } from "~/api/analysis";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import classes from "./conversion.module.css";

/** What holds for the whole process: its deals, the won ones, how long winning takes and what it brings. */
export function Summary({ data }: { data: StageConversion }) {
  const { t } = useTranslation("conversion");
  const figures = useFigures();
  const entries = [
    { key: "deals", word: "deals", text: figures.count(data.deals), hint: undefined },
    { key: "won", word: "won", text: figures.count(data.won), hint: t("hints.won") },
    { key: "cycle", word: "cycle", text: figures.duration(data.sales_cycle_seconds), hint: t("hints.cycle") },
    { key: "size", word: "size", text: figures.amount(data.average_deal_size, data.main_currency), hint: t("hints.size") },
  ] as const;
  return (
    <dl className={classes.summary}>
      {entries.map(({ key, word, text, hint }) => (
        <div key={key}>
          <Tooltip label={hint} disabled={!hint} multiline maw={300}>
            <dt>{t(word)}</dt>
          </Tooltip>
          <dd>
            <BehindLink address={data.behind?.[key]} title={t(word)}>
              {text}
            </BehindLink>
          </dd>
        </div>
      ))}
    </dl>
  );
}
