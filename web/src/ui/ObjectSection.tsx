import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import classes from "./panel.module.css";

/** A part of a screen that is about one object, led to where the object itself is shaped. */
export function ObjectSection({ object, tab, children }: { object: ObjectDef; tab?: string; children: ReactNode }) {
  const label = useLabel();
  const Icon = iconOf(object);
  return (
    <section className={classes.section}>
      <h2 className={classes.withIcon}>
        <Icon size={17} stroke={1.6} aria-hidden />
        <Link to="/admin/objects/$object" params={{ object: object.key }} search={(tab ? { tab } : {}) as never}>
          {label(object.plural)}
        </Link>
      </h2>
      {children}
    </section>
  );
}
