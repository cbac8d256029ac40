import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ChartDocument, FigureGroup, FigurePoint, Figures } from "~/api/charts";
import { useObject } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { seriesColour } from "../colours";
import { useFigures } from "../figures";
import type { ChartData, Group, Point } from "./data";

const NUMBER = { notation: "compact", maximumFractionDigits: 1 } as const;

/** How values of a measure are written: exactly, and short at an axis. */
export function useChartWords() {
  const figures = useFigures();
  const language = useLanguage();
  return useMemo(
    () => ({
      valueText(value: string | number | null, { measure, main_currency }: Pick<Figures, "measure" | "main_currency">): string {
        if (measure.type === "amount") return figures.amount(value === null ? null : String(value), main_currency);
        return measure.type === "percent" ? figures.percent(value) : figures.count(value);
      },
      axis({ measure, main_currency }: Pick<Figures, "measure" | "main_currency">): (value: number) => string {
        const compact = new Intl.NumberFormat(language, NUMBER);
        if (measure.type === "amount") return (value) => figures.compact(String(value), main_currency);
        return measure.type === "percent" ? (value) => figures.percent(compact.format(value)) : (value) => compact.format(value);
      },
    }),
    [figures, language],
  );
}

/** The answer of the server as a chart draws it. */
export function useChartData(chart: ChartDocument, answer: Figures | undefined): ChartData | undefined {
  const { t } = useTranslation("charts");
  const label = useLabel();
  const words = useChartWords();
  const object = useObject(chart.object);
  return useMemo(() => {
    if (!answer) return undefined;
    const nameOf = (one: { label?: string | null; rest?: boolean }) => (one.rest ? t("rest") : one.label || t("none"));
    const point = (one: FigurePoint, name: string): Point => ({
      key: one.rest ? "rest" : (one.key ?? ""),
      label: name,
      value: one.value === null ? null : Number(one.value),
      text: words.valueText(one.value, answer),
      address: one.behind?.value,
    });
    const series = answer.series?.length ? answer.series : undefined;
    const group = (one: FigureGroup): Group => ({
      ...point(one, nameOf(one)),
      ...(series && {
        series: series.map((of, at) => {
          const found = one.series?.find((it) => it.key === of.key && Boolean(it.rest) === Boolean(of.rest));
          const made = point(found ?? { key: of.key, rest: of.rest, value: null }, nameOf(of));
          return { ...made, colour: seriesColour(at) };
        }),
      }),
    });
    const field = object?.fields.find((it) => it.key === chart.group?.field);
    return {
      groups: answer.groups.map(group),
      series: series?.map((one, at) => ({ key: one.rest ? "rest" : (one.key ?? ""), label: nameOf(one), colour: seriesColour(at) })),
      total: { key: "total", label: t("total"), value: answer.total.value === null ? null : Number(answer.total.value), text: words.valueText(answer.total.value, answer), address: answer.total.behind?.value },
      heads: { group: field ? label(field.label) : label(object?.label), measure: measureName(answer, label, t) },
      axis: words.axis(answer),
    };
  }, [answer, chart.group?.field, object, label, t, words]);
}

function measureName({ measure }: Figures, label: ReturnType<typeof useLabel>, t: (key: never, values?: Record<string, string>) => string): string {
  if (measure.kind === "count") return t("kinds.count" as never);
  return t(`measured.${measure.kind}` as never, { field: label(measure.label) });
}
