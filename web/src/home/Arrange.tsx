import { DragDropProvider } from "@dnd-kit/react";
import { Button, VisuallyHidden } from "@mantine/core";
import { useRef, useState } from "react";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconLayoutGridAdd } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { homeKeys, useResetHome, useSaveHome, type GalleryEntry, type HomeAddress, type HomeCard, type HomePage } from "~/api/home";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useIsPhone } from "~/pools/useIsPhone";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { ownWords } from "~/ui/dragging";
import { Page } from "~/ui/Page";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { added, cardOf, changed, moved, removed, resized } from "./arranging";
import { CardSettings } from "./CardSettings";
import { Gallery } from "./Gallery";
import classes from "./Home.module.css";
import { MovableCard } from "./MovableCard";
import { Overtaken } from "./Overtaken";
import { sizeOf } from "./Cards";
import { useArranging } from "./useArranging";
import { useCardName } from "./useCardName";

type Props = { address: HomeAddress; page: HomePage; title: string; above?: React.ReactNode; onDone: () => void };

/** The page of cards while it is being arranged: the gallery beside it, handles on every card. */
export function Arrange({ address, page, title, above, onDone }: Props) {
  const { t } = useTranslation("home");
  const phone = useIsPhone();
  const client = useQueryClient();
  const [version, setVersion] = useState(page.version);
  const arranging = useArranging(page.cards);
  const { cards, put, now } = arranging;
  const save = useSaveHome(address);
  const reset = useResetHome(address);
  const nameOf = useCardName();
  const [gallery, setGallery] = useState(!phone);
  const [settingsOf, setSettingsOf] = useState<string>();
  const [said, setSaid] = useState("");
  const [meanwhile, setMeanwhile] = useState<HomePage>();
  const done = useRef(false);
  const grid = useRef<HTMLDivElement>(null);

  const focusOn = (id: string, what: "move" | "size" = "move") => requestAnimationFrame(() => document.getElementById(`${what}-${id}`)?.focus());
  const add = (entry: GalleryEntry, name: string, at?: number) => {
    const card = cardOf(now.current, entry, name);
    put(added(now.current, card, at));
    setSaid(t("said.added", { name }));
    requestAnimationFrame(() => document.querySelector(`[data-card="${CSS.escape(card.id)}"]`)?.scrollIntoView({ block: "nearest", behavior: "smooth" }));
  };
  const step = (card: HomeCard, by: number) => {
    const at = now.current.findIndex((one) => one.id === card.id);
    const next = moved(now.current, card.id, at + by);
    put(next);
    setSaid(t("said.place", { name: nameOf(card), place: next.findIndex((one) => one.id === card.id) + 1, of: next.length }));
    focusOn(card.id);
  };
  const resize = (card: HomeCard, size: { width: number; height: number }, held = false) => {
    const next = resized(now.current, card.id, size);
    if (held) arranging.hold(next);
    else put(next);
    const made = next.find((one) => one.id === card.id);
    if (made && !held) setSaid(t("said.size", { name: nameOf(card), width: made.width, height: made.height }));
  };
  const takeAway = (card: HomeCard) => {
    put(removed(now.current, card.id));
    setSaid(t("said.removed", { name: nameOf(card) }));
  };
  const store = async (over = version) => {
    try {
      const saved = await save.mutateAsync({ cards: now.current.map(({ there: _, ...card }) => card), version: over });
      done.current = true;
      setVersion(saved.version);
      notifications.show({ message: t("saved") });
      onDone();
    } catch (refusal) {
      const present = refusal instanceof ApiProblem && refusal.status === 409 ? (refusal.record as unknown as HomePage | undefined) : undefined;
      if (present) setMeanwhile(present);
      else notifications.show({ message: refusal instanceof ApiProblem && refusal.violations.length > 0 ? refusal.violations.map((one) => one.message).join(" ") : messageOf(refusal), color: "red" });
    }
  };
  const card = cards.find((one) => one.id === settingsOf);

  return (
    <DragDropProvider
      plugins={ownWords}
      onDragEnd={(event) => {
        const { source, target } = event.operation;
        if (event.canceled || !source || !target) return;
        const [, id] = String(target.id).split(":");
        const at = id === "" || id === undefined ? cards.length : cards.findIndex((one) => one.id === id);
        const { entry, name } = source.data as { entry?: GalleryEntry; name?: string };
        if (entry) add(entry, name ?? "", at);
        else put(moved(cards, String(source.id), at));
      }}
    >
      <Page
        title={title}
        above={above}
        pinned
        actions={
          <>
            <Button variant="subtle" color="gray" leftSection={<IconArrowBackUp size={16} stroke={1.7} />} disabled={!arranging.canUndo} onClick={arranging.undo}>
              {t("undo")}
            </Button>
            {page.can.includes("reset") && (
              <ConfirmButton
                variant="subtle"
                color="gray"
                title={t(address === "/home" ? "backToRole" : "backToShipped")}
                text={t(address === "/home" ? "backToRoleText" : "backToShippedText")}
                confirm={t(address === "/home" ? "backToRole" : "backToShipped")}
                onConfirm={async () => {
                  await reset.mutateAsync();
                  done.current = true;
                  onDone();
                }}
              >
                {t(address === "/home" ? "backToRole" : "backToShipped")}
              </ConfirmButton>
            )}
            <Button variant={gallery ? "light" : "default"} aria-pressed={gallery} leftSection={<IconLayoutGridAdd size={16} stroke={1.7} />} onClick={() => setGallery(!gallery)}>
              {t("gallery")}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                done.current = true;
                onDone();
              }}
            >
              {t(arranging.changed ? "discard" : "close")}
            </Button>
            <Button disabled={!arranging.changed} loading={save.isPending} onClick={() => void store()}>
              {t("save")}
            </Button>
          </>
        }
      >
        <VisuallyHidden role="status" aria-live="polite">
          {said}
        </VisuallyHidden>
        <UnsavedGuard changed={() => !done.current && arranging.changed} />
        <div className={classes.arranging} data-gallery={(gallery && !phone) || undefined}>
          <div className={classes.room}>
            <div ref={grid} className={classes.grid} data-arranged>
              {cards.map((one) => (
                <MovableCard
                  key={one.id}
                  card={one}
                  name={nameOf(one)}
                  style={sizeOf(one)}
                  grid={grid}
                  onStep={(by) => step(one, by)}
                  onResize={(size, held) => resize(one, size, held)}
                  onSettings={() => setSettingsOf(one.id)}
                  onRemove={() => takeAway(one)}
                />
              ))}
              <MovableCard.End empty={cards.length === 0} />
            </div>
          </div>
          {gallery && <Gallery phone={phone} onClose={() => setGallery(false)} onAdd={add} />}
        </div>
        {card && (
          <CardSettings
            card={card}
            name={nameOf(card)}
            onClose={() => setSettingsOf(undefined)}
            onSave={(part) => {
              put(changed(now.current, card.id, part));
              setSettingsOf(undefined);
            }}
          />
        )}
        {meanwhile && (
          <Overtaken
            onTheirs={() => {
              client.setQueryData(homeKeys.page(address), meanwhile);
              done.current = true;
              onDone();
            }}
            onMine={() => {
              setMeanwhile(undefined);
              void store(meanwhile.version);
            }}
            onClose={() => setMeanwhile(undefined)}
          />
        )}
      </Page>
    </DragDropProvider>
  );
}
