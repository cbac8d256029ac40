import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { ready, setLanguage, settingsTexts } from "./i18n";

// Tests speak both languages without waiting for either.
await ready;
await settingsTexts();
await setLanguage("zh-CN");
await setLanguage("en");
localStorage.clear();

afterEach(cleanup);

// Mantine asks for these at mount; the test document has neither.
Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: (media: string) => ({ media, matches: false, onchange: null, addEventListener: vi.fn(), removeEventListener: vi.fn(), addListener: vi.fn(), removeListener: vi.fn(), dispatchEvent: vi.fn() }),
});
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
