import { reachOf, toneOf, type Step, type Tone } from "./waterfall";

const ROW = 28;
const NAME = 170;
const FIGURE = 140;

export const TONES: Record<Tone, string> = { stands: "var(--series-1)", won: "var(--stage-won)", more: "var(--series-3)", less: "var(--series-2)", same: "var(--ink-faint)" };

/** The steps as a picture that stands alone. */
export function WaterfallPicture({ steps, width, nameOf, textOf }: { steps: Step[]; width: number; nameOf: (step: Step) => string; textOf: (step: Step) => string }) {
  const room = width - NAME - FIGURE;
  const { least, most } = reachOf(steps);
  const x = (value: number) => NAME + ((value - least) / (most - least)) * room;
  return (
    <svg width={width} height={steps.length * ROW + 8} fontSize={12} fill="var(--ink)">
      {steps.map((step, at) => {
        const [start, end] = [x(Math.min(step.from, step.to)), x(Math.max(step.from, step.to))];
        const y = at * ROW + 4;
        return (
          <g key={step.key}>
            <text y={y + 14} fontWeight={toneOf(step) === "stands" ? 620 : 400}>
              {nameOf(step)}
            </text>
            <rect x={start} y={y} width={Math.max(2, end - start)} height={19} fill={TONES[toneOf(step)]} />
            {at < steps.length - 2 && <line x1={x(step.to)} x2={x(step.to)} y1={y + 19} y2={y + ROW} stroke="var(--line-strong)" />}
            <text x={width} y={y + 14} textAnchor="end">
              {textOf(step)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
