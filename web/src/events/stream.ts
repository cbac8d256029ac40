import { API_ROOT } from "~/api/http";
import { readMessage, type LiveMessage } from "./messages";

const EVENTS = ["hint", "gone", "meta", "reset", "notice"] as const;
const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;

/** A message with the place in the stream where it stands. */
type Heard = { message: LiveMessage; at: string };

/**
 * Listens to the server, from a place in its stream on, until the returned function is called. The browser resumes by itself
 * where the connection merely broke; where the server refused it (restart, ended session) we try again with growing pauses, and
 * tell a `reset` since nobody knows what has changed meanwhile.
 */
function listen(since: () => string, tell: (message: LiveMessage, place: string) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST_RETRY;
  let lost = false;

  const open = () => {
    source = new EventSource(`${API_ROOT}/events?since=${encodeURIComponent(since())}`);
    source.onopen = () => {
      pause = FIRST_RETRY;
      if (lost) tell({ kind: "reset" }, since());
      lost = false;
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      lost = true;
      timer = setTimeout(open, pause * (0.75 + Math.random() / 2));
      pause = Math.min(LAST_RETRY, pause * 2);
    };
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>;
        const message = readMessage(name, data);
        if (message) tell(message, lastEventId);
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/**
 * One connection for all windows of a browser: whoever holds the lock listens and passes on what it hears; when it closes,
 * the next in line takes over from the place that was told last. Browsers allow only six connections to a server over HTTP/1.1, so a stream for each
 * window would soon block everything else. Without locks (plain http on another host) every window listens for itself.
 */
export function shareStream(person: string, since: string, tell: (message: LiveMessage) => void): () => void {
  let place = since;
  const hear = ({ message, at }: Heard) => {
    place = at;
    tell(message);
  };
  const listenOn = (pass: (heard: Heard) => void) => listen(() => place, (message, at) => pass({ message, at: at || place }));
  if (!("locks" in navigator) || !navigator.locks || typeof BroadcastChannel === "undefined") return listenOn(hear);

  const name = `stagecraft-events-${person}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event: MessageEvent<Heard>) => hear(event.data);

  const waiting = new AbortController();
  let stop: (() => void) | undefined;
  let release: (() => void) | undefined;
  let left = false;
  navigator.locks
    .request(name, { signal: waiting.signal }, () => {
      // The lock may be granted in the very moment of leaving.
      if (left) return undefined;
      stop = listenOn((heard) => {
        if (left) return;
        hear(heard);
        channel.postMessage(heard);
      });
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => {
      // Leaving while still in line ends the wait with an AbortError, which is no fault.
    });

  return () => {
    left = true;
    waiting.abort();
    stop?.();
    release?.();
    channel.close();
  };
}
