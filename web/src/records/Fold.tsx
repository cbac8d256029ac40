import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import classes from "./Fold.module.css";

type Props = { title: string; /** Begin folded; one that does not begin so cannot be folded. */ folded?: boolean; className?: string; children: ReactNode };

/** A heading with what stands under it; where it begins folded, the heading is the button that opens it. */
export function Fold({ title, folded = false, className, children }: Props) {
  const [open, setOpen] = useState(!folded);
  const id = useId();
  if (!folded) {
    return (
      <>
        {title && <h2 className={className}>{title}</h2>}
        {children}
      </>
    );
  }
  return (
    <>
      <h2 className={className} style={open ? undefined : { margin: 0 }}>
        <button type="button" className={classes.button} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <IconChevronRight size={15} stroke={1.8} data-open={open || undefined} aria-hidden />
          {title}
        </button>
      </h2>
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </>
  );
}
