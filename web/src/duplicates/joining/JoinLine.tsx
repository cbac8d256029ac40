import { Badge, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JoinAnswer, JoinRequest } from "~/api/duplicates";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { Avatar } from "~/ui/Avatar";
import { Instant } from "~/ui/Instant";
import classes from "../duplicates.module.css";
import { JoinDialog } from "./JoinDialog";

const COLOURS = { open: "brand", accepted: "green", declined: "gray", withdrawn: "gray", expired: "orange" } as const;

/** A request: who asks whom about what, why, and how it stands. */
export function JoinLine({ request, refs, mine }: { request: JoinRequest; refs: Refs; mine: boolean }) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const object = useObject(request.object);
  const [asking, setAsking] = useState<JoinAnswer["act"]>();
  const other = refs[mine ? request.of : request.by]?.name ?? "…";
  const Icon = iconOf(object ?? request.object);
  const open = request.state === "open";
  const can = (act: JoinAnswer["act"]) => (request.can ? request.can.includes(act) : open && (act === "withdraw") === mine);
  const name = request.name ?? (request.record ? refs[request.record]?.name : undefined);
  return (
    <li className={classes.request} data-open={open || undefined}>
      <Avatar name={other} size={32} />
      <div className={classes.requestWhat}>
        <p className={classes.requestTitle}>
          {t(mine ? "youAsked" : "wants", { name: other })}
          {!open && (
            <Badge size="sm" color={COLOURS[request.state]} ml={8}>
              {t(`states.${request.state}`)}
            </Badge>
          )}
        </p>
        <p className={classes.requestRecord}>
          <Icon size={15} stroke={1.6} aria-label={label(object?.label)} />
          {request.record ? (
            <Link to="/o/$object/$id" params={{ object: request.object, id: request.record }}>
              {name ?? t("hiddenRecord")}
            </Link>
          ) : (
            (name ?? t("hiddenRecord"))
          )}
        </p>
        {request.reason && <p className={classes.said}>{request.reason}</p>}
        {request.answer && (
          <p className={classes.said}>
            {t("answer")}: {request.answer}
          </p>
        )}
        <p className={classes.reasons}>
          {t("askedAt")} <Instant value={request.asked_at} relative />
          {open && (
            <>
              {" · "}
              {t("answerBy")} <Instant value={request.answer_by} />
            </>
          )}
          {request.state === "accepted" && request.level && ` · ${t(`levels.${request.level}`)}`}
        </p>
      </div>
      <div className={classes.requestActs}>
        {can("accept") && (
          <Button size="compact-md" onClick={() => setAsking("accept")}>
            {t("accept")}
          </Button>
        )}
        {can("decline") && (
          <Button size="compact-md" variant="default" onClick={() => setAsking("decline")}>
            {t("decline")}
          </Button>
        )}
        {can("withdraw") && (
          <Button size="compact-md" variant="default" onClick={() => setAsking("withdraw")}>
            {t("withdraw")}
          </Button>
        )}
      </div>
      {asking && <JoinDialog id={request.id} act={asking} name={other} record={name ?? label(object?.label)} onClose={() => setAsking(undefined)} />}
    </li>
  );
}
