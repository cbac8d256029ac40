import { IconArrowBackUp, IconCheck, IconMinus } from "@tabler/icons-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useActWords, type ActGroup } from "./acts";
import classes from "./grid.module.css";
import { triOf, type Tri } from "./roleDraft";

/** A line of the grid: an object of a role, or a role of an object. */
export type ActRow = {
  key: string;
  name: string;
  icon?: ReactNode;
  /** What stands behind the name: fields that are hidden. */
  note?: string;
  /** Acts that make sense here; the other places stay empty. */
  acts: readonly string[];
  held: ReadonlySet<string>;
  /** The rights come from another line. */
  follows?: boolean;
  /** It may not be changed here. */
  fixed?: boolean;
  /** The line that the others follow. */
  leads?: boolean;
};

type Props = {
  label: string;
  head: string;
  groups: ActGroup[];
  rows: ActRow[];
  onAct: (row: string, acts: string[], on: boolean) => void;
  onColumn: (act: string, on: boolean) => void;
  onOpen: (row: string) => void;
  /** Lets a line follow the others again. */
  onFollow?: (row: string) => void;
  followLabel?: string;
};

/** Acts by lines, of which any number is given or taken by one press: a cell, a line or a column. The arrows walk through it. */
export function ActGrid({ label, head, groups, rows, onAct, onColumn, onOpen, onFollow, followLabel }: Props) {
  const { t } = useTranslation("roles");
  const words = useActWords();
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<[number, number]>([1, 1]);
  const acts = groups.flatMap((group) => group.acts);
  const begins = new Set(groups.map((group) => group.acts[0]));
  // Row 0 is the head; column 0 the tick of the whole line, then the name, then the acts.
  const go = (event: KeyboardEvent) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -99], End: [0, 99] }[event.key];
    if (!step || event.altKey || event.metaKey) return;
    event.preventDefault();
    const [down = 0, right = 0] = step;
    let [row, column] = at;
    // Empty places are passed over.
    for (;;) {
      row = row + down;
      column = right === -99 ? 0 : right === 99 ? acts.length + 1 : column + right;
      if (row < 0 || row > rows.length || column < 0 || column > acts.length + 1) return;
      const cell = table.current?.querySelector<HTMLElement>(`[data-at="${row}.${column}"]`);
      if (cell) {
        cell.focus();
        return;
      }
      if (Math.abs(right) === 99) return;
    }
  };
  const place = (row: number, column: number) => ({ "data-at": `${row}.${column}`, tabIndex: at[0] === row && at[1] === column ? 0 : -1, onFocus: () => setAt([row, column]) });

  return (
    <div className={classes.scroll}>
      {/* The arrows are heard for the cells within. */}
      <table ref={table} role="grid" aria-label={label} className={classes.grid} onKeyDown={go}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className={classes.corner}>
              {head}
            </th>
            {groups.map((group) => (
              <th key={group.key} scope="colgroup" colSpan={group.acts.length} className={classes.group}>
                <span title={words.group(group.key)}>{words.group(group.key)}</span>
              </th>
            ))}
          </tr>
          <tr>
            {acts.map((act, index) => {
              const possible = rows.filter((row) => row.acts.includes(act) && !row.fixed);
              const tri = triOf(possible.filter((row) => row.held.has(act)).length, possible.length);
              return (
                <th key={act} scope="col" className={classes.act} data-begins={begins.has(act) || undefined}>
                  <span className={classes.actName} title={words.hint(act)}>
                    {words.name(act)}
                  </span>
                  {possible.length > 0 && <Tick {...place(0, index + 2)} tri={tri} label={t("columnOf", { act: words.name(act) })} onPress={() => onColumn(act, tri !== "all")} />}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.key} data-leads={row.leads || undefined} data-follows={row.follows || undefined}>
              <th scope="row" className={classes.rowHead}>
                <div className={classes.rowLine}>
                  {row.fixed ? (
                    <span className={classes.noTick} />
                  ) : (
                    <Tick
                      {...place(index + 1, 0)}
                      tri={triOf(row.acts.filter((act) => row.held.has(act)).length, row.acts.length)}
                      pale={row.follows}
                      label={t("allOf", { name: row.name })}
                      onPress={() => onAct(row.key, [...row.acts], !row.acts.every((act) => row.held.has(act)))}
                    />
                  )}
                  <button type="button" className={classes.open} {...place(index + 1, 1)} onClick={() => onOpen(row.key)}>
                    {row.icon}
                    <span>
                      {row.name}
                      {row.note && <small>{row.note}</small>}
                    </span>
                  </button>
                  {onFollow && !row.follows && !row.leads && (
                    <button type="button" className={classes.follow} tabIndex={-1} title={followLabel} aria-label={`${followLabel ?? ""}: ${row.name}`} onClick={() => onFollow(row.key)}>
                      <IconArrowBackUp size={15} stroke={1.7} />
                    </button>
                  )}
                </div>
              </th>
              {acts.map((act, column) => (
                <td key={act} data-begins={begins.has(act) || undefined}>
                  {row.acts.includes(act) && (
                    <Tick
                      {...place(index + 1, column + 2)}
                      tri={row.held.has(act) ? "all" : "none"}
                      pale={row.follows}
                      fixed={row.fixed}
                      label={t("cell", { act: words.name(act), row: row.name })}
                      title={`${words.name(act)} · ${row.name}`}
                      onPress={() => onAct(row.key, [act], !row.held.has(act))}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type TickProps = { tri: Tri; label: string; title?: string; pale?: boolean; fixed?: boolean; onPress: () => void; tabIndex: number; onFocus: () => void; "data-at": string };

function Tick({ tri, label, title, pale, fixed, onPress, ...rest }: TickProps) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={tri === "some" ? "mixed" : tri === "all"}
      aria-disabled={fixed || undefined}
      aria-label={label}
      title={title}
      className={classes.tick}
      data-tri={tri}
      data-pale={pale || undefined}
      onClick={fixed ? undefined : onPress}
      {...rest}
    >
      {tri === "all" && <IconCheck size={14} stroke={2.6} />}
      {tri === "some" && <IconMinus size={14} stroke={2.6} />}
    </button>
  );
}
