import type { StageConversion } from "~/api/analysis";
import { labelIn } from "~/i18n";
import type { Language } from "~/api/types";
import { PARTS } from "../colours";
import type { Figures } from "../figures";
import { textOf, WORDS } from "./cells";

const ROW = 74;
const TOP = 78;
const NAME = 170;

type Props = { data: StageConversion; width: number; figures: Figures; language: Language; t: (key: string) => string };

/** The stage conversion as a picture that stands alone. Drawn apart from the page, it is handed its words. */
export function ConversionPicture({ data, width, figures, language, t }: Props) {
  const most = Math.max(1, ...data.stages.map((stage) => stage.total));
  const room = width - NAME;
  const head = [`${t("deals")}: ${figures.count(data.deals)}`, `${t("won")}: ${figures.count(data.won)}`, `${t("cycle")}: ${figures.duration(data.sales_cycle_seconds)}`, `${t("size")}: ${figures.amount(data.average_deal_size, data.main_currency)}`];
  return (
    <svg width={width} height={TOP + data.stages.length * ROW} fontSize={12} fill="var(--ink)">
      <Hatch />
      <text y={14}>{[data.process.name, ...head].join("   ·   ")}</text>
      {PARTS.map((part, index) => (
        <g key={part} transform={`translate(${NAME + index * 140} 32)`}>
          <Block part={part} x={0} width={14} height={14} />
          <text x={20} y={12}>
            {t(part)}
          </text>
        </g>
      ))}
      {data.stages.map((stage, index) => {
        let x = NAME;
        const unit = (Math.max(0.04, stage.total / most) * room) / Math.max(1, stage.total);
        const beneath = (["total", "amount", "average", "lost", "loss_rate", "conversion"] as const).map((figure) => `${t(WORDS[figure])} ${textOf(figure, stage, data, figures)}`);
        return (
          <g key={stage.stage} transform={`translate(0 ${TOP + index * ROW})`}>
            <text y={15} fontWeight={600}>
              {labelIn(stage.label, language) || stage.stage}
            </text>
            {stage.former && (
              <text y={31} fontSize={11} fill="var(--ink-soft)">
                {t("former")}
              </text>
            )}
            {PARTS.filter((part) => stage[part] > 0).map((part) => {
              const wide = stage[part] * unit;
              const at = x;
              x += wide;
              return (
                <g key={part} transform={`translate(${at} 0)`}>
                  <Block part={part} x={0} width={wide} height={22} />
                  {wide > 16 && (
                    <text x={wide / 2} y={15} textAnchor="middle" fill={part === "retained" ? "#10212b" : "#fff"}>
                      {figures.count(stage[part])}
                    </text>
                  )}
                </g>
              );
            })}
            {[beneath.slice(0, 3), beneath.slice(3)].map((words, line) => (
              <text key={line} x={NAME} y={38 + line * 16} fontSize={11} fill="var(--ink-soft)">
                {words.join("   ·   ")}
              </text>
            ))}
          </g>
        );
      })}
    </svg>
  );
}

function Block({ part, x, width, height }: { part: (typeof PARTS)[number]; x: number; width: number; height: number }) {
  return (
    <>
      <rect x={x} width={width} height={height} fill={`var(--part-${part})`} stroke={part === "retained" ? "var(--part-edge)" : "none"} />
      {part !== "transitioned" && <rect x={x} width={width} height={height} fill={`url(#picture-${part})`} />}
    </>
  );
}

/** Told apart without colour: lost is striped, retained is dotted. */
function Hatch() {
  return (
    <defs>
      <pattern id="picture-lost" width={8} height={8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={3} height={8} fill="#000" fillOpacity={0.22} />
      </pattern>
      <pattern id="picture-retained" width={6} height={6} patternUnits="userSpaceOnUse">
        <circle cx={2} cy={2} r={1.1} fill="#fff" fillOpacity={0.75} />
      </pattern>
    </defs>
  );
}
