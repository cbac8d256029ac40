import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Label, Language } from "./api/types";

type Texts = Record<string, unknown>;
type Room = { en?: Texts; zh?: Texts; default?: { en: Texts; zh: Texts } };

const rooms = import.meta.glob<Room>("./**/texts.ts", { eager: true });
const resources: Record<Language, Record<string, Texts>> = { en: {}, "zh-CN": {} };
for (const [path, room] of Object.entries(rooms)) {
  const name = path.split("/").at(-2)!;
  const { en, zh } = room.default ?? room;
  resources.en[name] = en ?? {};
  resources["zh-CN"][name] = zh ?? {};
}

const KEPT_LANGUAGE = "stagecraft-language";

/** The language before anybody has signed in: what was chosen here last, else what the browser asks for. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_LANGUAGE);
  if (kept === "en" || kept === "zh-CN") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

void i18next.use(initReactI18next).init({
  resources,
  lng: firstLanguage(),
  fallbackLng: "en",
  defaultNS: "ui",
  interpolation: { escapeValue: false },
  initAsync: false,
});
document.documentElement.lang = i18next.language;

export function setLanguage(language: Language) {
  localStorage.setItem(KEPT_LANGUAGE, language);
  document.documentElement.lang = language;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}

export function currentLanguage(): Language {
  return i18next.language === "zh-CN" ? "zh-CN" : "en";
}

/** The language of the screen; a component that uses it is drawn again when it changes. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === "zh-CN" ? "zh-CN" : "en";
}

export function labelIn(label: Partial<Label> | string | null | undefined, language: Language): string {
  if (!label) return "";
  return typeof label === "string" ? label : label[language] || label.en || "";
}

/** Reads a label from the server in the reader's language. */
export function useLabel() {
  const language = useLanguage();
  return (label: Partial<Label> | string | null | undefined) => labelIn(label, language);
}

export { i18next };
