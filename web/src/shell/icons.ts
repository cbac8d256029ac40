import type { ComponentType } from "react";
import {
  IconBook, IconBriefcase, IconBuildingFactory2, IconBulb, IconCalendarEvent, IconCar, IconCertificate, IconChartBar, IconClipboardCheck, IconCoin,
  IconCube, IconDeviceDesktop, IconFileText, IconFlag, IconHeadset, IconHeartHandshake, IconMapPin, IconMessages, IconPackage, IconPhone, IconPresentation,
  IconReceipt, IconRocket, IconSchool, IconShieldCheck, IconStar, IconTicket, IconTool, IconTruck, IconWorld,
} from "@tabler/icons-react";

export type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

/** The short list from which an object's icon is chosen, by the key that is stored. */
export const ICONS: Record<string, Icon> = {
  cube: IconCube,
  map_pin: IconMapPin,
  calendar_event: IconCalendarEvent,
  briefcase: IconBriefcase,
  heart_handshake: IconHeartHandshake,
  presentation: IconPresentation,
  messages: IconMessages,
  phone: IconPhone,
  headset: IconHeadset,
  ticket: IconTicket,
  clipboard_check: IconClipboardCheck,
  file_text: IconFileText,
  certificate: IconCertificate,
  receipt: IconReceipt,
  coin: IconCoin,
  chart_bar: IconChartBar,
  package: IconPackage,
  truck: IconTruck,
  car: IconCar,
  tool: IconTool,
  building_factory: IconBuildingFactory2,
  device_desktop: IconDeviceDesktop,
  world: IconWorld,
  school: IconSchool,
  book: IconBook,
  bulb: IconBulb,
  rocket: IconRocket,
  flag: IconFlag,
  star: IconStar,
  shield_check: IconShieldCheck,
};
