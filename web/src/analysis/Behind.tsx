import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Rec } from "~/api/types";
import classes from "./behind.module.css";

const BehindDrawer = lazy(() => import("./BehindDrawer").then((room) => ({ default: room.BehindDrawer })));

/** A condition that says the same as the records behind a figure, so that they can be opened as a list. */
export type AsList = { object: string; filter?: unknown };
/** What an analysis tells of each record besides its fields. */
export type MoreColumn = { key: string; title: string; show: (record: Rec) => ReactNode };
export type BehindProps = {
  /** Below the API's root, as the server gives it. */
  address: string;
  title: string;
  list?: AsList;
  /** Columns after the name, besides the object's own. */
  more?: MoreColumn[];
  onClose: () => void;
};

/** The records behind a figure, at the side of the screen; on a phone over all of it. */
export function Behind(props: BehindProps) {
  // Whoever came by keyboard goes on where he was.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement || before instanceof SVGElement) requestAnimationFrame(() => before.focus());
    };
  }, []);
  return (
    <Suspense fallback={null}>
      <BehindDrawer {...props} />
    </Suspense>
  );
}

type LinkProps = {
  address: string | null | undefined;
  /** What the figure is: the head of the list that opens. */
  title: string;
  /** What is read out where the figure alone says too little; the title and the figure's text when absent. */
  label?: string;
  list?: AsList;
  more?: MoreColumn[];
  className?: string;
  style?: React.CSSProperties;
  children: ReactNode;
};

/** A figure that opens the records behind it; plain text where there is no way to them. */
export function BehindLink({ address, title, label, list, more, className, style, children }: LinkProps) {
  const { t } = useTranslation("analysis");
  const [opened, setOpened] = useState(false);
  if (!address) {
    return (
      <span className={className} style={style}>
        {children}
      </span>
    );
  }
  const figure = typeof children === "string" || typeof children === "number" ? String(children) : undefined;
  return (
    <>
      <button
        type="button"
        className={className ?? classes.figure}
        style={style}
        aria-haspopup="dialog"
        aria-label={label ?? (figure === undefined ? undefined : t("behind.opens", { title, figure }))}
        data-behind={address}
        onClick={(event) => {
          event.stopPropagation();
          setOpened(true);
        }}
      >
        {children}
      </button>
      {opened && <Behind address={address} title={title} list={list} more={more} onClose={() => setOpened(false)} />}
    </>
  );
}
