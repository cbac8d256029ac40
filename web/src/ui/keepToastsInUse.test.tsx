import { MantineProvider } from "@mantine/core";
import { Notifications, notifications, notificationsStore } from "@mantine/notifications";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepToastsInUse } from "./keepToastsInUse";

let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  stop = keepToastsInUse();
  render(
    <MantineProvider env="test">
      <Notifications autoClose={6_000} />
      <button type="button">Elsewhere</button>
    </MantineProvider>,
  );
});

afterEach(() => {
  stop();
  act(() => notifications.clean());
  vi.useRealTimers();
});

/** Those that have not been let go. */
const told = () => notificationsStore.getState().notifications.length;
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("a message stays while the focus is in it, and goes in its time once that has left", () => {
  act(() => void notifications.show({ message: <button type="button">Undo</button>, autoClose: 1_000 }));
  pass(900);
  act(() => screen.getByText("Undo").focus());
  pass(60_000);
  expect(told()).toBe(1);
  act(() => screen.getByText("Elsewhere").focus());
  pass(900);
  expect(told()).toBe(1);
  pass(200);
  expect(told()).toBe(0);
});

test("one that has no time of its own gets that of all others back", () => {
  act(() => void notifications.show({ message: "Saved" }));
  pass(5_000);
  const close = document.querySelector<HTMLElement>(".mantine-Notification-closeButton");
  act(() => close?.focus());
  pass(60_000);
  expect(told()).toBe(1);
  act(() => screen.getByText("Elsewhere").focus());
  pass(6_100);
  expect(told()).toBe(0);
});

test("one in which nobody is goes in its time", () => {
  act(() => void notifications.show({ message: "Saved", autoClose: 1_000 }));
  pass(1_100);
  expect(told()).toBe(0);
});
