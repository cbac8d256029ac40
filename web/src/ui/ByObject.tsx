import type { ReactNode } from "react";
import { useObjects } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { ObjectSection } from "./ObjectSection";

type Props<Item extends { object: string }> = {
  items: Item[];
  /** Which objects have a section; those of which there is something, where that is left out. */
  objects?: ObjectDef[];
  /** Where in the object its own settings of this kind are. */
  tab?: string;
  children: (object: ObjectDef, items: Item[]) => ReactNode;
};

/** What is kept for several objects: a section for each. */
export function ByObject<Item extends { object: string }>({ items, objects, tab, children }: Props<Item>) {
  const all = useObjects();
  const shown = objects ?? all.filter((object) => items.some((item) => item.object === object.key));
  return shown.map((object) => (
    <ObjectSection key={object.key} object={object} tab={tab}>
      {children(object, items.filter((item) => item.object === object.key))}
    </ObjectSection>
  ));
}
