import { useDraggable, useDroppable } from "@dnd-kit/react";
import { VisuallyHidden } from "@mantine/core";
import { IconBuilding, IconBuildingSkyscraper, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Refs } from "~/api/types";
import { pointerExcept } from "~/ui/dragging";
import classes from "./tree.module.css";
import type { Department, Line } from "./tree";
import { useTreeKeys } from "./useTreeKeys";

export const TOP = "top";
const pointer = pointerExcept("[data-fold]");

type Props = {
  lines: Line[];
  refs: Refs;
  organisation: string;
  chosen?: string;
  mayMove: boolean;
  onFold: (id: string, folded: boolean) => void;
  onChoose: (id: string) => void;
  onDrop: (department: Department, to: string | null) => void;
};

/** The departments, under the mouse and under the keyboard. */
export function DepartmentTree(props: Props) {
  const { lines, refs, organisation, chosen, mayMove, onFold, onChoose } = props;
  const { t } = useTranslation("people");
  const [focused, setFocused] = useState<string>();
  const { lifted, announcement, onKey } = useTreeKeys(props);
  const { ref: topRef, isDropTarget } = useDroppable({ id: TOP });
  // One line takes the focus: that on which it stood last, else the chosen one, else the first.
  const reachable = [focused, chosen].find((id) => lines.some((line) => line.department.id === id)) ?? lines[0]?.department.id;
  return (
    <>
      <div ref={topRef} id={`department-${TOP}`} className={classes.top} data-over={isDropTarget || (lifted && lifted.over === null) || undefined}>
        <IconBuilding size={17} aria-hidden /> {organisation}
      </div>
      <ul role="tree" aria-label={t("tab_departments")} className={classes.tree} aria-describedby={mayMove ? "department-keys" : undefined}>
        {lines.map((line, at) => (
          <TreeLine
            key={line.department.id}
            line={line}
            head={line.department.head ? refs[line.department.head]?.name : undefined}
            chosen={line.department.id === chosen}
            reachable={line.department.id === reachable}
            mayMove={mayMove}
            lifted={lifted?.department.id === line.department.id}
            over={lifted !== undefined && lifted.over === line.department.id}
            onFocus={() => setFocused(line.department.id)}
            onKey={(event) => onKey(event, at)}
            onFold={() => onFold(line.department.id, line.open)}
            onChoose={() => onChoose(line.department.id)}
          />
        ))}
      </ul>
      <VisuallyHidden id="department-keys">{t("treeKeys")}</VisuallyHidden>
      <VisuallyHidden role="status" aria-live="assertive">
        {announcement}
      </VisuallyHidden>
    </>
  );
}

type LineProps = {
  line: Line;
  head?: string;
  chosen: boolean;
  reachable: boolean;
  mayMove: boolean;
  lifted: boolean;
  over: boolean;
  onFocus: () => void;
  onKey: (event: KeyboardEvent) => void;
  onFold: () => void;
  onChoose: () => void;
};

function TreeLine({ line, head, chosen, reachable, mayMove, lifted, over, onFocus, onKey, onFold, onChoose }: LineProps) {
  const { t } = useTranslation("people");
  const { department, depth, children, open } = line;
  const { ref: dragRef, isDragSource } = useDraggable({ id: department.id, data: { object: "department", department }, disabled: !mayMove, sensors: [pointer] });
  const { ref: dropRef, isDropTarget } = useDroppable({ id: `into-${department.id}`, data: { department: department.id } });
  const count = department.people_below;
  return (
    <li
      ref={(element) => {
        dragRef(element);
        dropRef(element);
      }}
      id={`department-${department.id}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={children > 0 ? open : undefined}
      aria-selected={chosen}
      aria-label={[department.name, count === null ? "" : t("count", { count }), head ? t("ledBy", { name: head }) : ""].filter(Boolean).join(", ")}
      tabIndex={reachable ? 0 : -1}
      className={classes.line}
      style={{ paddingLeft: 6 + depth * 20 }}
      data-chosen={chosen || undefined}
      data-over={((isDropTarget && !isDragSource) || (over && !lifted)) || undefined}
      data-lifted={isDragSource || lifted || undefined}
      onFocus={onFocus}
      onKeyDown={onKey}
      onClick={onChoose}
    >
      {children > 0 ? (
        <span
          data-fold
          className={classes.fold}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            onFold();
          }}
        >
          {open ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
        </span>
      ) : (
        <span className={classes.fold} />
      )}
      <IconBuildingSkyscraper size={16} stroke={1.6} className={classes.icon} aria-hidden />
      <span className={classes.name}>{department.name}</span>
      {head && <span className={classes.head}>{head}</span>}
      {count !== null && <span className={classes.people}>{count}</span>}
    </li>
  );
}
