import { Button, Paper } from "@mantine/core";
import { IconChevronDown, IconTrendingDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSlips } from "~/api/slips";
import classes from "./saleLog.module.css";
import { SlipLine } from "./SlipLine";

const SHOWN = 3;

/** What slipped in a deal: in a sentence, and unfolded one by one. Nothing where nothing did. */
export function Slips({ deal }: { deal: string }) {
  const { t } = useTranslation("saleLog");
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const list = useId();
  const slips = useSlips(deal);
  const first = slips.data?.pages[0];
  if (!first || first.items.length === 0) return null;
  const items = slips.data?.pages.flatMap((page) => page.items) ?? [];
  const refs = Object.assign({}, ...(slips.data?.pages.map((page) => page.refs) ?? []));
  const { close_date, amount, stage } = first.counts;
  const told = [
    close_date > 0 && [t("pushed", { count: close_date }), first.days > 0 && t("inAll", { count: first.days })].filter(Boolean).join(", "),
    amount > 0 && t("cut", { count: amount }),
    stage > 0 && t("back", { count: stage }),
  ].filter(Boolean);
  const shown = all ? items : items.slice(0, SHOWN);

  return (
    <Paper component="section" className={classes.card} aria-label={t("slips")}>
      <button type="button" className={classes.head} aria-expanded={open} aria-controls={open ? list : undefined} onClick={() => setOpen(!open)}>
        <IconTrendingDown size={17} stroke={1.6} aria-hidden />
        <h2 className={classes.title}>{t("slips")}</h2>
        <span className={classes.sentence}>{told.join(" · ")}</span>
        <IconChevronDown size={16} stroke={1.8} className={classes.chevron} data-open={open || undefined} aria-hidden />
      </button>
      {open && (
        <>
          <ul id={list} className={classes.list}>
            {shown.map((slip) => (
              <SlipLine key={slip.id} deal={deal} slip={slip} by={refs[slip.by]?.name} mayExplain={first.can.includes("explain")} />
            ))}
          </ul>
          {(items.length > SHOWN || slips.hasNextPage) && (
            <div className={classes.foot}>
              {items.length > SHOWN && (
                <Button variant="subtle" size="compact-sm" onClick={() => setAll(!all)}>
                  {t(all ? "showLess" : "showAll")}
                </Button>
              )}
              {all && slips.hasNextPage && (
                <Button variant="subtle" size="compact-sm" loading={slips.isFetchingNextPage} onClick={() => void slips.fetchNextPage()}>
                  {t("more")}
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </Paper>
  );
}
