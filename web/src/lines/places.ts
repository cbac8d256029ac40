/** The objects whose records are lines, by the record they live in. */
export const LINES: Record<string, string> = { opportunity: "opportunity_line", quote: "quote_line", sales_order: "sales_order_line", price_book: "price_book_entry" };
export const isLine = (object: string) => object.endsWith("_line") && Object.values(LINES).includes(object);
/** Whether its rows name a product that brings its price. */
export const isPriced = (object: string) => Object.values(LINES).includes(object);
