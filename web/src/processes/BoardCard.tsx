import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconAlarm, IconArrowsMove } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Rec, Refs } from "~/api/types";
import { WaitsMark } from "~/approvals/WaitsMark";
import { Avatar } from "~/ui/Avatar";
import { Money } from "~/ui/Money";
import classes from "./board.module.css";
import { isMoney } from "./boardMoves";
import { secondsSince } from "./duration";
import { useDuration, useNow } from "./useDuration";

/** The element that takes the keyboard's focus for a card. */
export const cardElement = (id: string) => document.getElementById(`card-${id}`);

interface Props {
  card: Rec;
  refs: Refs;
  /** A closed deal has no time to run out. */
  open: boolean;
  lifted?: boolean;
  /** Drawn under the pointer while dragging: a picture, not a second link. */
  picture?: boolean;
  onKey?: (event: KeyboardEvent, card: Rec) => void;
  onMenu?: (card: Rec) => void;
}

/** One opportunity on the board. */
export function BoardCard({ card, refs, open, lifted, picture, onKey, onMenu }: Props) {
  const { t } = useTranslation(["processes", "ui"]);
  const tell = useDuration();
  const now = useNow();
  const { name, account, amount, owner, stage_entered_at: entered, stage_due_at: due } = card.fields;
  const title = String(name ?? t("unnamed"));
  const nameOf = (id: unknown) => (typeof id === "string" ? (refs[id]?.name ?? card.refs?.[id]?.name) : undefined);
  const ownerName = nameOf(owner);
  const late = open && typeof due === "string" && Date.parse(due) < now;

  return (
    <div className={classes.card} data-lifted={lifted || undefined} data-late={late || undefined} data-picture={picture || undefined}>
      <div className={classes.cardTop}>
        {picture ? (
          <span className={classes.cardName}>{title}</span>
        ) : (
          <Link
            id={`card-${card.id}`}
            to="/o/$object/$id"
            params={{ object: "opportunity", id: card.id }}
            className={classes.cardName}
            draggable={false}
            aria-describedby="board-card-help"
            onKeyDown={(event) => onKey?.(event, card)}
          >
            {title}
          </Link>
        )}
        {!picture && (
          <ActionIcon
            className={classes.cardMenu}
            size="sm"
            variant="subtle"
            color="gray"
            tabIndex={-1}
            aria-label={t("moveMenu", { name: title })}
            onClick={() => onMenu?.(card)}
          >
            <IconArrowsMove size={15} />
          </ActionIcon>
        )}
      </div>
      {nameOf(account) && (
        <Text size="xs" c="dimmed" truncate>
          {nameOf(account)}
        </Text>
      )}
      <WaitsMark record={card} refs={refs} />
      <div className={classes.cardFoot}>
        <span className={classes.cardAmount}>{isMoney(amount) ? <Money value={amount} short /> : null}</span>
        <span className={classes.cardTime} data-late={late || undefined}>
          {late ? (
            <Tooltip label={t("overdueBy", { time: tell(secondsSince(due, now)) })}>
              <span className={classes.lateBy}>
                <IconAlarm size={13} aria-hidden="true" /> {t("late", { time: tell(secondsSince(due, now), 1) })}
              </span>
            </Tooltip>
          ) : (
            open &&
            typeof entered === "string" && (
              <Tooltip label={t("inStage", { time: tell(secondsSince(entered, now)) })} openDelay={400}>
                <span>{secondsSince(entered, now) < 60 ? t("ui:now") : tell(secondsSince(entered, now))}</span>
              </Tooltip>
            )
          )}
        </span>
        {ownerName && <Avatar name={ownerName} size={20} />}
      </div>
    </div>
  );
}
