import { Menu, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./map.module.css";

/** Stands for "none of them": a key is never empty. */
const NONE = "";

export type Offered = { value: string | null; label: ReactNode };

type Props = {
  /** What the button says aloud: of whom what, and how it is. */
  label: string;
  value: string | null;
  offered: Offered[];
  /** Absent where it cannot be changed: then it is only told. */
  onChoose?: (value: string | null) => void;
  className?: string;
  children: ReactNode;
};

/** A value that opens the list of what it can be. */
export function Choice({ label, value, offered, onChoose, className, children }: Props) {
  if (!onChoose) {
    return (
      <span className={className} role="img" aria-label={label}>
        {children}
      </span>
    );
  }
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton className={[classes.choice, className].filter(Boolean).join(" ")} aria-label={label}>
          {children}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        <Menu.RadioGroup value={value ?? NONE} onChange={(chosen) => chosen !== (value ?? NONE) && onChoose(chosen === NONE ? null : chosen)}>
          {offered.map((one) => (
            <Menu.RadioItem key={one.value ?? NONE} value={one.value ?? NONE} closeMenuOnClick>
              {one.label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
