import { useEffect, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { BoardColumn } from "~/api/types";
import { useLabel } from "~/i18n";
import classes from "./board.module.css";

/** The stages as a strip above the board on a narrow screen: shows which column is in view, and goes to another. */
export function StageTabs({ columns, container }: { columns: BoardColumn[]; container: RefObject<HTMLDivElement | null> }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const [shown, setShown] = useState(0);

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const follow = () => setShown(Math.round(element.scrollLeft / Math.max(1, element.clientWidth)));
    follow();
    element.addEventListener("scroll", follow, { passive: true });
    return () => element.removeEventListener("scroll", follow);
  }, [container]);

  return (
    <nav className={classes.tabs} aria-label={t("stageSwitch")}>
      {columns.map((column, index) => (
        <button
          key={column.stage}
          type="button"
          className={classes.tab}
          aria-current={index === shown || undefined}
          ref={(element) => {
            if (index === shown) element?.scrollIntoView({ block: "nearest", inline: "center" });
          }}
          onClick={() => container.current?.scrollTo({ left: index * container.current.clientWidth, behavior: "smooth" })}
        >
          {label(column.label)} <span className={classes.tabCount}>{column.count}</span>
        </button>
      ))}
    </nav>
  );
}
