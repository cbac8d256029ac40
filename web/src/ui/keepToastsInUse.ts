import { notificationsStore, updateNotificationsState } from "@mantine/notifications";

/** The message that something stands in, by its id. */
const messageOf = (at: EventTarget | null) => (at instanceof Element ? at.closest<HTMLElement>(".mantine-Notification-root")?.id : undefined);

/**
 * Keeps a message from going while the focus is in it, as the pointer does by itself: whoever has only a keyboard reaches "Undo" as others do. Its time
 * begins anew when the focus leaves it. Answers how to stop.
 */
export function keepToastsInUse() {
  const times = new Map<string, number | boolean | undefined>();
  const holdTime = (id: string, autoClose: number | boolean | undefined) =>
    updateNotificationsState(notificationsStore, (all) => all.map((one) => (one.id === id ? { ...one, autoClose } : one)));
  const enter = ({ target }: FocusEvent) => {
    const id = messageOf(target);
    if (!id || times.has(id)) return;
    times.set(id, notificationsStore.getState().notifications.find((one) => one.id === id)?.autoClose);
    holdTime(id, false);
  };
  const leave = ({ target, relatedTarget }: FocusEvent) => {
    const id = messageOf(target);
    if (!id || !times.has(id) || messageOf(relatedTarget) === id) return;
    holdTime(id, times.get(id));
    times.delete(id);
  };
  document.addEventListener("focusin", enter);
  document.addEventListener("focusout", leave);
  return () => {
    document.removeEventListener("focusin", enter);
    document.removeEventListener("focusout", leave);
  };
}
