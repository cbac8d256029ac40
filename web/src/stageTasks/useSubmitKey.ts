import type { KeyboardEvent } from "react";

/** Ctrl Enter sends a form from wherever one stands in it. */
export function useSubmitKey(submit: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };
}
