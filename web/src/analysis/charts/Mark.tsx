import { createContext, useContext, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./charts.module.css";
import { nameOf, type Group, type OnOpen, type Point } from "./data";

type Roving = { current: string | undefined; onFocus: (key: string) => void; onOpen?: OnOpen };
const Marks = createContext<Roving>({ current: undefined, onFocus: () => {} });

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

type CanvasProps = { width: number; height: number; label: string; onOpen?: OnOpen; first: string | undefined; children: ReactNode };

/** The drawing. One stop for the keyboard, from which arrows go from figure to figure. */
export function Canvas({ width, height, label, onOpen, first, children }: CanvasProps) {
  const { t } = useTranslation("charts");
  const [at, setAt] = useState<string>();
  const drawing = useRef<SVGSVGElement>(null);
  const hint = useId();
  const walk = (event: KeyboardEvent) => {
    const marks = [...(drawing.current?.querySelectorAll<SVGElement>("[data-mark]") ?? [])];
    const here = marks.indexOf(event.target as SVGElement);
    const step = STEPS[event.key];
    const next = event.key === "Home" ? marks[0] : event.key === "End" ? marks.at(-1) : step === undefined || here === -1 ? undefined : marks[here + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <svg ref={drawing} className={classes.canvas} width={width} height={height} role="group" aria-label={label} aria-describedby={onOpen ? hint : undefined} fontSize={12} fill="var(--ink)" onKeyDown={walk}>
      {onOpen && <desc id={hint}>{t("keys")}</desc>}
      <Marks.Provider value={{ current: at ?? first, onFocus: setAt, onOpen }}>{children}</Marks.Provider>
    </svg>
  );
}

type MarkProps = { group: Group; point: Point; children: ReactNode };

export const markKey = (group: Group, point: Point) => `${group.key} ${point === group ? "" : point.key}`;

/** A figure that is drawn, and opens the records behind it. */
export function Mark({ group, point, children }: MarkProps) {
  const { current, onFocus, onOpen } = useContext(Marks);
  const name = nameOf(group, point);
  const key = markKey(group, point);
  const opens = onOpen && point.address ? () => onOpen(point, name) : undefined;
  return (
    <g
      className={classes.mark}
      data-mark={key}
      data-behind={point.address ?? undefined}
      role={opens ? "button" : "img"}
      tabIndex={current === key ? 0 : -1}
      aria-label={`${name}: ${point.text}`}
      aria-haspopup={opens ? "dialog" : undefined}
      onFocus={() => onFocus(key)}
      onClick={opens}
      onKeyDown={(event) => {
        if (!opens || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        opens();
      }}
    >
      <title>{`${name}: ${point.text}`}</title>
      {children}
    </g>
  );
}
