import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { BehindLink } from "~/analysis/Behind";
import { useChartWords } from "~/analysis/charts/useChartData";
import { useFiguresOf, type ChartDocument } from "~/api/charts";
import type { Label } from "~/api/types";
import { useLabel } from "~/i18n";
import { emsOf } from "../emsOf";
import classes from "../Home.module.css";
import type { CardProps } from "../kinds";

type Item = { label?: Partial<Label>; chart: ChartDocument };

/** A few figures side by side; each opens what is behind it. */
export function FiguresCard({ card }: CardProps) {
  const { t } = useTranslation("home");
  const items = Array.isArray(card.settings.items) ? (card.settings.items as Item[]) : [];
  return (
    <section className={classes.figures} aria-label={card.title ?? t("kinds.figures")}>
      {items.map((item, at) => (
        <Figure key={at} item={item} />
      ))}
    </section>
  );
}

function Figure({ item }: { item: Item }) {
  const label = useLabel();
  const words = useChartWords();
  const asked = useFiguresOf(item.chart);
  const title = label(item.label);
  const text = asked.data ? words.valueText(asked.data.total.value, asked.data) : asked.isError ? "–" : "\u00a0";
  return (
    <div className={classes.figure}>
      <BehindLink address={asked.data?.total.behind?.value} title={title} className={classes.number} style={{ "--ems": emsOf(text).toFixed(2) } as CSSProperties}>
        {text}
      </BehindLink>
      <span className={classes.what}>{title}</span>
    </div>
  );
}
