import { Paper } from "@mantine/core";
import { Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HomeCard } from "~/api/home";
import { RowSkeletons } from "~/ui/Skeletons";
import { CardBoundary } from "./CardBoundary";
import classes from "./Home.module.css";
import { FRAMED, KINDS } from "./kinds";

const NEAR = "500px";

/** What a card shows. It is asked for when the card comes near to the part of the page in sight. */
export function CardBody({ card, eager }: { card: HomeCard; eager?: boolean }) {
  const { t } = useTranslation("home");
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(eager ?? false);
  useEffect(() => {
    if (near || !place.current) return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && setNear(true), { rootMargin: NEAR });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [near]);
  const Kind = KINDS[card.kind];
  const inside = !Kind || card.there === false ? <p className={classes.absent}>{t("absent")}</p> : near ? <Kind card={card} /> : <RowSkeletons rows={3} />;
  const body = (
    <CardBoundary>
      <Suspense fallback={<RowSkeletons rows={3} />}>{inside}</Suspense>
    </CardBoundary>
  );
  return (
    <div ref={place} className={classes.body}>
      {FRAMED.has(card.kind) || !Kind || !near || card.there === false ? <Paper className={classes.ground}>{body}</Paper> : body}
    </div>
  );
}
