import type { ComponentType } from "react";
import type { Rec } from "~/api/types";

/** A tab of a person's drawer besides what he is and owns; its name is a text of this room. */
export type PersonTab = { key: string; label: `tab_${string}`; Show: ComponentType<{ person: Rec }> };

export const PERSON_TABS: PersonTab[] = [];
