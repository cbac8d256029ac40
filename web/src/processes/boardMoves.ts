import type { Board, BoardColumn, MoneyValue, Rec, Value } from "~/api/types";
import { addDecimal, addToTotals } from "./amounts";

/** Whether a field's value is an amount of money. */
export function isMoney(value: Value): value is MoneyValue {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

/** The plain figure of a total, which the API gives as text or as money. */
export function figureOf(total: MoneyValue | string | null | undefined): string | undefined {
  if (!total) return undefined;
  return typeof total === "string" ? total : total.amount;
}

// Only an amount in the main currency can be added here: converting is the server's business, whose totals arrive with the next reading.
function adjusted(column: BoardColumn, card: Rec, sign: 1 | -1, mainCurrency: string): BoardColumn {
  const amount = card.fields["amount"];
  const next = { ...column, count: Math.max(0, column.count + sign) };
  if (!isMoney(amount)) return next;
  next.totals = addToTotals(column.totals, amount, sign);
  const main = figureOf(column.amount_main);
  if (main !== undefined && amount.currency === mainCurrency) next.amount_main = addDecimal(main, amount.amount, sign);
  return next;
}

/** The column that holds a card, as far as it is loaded. */
export function columnOf(board: Board, id: string): BoardColumn | undefined {
  return board.columns.find((column) => column.items.some((item) => item.id === id));
}

/**
 * The board as it will look when the move has gone through: the card on top of its new column, counts and totals taken along.
 * A card that came with a later page of its column is not in the board and is handed in whole.
 */
export function withCardMoved(board: Board, card: Rec, from: string, to: string, at: string): Board {
  if (from === to) return board;
  const moved: Rec = { ...card, fields: { ...card.fields, stage: to, stage_entered_at: at, stage_due_at: null, overdue: false } };
  return {
    ...board,
    columns: board.columns.map((column) => {
      if (column.stage === from) {
        return { ...adjusted(column, card, -1, board.main_currency), items: column.items.filter((item) => item.id !== card.id) };
      }
      if (column.stage === to) {
        return { ...adjusted(column, card, 1, board.main_currency), items: [moved, ...column.items.filter((item) => item.id !== card.id)] };
      }
      return column;
    }),
  };
}

/** The board with a card as it has been saved: the next move of it must name this version. */
export function withCardSaved(board: Board, saved: Rec): Board {
  const put = (card: Rec) => (card.id === saved.id && card.revision < saved.revision ? { ...card, ...saved } : card);
  return { ...board, columns: board.columns.map((column) => ({ ...column, items: column.items.map(put) })), refs: { ...board.refs, ...saved.refs } };
}

/** Cards of the board followed by later pages, each once: a card that moved up while pages were read is not shown twice. */
export function uniqueCards(first: Rec[], later: Rec[]): Rec[] {
  const seen = new Set<string>();
  return [...first, ...later].filter((card) => !seen.has(card.id) && seen.add(card.id));
}

/** The neighbour a keyboard drag goes to next, or the same column at the edge. */
export function neighbourStage(stages: string[], current: string, step: 1 | -1): string {
  const index = stages.indexOf(current);
  return stages[Math.min(stages.length - 1, Math.max(0, index + step))] ?? current;
}
