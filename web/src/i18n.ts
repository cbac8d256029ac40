import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Label, Language } from "./api/types";

type Rooms = { rooms: Record<string, Record<string, unknown>> };

/** What people read all day, and what is read at settings alone. */
type Part = "daily" | "settings";

/** The texts of a language are read when it is spoken: nobody waits for those of another. */
const LANGUAGES: Record<Language, Record<Part, () => Promise<Rooms>>> = {
  en: { daily: () => import("./languages/en"), settings: () => import("./languages/settings.en") },
  "zh-CN": { daily: () => import("./languages/zh"), settings: () => import("./languages/settings.zh") },
};

const KEPT_LANGUAGE = "stagecraft-language";

/** The language before anybody has signed in: what was chosen here last, else what the browser asks for. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_LANGUAGE);
  if (kept === "en" || kept === "zh-CN") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

void i18next.use(initReactI18next).init({
  resources: {},
  lng: firstLanguage(),
  fallbackLng: "en",
  defaultNS: "ui",
  interpolation: { escapeValue: false },
  initAsync: false,
  // Texts that come later draw what waited for them.
  react: { bindI18nStore: "added" },
});
document.documentElement.lang = i18next.language;

const read = new Map<string, Promise<void>>();
let settingsAsked = false;

function readTexts(language: Language, part: Part): Promise<void> {
  const key = `${language} ${part}`;
  let reading = read.get(key);
  if (!reading) {
    reading = LANGUAGES[language][part]().then(({ rooms }) => {
      // A room is called as its folder.
      for (const [path, texts] of Object.entries(rooms)) i18next.addResourceBundle(language, path.split("/").at(-2)!, texts);
    });
    read.set(key, reading);
    reading.catch(() => read.delete(key));
  }
  return reading;
}

/** The texts to begin with are there. */
export const ready: Promise<void> = readTexts(firstLanguage(), "daily");

/** The texts of settings, whatever language is spoken from now on. */
export function settingsTexts(): Promise<void> {
  settingsAsked = true;
  return readTexts(currentLanguage(), "settings");
}

/** Goes over to a language, as soon as its texts are there. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_LANGUAGE, language);
  await Promise.all([readTexts(language, "daily"), settingsAsked ? readTexts(language, "settings") : null]);
  // Somebody may have chosen another meanwhile.
  if (firstLanguage() !== language) return;
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
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
