import { Accessibility, Feedback, PointerActivationConstraints, StyleInjector } from "@dnd-kit/dom";
import { PointerSensor } from "@dnd-kit/react";
import { nonce } from "./nonce";

const TOUCH_HOLD = 220;

const stillness = Feedback.configure({ dropAnimation: null });
/** Style sheets of the library are let through by the content security policy. */
export const styles = StyleInjector.configure({ nonce });

/** Our own words and keys take the place of the library's: it would turn whatever is dragged into a button. */
export const ownWords = <T,>(plugins: T[]): (T | typeof stillness | typeof styles)[] => [
  ...plugins.filter((plugin) => (plugin as unknown) !== Accessibility),
  stillness,
  styles,
];

/** Fingers hold a moment before a drag begins, so that swiping still scrolls. What `except` selects is left alone. */
export const pointerExcept = (except: string) =>
  PointerSensor.configure({
    activationConstraints: (event) =>
      event.pointerType === "mouse"
        ? [new PointerActivationConstraints.Distance({ value: 5 })]
        : [new PointerActivationConstraints.Delay({ value: TOUCH_HOLD, tolerance: 8 })],
    preventActivation: (event) => event.target instanceof Element && event.target.closest(except) !== null,
  });
