import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { noticeKeys } from "~/api/notifications";
import { useMe } from "~/api/queries";
import type { Rec } from "~/api/types";
import { gatherKeys } from "./gather";
import { staleAfter } from "./messages";
import { shareStream } from "./stream";

/** Mutations that move cards carry this key; while one is under way the board must not be read, or the card would jump back and forth. */
export const MOVING = ["move-opportunity"] as const;

const RETRY_WHILE_MOVING = 400;
const FIGURES_QUIET = 1_500;
const FIGURES_LONGEST = 10_000;
const FIGURES_JITTER = 1_500;

/** Keeps what is on the screen up to date with what others do. Called once, in the shell. */
export function useEvents() {
  const client = useQueryClient();
  const me = useMe();
  const person = me.person.id;
  // What was read after this is told of by the stream, however long it takes to open.
  const since = useRef(me.stream_position).current;

  useEffect(() => {
    const gather = gatherKeys((keys) => {
      if (client.isMutating({ mutationKey: MOVING }) > 0) {
        setTimeout(() => gather.add(keys), RETRY_WHILE_MOVING);
        return;
      }
      for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    });
    // Figures go over all records: in a busy house they are read again now and then, not at every change.
    const figures = gatherKeys((keys) => keys.forEach((queryKey) => void client.invalidateQueries({ queryKey })), FIGURES_QUIET, FIGURES_LONGEST, FIGURES_JITTER);
    const stop = shareStream(person, since, (message) => {
      const stale = staleAfter(
        message,
        (object, id) => client.getQueryData<Rec>(["records", object, "one", id])?.revision,
      );
      if (message.kind === "notice" && message.unread !== undefined) client.setQueryData(noticeKeys.unread, message.unread);
      for (const queryKey of stale.now) void client.invalidateQueries({ queryKey });
      gather.add(stale.soon);
      figures.add(stale.later ?? []);
    });
    return () => {
      stop();
      gather.stop();
      figures.stop();
    };
  }, [client, person, since]);
}
