import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { keys } from "~/api/queries";
import type { Condition, Violation } from "~/api/types";
import { ConditionEditor } from "./ConditionEditor";
import { objects } from "./testObjects";

function show(value: Condition | undefined, findings: Violation[] = [], lasting = false) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  client.setQueryData(keys.objects, { meta_version: 1, objects });
  client.setQueryData(keys.me, { organisation: { main_currency: "USD" }, time_zone: "UTC" });
  client.setQueryData(keys.rates, { items: [] });
  const onChange = vi.fn();
  render(
    <QueryClientProvider client={client}>
      <MantineProvider>
        <ConditionEditor label="To enter" value={value} findings={findings} ownOnly={lasting} lasting={lasting} onChange={onChange} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return onChange;
}

it("adds a line with the first field", () => {
  const onChange = show(undefined);
  fireEvent.click(screen.getByRole("button", { name: "Add a line" }));
  expect(onChange).toHaveBeenCalledWith({ all: [{ field: "name", op: "is_not_empty" }] });
});

it("takes a line out, and leaves what it cannot draw as it is", () => {
  const odd = { field: "no_such_field", op: "eq", value: 1 } as Condition;
  const onChange = show({ all: [{ field: "name", op: "is_not_empty" }, odd] });
  expect(screen.getByText(/cannot be drawn/)).toBeTruthy();
  fireEvent.click(screen.getAllByRole("button", { name: "Remove this line" })[0]!);
  expect(onChange).toHaveBeenCalledWith({ all: [odd] });
});

it("draws groups, what is not so, and counts of other records", () => {
  show({
    all: [
      { any: [{ field: "account.sector", op: "eq", value: "medical" }, { field: "win_rate", op: "between", value: ["10", "20"] }] },
      { not: { field: "name", op: "eq", value: "x" } },
      { exists: { object: "contact_role", at_least: 2, where: { field: "role", op: "eq", value: "decision_maker" } } },
    ],
  });
  expect(screen.queryByText(/cannot be drawn/)).toBeNull();
  expect(screen.getByRole("button", { name: "Field: Account › Sector" })).toBeTruthy();
  expect(screen.getByRole("group", { name: "It is not so that" })).toBeTruthy();
  expect(screen.getByRole("textbox", { name: "From" })).toHaveProperty("value", "10");
  expect(within(screen.getByRole("group", { name: "Count other records" })).getByRole("button", { name: "Field: Role" })).toBeTruthy();
});

it("offers nothing that changes by itself where it must last", () => {
  show({ all: [{ field: "expected_close_date", op: "is_empty" }, { field: "owner", op: "is_empty" }] }, [], true);
  const offered = (at: number) => {
    fireEvent.click(screen.getAllByRole("combobox", { name: "Comparison" })[at]!);
    return screen.getAllByRole("option", { hidden: true }).map((option) => option.textContent);
  };
  expect(offered(0)).toContain("is filled in");
  expect(offered(0)).not.toContain("within");
  const people = offered(1);
  expect(people).toContain("one of");
  expect(people).not.toContain("is me");
  expect(people).not.toContain("is one of my people");
});

it("changes one row and nothing else", () => {
  const rest: Condition = { not: { any: [{ field: "overdue", op: "eq", value: true }] } };
  const onChange = show({ all: [{ field: "name", op: "contains", value: "a" }, rest] });
  fireEvent.change(screen.getByRole("textbox", { name: "Value" }), { target: { value: "ab" } });
  expect(onChange).toHaveBeenCalledWith({ all: [{ field: "name", op: "contains", value: "ab" }, rest] });
});

it("takes a group out with its last line", () => {
  const onChange = show({ all: [{ field: "name", op: "is_empty" }, { any: [{ field: "overdue", op: "eq", value: true }] }] });
  fireEvent.click(within(screen.getByRole("group", { name: "Group" })).getByRole("button", { name: "Remove this line" }));
  expect(onChange).toHaveBeenCalledWith({ all: [{ field: "name", op: "is_empty" }] });
});

it("shows a finding at the row it concerns", () => {
  show({ all: [{ field: "name", op: "eq" }, { field: "overdue", op: "eq", value: true }] }, [{ code: "condition.invalid", path: "name", message: "A value is missing." }]);
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toContain("A value is missing.");
  expect(alert.closest("[data-wrong]")?.textContent).toContain("Name");
});
