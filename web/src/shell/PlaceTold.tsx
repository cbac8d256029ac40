import { useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** Says to whoever hears the screen read where one has come: nothing else tells that another screen is there. */
export function PlaceTold() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [told, setTold] = useState("");
  const [begun, setBegun] = useState(path);
  useEffect(() => {
    // The browser reads the first one by itself.
    if (path === begun) return;
    setBegun("");
    const soon = window.setTimeout(() => setTold(document.title.replace(/ · Stagecraft$/, "")), 400);
    return () => window.clearTimeout(soon);
  }, [path, begun]);
  return (
    <p className="visually-hidden" aria-live="polite" aria-atomic="true" data-place>
      {told}
    </p>
  );
}
