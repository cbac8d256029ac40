import { SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { setLanguage, useLanguage } from "~/i18n";
import { Mark } from "~/shell/Mark";
import { HelpLink } from "~/ui/ErrorState";
import classes from "./Entrance.module.css";

/** The frame of the screens before the sign-in. */
export function Entrance({ title, hint, children, wide, help = "/docs/user-guide#sign-in" }: { title: string; hint?: string; children: ReactNode; wide?: boolean; help?: string }) {
  const language = useLanguage();
  return (
    <main className={classes.ground}>
      <div className={classes.card} data-wide={wide || undefined}>
        <div className={classes.head}>
          <span className={classes.brand}>
            <Mark size={28} /> Stagecraft
          </span>
          <SegmentedControl
            size="xs"
            value={language}
            onChange={(value) => void setLanguage(value === "zh-CN" ? "zh-CN" : "en")}
            aria-label="Language · 语言"
            data={[
              { value: "en", label: "English" },
              { value: "zh-CN", label: "简体中文" },
            ]}
          />
        </div>
        <h1 className={classes.title}>{title}</h1>
        {hint && <p className={classes.hint}>{hint}</p>}
        {children}
        <p className={classes.help}>
          <HelpLink to={help} />
        </p>
      </div>
    </main>
  );
}
