import { useTranslation } from "react-i18next";
import type { ActRow } from "./ActGrid";
import { useActWords } from "./acts";
import grid from "./grid.module.css";

/** The lines of the grid on a phone: each says what there is, and opens. */
export function ActLines({ rows, onOpen }: { rows: ActRow[]; onOpen: (key: string) => void }) {
  const { t } = useTranslation("roles");
  const words = useActWords();
  const bare = rows.every((row) => !row.icon);
  return (
    <ul className={grid.lines}>
      {rows.map((row) => {
        const held = row.acts.filter((act) => row.held.has(act)).map(words.name);
        const first = words.list(held.slice(0, 3));
        return (
          <li key={row.key}>
            <button type="button" className={grid.line} data-follows={row.follows || undefined} data-bare={bare || undefined} onClick={() => onOpen(row.key)}>
              {bare ? null : (row.icon ?? <span />)}
              <span>
                {row.name}
                <small>
                  {held.length === 0 ? t("noActs") : held.length > 3 ? t("moreActs", { first, count: held.length - 3 }) : first}
                  {row.follows && ` · ${t("followsEvery", { every: t("every") })}`}
                  {row.note && ` · ${row.note}`}
                </small>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
