import { useTranslation } from "react-i18next";
import { useGallery, type GalleryEntry, type GalleryFolder, type HomeCard } from "~/api/home";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { en } from "./texts";

const entriesOf = (folder: GalleryFolder): GalleryEntry[] => [...folder.entries, ...folder.folders.flatMap(entriesOf)];

/** What a card is called: its title, else its name in the gallery, else its kind. */
export function useCardName(): (card: HomeCard) => string {
  const { t } = useTranslation("home");
  const label = useLabel();
  const objects = useObjects();
  const entries = (useGallery().data?.folders ?? []).flatMap(entriesOf);
  return (card) => {
    if (card.title) return card.title;
    const settings = JSON.stringify(card.settings);
    const entry = entries.find((one) => one.kind === card.kind && JSON.stringify(one.settings) === settings);
    if (entry) return label(entry.label);
    const object = card.kind === "list" ? objects.find((one) => one.key === card.settings.object) : undefined;
    if (object) return label(object.plural);
    return card.kind in en.kinds ? t(`kinds.${card.kind as keyof typeof en.kinds}`) : card.kind;
  };
}
