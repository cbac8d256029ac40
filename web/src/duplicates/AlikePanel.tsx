import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconBan, IconChevronDown } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDuplicateCheck, type Found } from "~/api/duplicates";
import { post } from "~/api/http";
import type { Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { AlikeList } from "./AlikeList";
import classes from "./duplicates.module.css";
import { alikeOf } from "./matches";

const TYPING = 400;
const FIRST = 3;

type Props = {
  object: string;
  /** The record that is being changed; a new one has none. */
  id?: string;
  /** What would be written. */
  fields: Record<string, Value>;
};

/** While one types: what there is already that is alike, quietly, and whether it will stand in the way. */
export function AlikePanel({ object, id, fields }: Props) {
  const { t } = useTranslation("duplicates");
  const [folded, setFolded] = useState(false);
  const list = useId();
  // What no rule looks at is not asked about.
  const watched = useQuery({
    queryKey: ["duplicates", "watched", object, id === undefined],
    queryFn: async ({ signal }) => (await post<Found>("/duplicates/check", { object, fields: {}, id }, { signal })).watched ?? null,
    staleTime: 5 * 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  }).data;
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
  const [asked] = useDebouncedValue(JSON.stringify(filled), TYPING);
  const values = JSON.parse(asked) as Record<string, Value>;
  const concerned = watched !== undefined && Object.keys(values).some((key) => watched === null || watched.includes(key));
  const found = useDuplicateCheck(object, values, id, concerned);
  if (!concerned || !found.data || found.data.items.length === 0) return null;
  const alike = alikeOf(found.data.items);
  const blocked = found.data.verdict === "block";
  if (alike.length === 0) return null;
  return (
    <section className={classes.panel} data-blocked={blocked || undefined} aria-label={t("alikeRecords")}>
      <button type="button" className={classes.panelHead} aria-expanded={!folded} aria-controls={list} onClick={() => setFolded(!folded)}>
        {blocked ? <IconBan size={16} stroke={1.8} aria-hidden /> : <IconAlertTriangle size={16} stroke={1.8} aria-hidden />}
        <span role="status">
          <b>{t("alike", { count: alike.length })}</b> {blocked && t("willBlock")}
        </span>
        <IconChevronDown size={16} stroke={1.8} data-folded={folded || undefined} aria-hidden className={classes.chevron} />
      </button>
      <div id={list} hidden={folded} className={classes.panelList}>
        <AlikeList hits={found.data.items} refs={found.data.refs} first={FIRST} />
      </div>
    </section>
  );
}
