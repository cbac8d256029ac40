import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Behind, BehindLink } from "../Behind";
import { ChartTable } from "./ChartTable";
import classes from "./charts.module.css";
import type { ChartData, ChartType } from "./data";
import { Drawing } from "./Drawing";

type Props = { type: ChartType; data: ChartData; label: string; height?: number };

const HEIGHT = 260;

/** Figures by groups, drawn; every one of them opens the records behind it. */
export function Chart({ type, data, label, height = HEIGHT }: Props) {
  const { t } = useTranslation("charts");
  const { ref, width } = useElementSize();
  const [opened, setOpened] = useState<{ address: string; title: string }>();
  if (type === "number") {
    const point = data.total ?? data.groups[0];
    return (
      <p className={classes.number}>
        <BehindLink address={point?.address} title={label} className={classes.big}>
          {point?.text ?? "–"}
        </BehindLink>
        <span>{data.heads.measure}</span>
      </p>
    );
  }
  if (data.groups.length === 0) return <p className={classes.nothing}>{t("nothing")}</p>;
  if (type === "table") return <ChartTable data={data} label={label} />;
  return (
    <div ref={ref} className={classes.room}>
      {width > 0 && <Drawing type={type} data={data} width={Math.floor(width)} height={height} label={label} onOpen={(point, title) => point.address && setOpened({ address: point.address, title })} />}
      {opened && <Behind address={opened.address} title={opened.title} onClose={() => setOpened(undefined)} />}
    </div>
  );
}
