import { Accessibility } from "@dnd-kit/dom";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { styles } from "../ui/dragging";

type Plugins = unknown[];

/** The library's announcements in the reader's language and the room's words, with things called by their names instead of ids. */
export function useSortWords(nameOf: (id: string) => string, room: "processes" | "objects" = "processes") {
  const { t } = useTranslation(room);
  return useMemo(() => {
    const named = (id: unknown) => ({ stage: nameOf(String(id)), item: nameOf(String(id)) });
    return <T,>(defaults: T[]): T[] =>
      [
        ...(defaults as Plugins).filter((plugin) => plugin !== Accessibility),
        styles,
        Accessibility.configure({
          screenReaderInstructions: { draggable: t("sortHelp") },
          announcements: {
            dragstart: ({ operation }: { operation: { source: { id: unknown } | null } }) =>
              operation.source ? t("sortPicked", named(operation.source.id)) : undefined,
            dragover: ({ operation }: { operation: { source: { id: unknown } | null; target: { id: unknown } | null } }) =>
              operation.source && operation.target && operation.source.id !== operation.target.id
                ? t("sortOver", { ...named(operation.source.id), other: nameOf(String(operation.target.id)) })
                : undefined,
            dragend: ({ operation, canceled }: { operation: { source: { id: unknown } | null }; canceled: boolean }) =>
              operation.source ? t(canceled ? "sortCanceled" : "sortDropped", named(operation.source.id)) : undefined,
          },
        }),
      ] as T[];
  }, [t, nameOf]);
}
