// A quote that has been sent.
import { firstOf } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, api }) {
    const quote = await firstOf(api, "quote", { field: "quote_status", op: "eq", value: "sent" });
    await window.go(`/o/quote/${quote.id}`);
  },
};
