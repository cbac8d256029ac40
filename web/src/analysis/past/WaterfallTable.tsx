import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Waterfall } from "~/api/past";
import type { Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { MEASURES, type Measure } from "../pipeline/standing";
import classes from "./past.module.css";
import { reachOf, stepsOf, toneOf, type Step } from "./waterfall";

/** How a pipeline went from one day to another: a line for each thing that happened, drawn from where it stood to where it came. */
export function WaterfallTable({ data, label, measure }: { data: Waterfall; label: string; measure: Measure }) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const steps = stepsOf(data, measure);
  const reach = reachOf(steps);
  const shown = MEASURES.filter((one) => data.opening[one] !== null && data.opening[one] !== undefined);
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t("what")}</th>
          <td aria-hidden />
          <th scope="col" data-figures>
            {words("figures.count")}
          </th>
          {shown
            .filter((one) => one !== "count")
            .map((one) => (
              <th key={one} scope="col" data-figures data-chosen={one === measure || undefined}>
                {words(`figures.${one}`)}
              </th>
            ))}
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <Line key={step.key} step={step} data={data} reach={reach} shown={shown} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ step, data, reach, shown }: { step: Step; data: Waterfall; reach: { least: number; most: number }; shown: Measure[] }) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const language = useLanguage();
  const figures = useFigures();
  const tone = toneOf(step);
  const place = (value: number) => ((value - reach.least) / (reach.most - reach.least)) * 100;
  const [start, end] = [Math.min(step.from, step.to), Math.max(step.from, step.to)];
  const stands = tone === "stands";
  const name = step.key === "opening" || step.key === "closing" ? t(step.key, { day: formatDay(step.key === "opening" ? data.from : data.to, language) }) : t(`parts.${step.key}`);
  // How much each of the deals has to do with it, in what is looked at.
  const change = (record: Rec, one: Measure) => {
    const value = (record as Rec & { change?: Partial<Record<Measure, string | number | null>> }).change?.[one];
    return one === "count" ? figures.count(value) : figures.amount(value == null ? value : String(value), data.main_currency);
  };
  const more = (figure: Measure) => (stands || figure === "count" ? undefined : [{ key: "change", title: t("changed", { figure: words(`figures.${figure}`) }), show: (record: Rec) => change(record, figure) }]);
  const link = (figure: Measure, text: string) => (
    <BehindLink more={more(figure)} address={step.of.behind?.[figure]} title={words("of", { figure: words(`figures.${figure}`), name })}>
      {text}
    </BehindLink>
  );
  return (
    <tr data-part={step.key} data-stands={stands || undefined}>
      <th scope="row" title={step.key === "opening" || step.key === "closing" ? undefined : t(`hints.${step.key}`)}>
        {name}
      </th>
      <td className={classes.trackCell} aria-hidden>
        <span className={classes.track}>
          <span className={classes.step} data-tone={tone} style={{ insetInlineStart: `${place(start)}%`, width: `${Math.max(0.4, place(end) - place(start))}%` }} />
        </span>
      </td>
      <td data-figures data-figure="count" data-label={words("figures.count")}>
        <Way value={stands ? 0 : step.of.count} />
        {link("count", figures.count(step.deals))}
      </td>
      {shown
        .filter((one) => one !== "count")
        .map((one) => (
          <td key={one} data-figures data-figure={one} data-label={words(`figures.${one}`)}>
            <Way value={stands ? 0 : Number(step.of[one])} />
            {link(one, figures.amount(step.of[one], data.main_currency))}
          </td>
        ))}
    </tr>
  );
}

/** Whether it adds or takes away; the figure itself says so to those who cannot see it, or the line's name does. */
function Way({ value }: { value: number }) {
  if (!value) return null;
  return value > 0 ? <IconArrowUp size={13} aria-hidden className={classes.more} /> : <IconArrowDown size={13} aria-hidden className={classes.less} />;
}
