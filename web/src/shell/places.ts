import type { ComponentType } from "react";
import {
  IconAddressBook, IconBox, IconBriefcase, IconBuilding, IconBuildingSkyscraper, IconFileImport, IconHome, IconLayoutKanban, IconListDetails,
  IconRoute, IconSettings, IconTargetArrow, IconUser, IconUsers, IconTag, IconFileInvoice, IconShoppingCart, IconCube, IconSwords, IconUsersGroup,
} from "@tabler/icons-react";
import type { Me, ObjectDef } from "~/api/types";
import { livesInAnother } from "~/records/relations";

type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

const OBJECT_ICONS: Record<string, Icon> = {
  opportunity: IconTargetArrow,
  account: IconBuilding,
  contact: IconAddressBook,
  product: IconBox,
  lead: IconBriefcase,
  quote: IconFileInvoice,
  sales_order: IconShoppingCart,
  price_book: IconTag,
  competitor: IconSwords,
  opportunity_line: IconListDetails,
  contact_role: IconUsersGroup,
  employee: IconUser,
  department: IconBuildingSkyscraper,
};

export const iconOf = (object: string): Icon => OBJECT_ICONS[object] ?? IconCube;

/** Objects with a place of their own in the navigation: those that live in another are met there, people under administration. */
export function navigableObjects(objects: ObjectDef[]): ObjectDef[] {
  return objects.filter((object) => !livesInAnother(object) && object.key !== "employee" && object.key !== "department");
}

export type Place = { key: "home" | "board" | "imports" | "pipelines" | "stages" | "people" | "organisation"; to: string; icon: Icon };

export const HOME: Place = { key: "home", to: "/", icon: IconHome };
export const BOARD: Place = { key: "board", to: "/o/opportunity/board", icon: IconLayoutKanban };

/** Screens for work on the system itself, as far as one may do it. */
export function administrationOf(me: Me): Place[] {
  if (!me.admin) return [];
  return [
    { key: "pipelines", to: "/admin/pipelines", icon: IconRoute },
    { key: "stages", to: "/admin/stages", icon: IconListDetails },
    { key: "people", to: "/admin/people", icon: IconUsers },
    { key: "organisation", to: "/admin/organisation", icon: IconSettings },
    { key: "imports", to: "/imports", icon: IconFileImport },
  ];
}
