/** The two days that a text may mean, day or month first; nothing where only one of them is a day. */
export function bothDays(text: string): { dmy: string; mdy: string } | undefined {
  const [, a, b, year] = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b/.exec(text) ?? [];
  if (!a || !b || !year || Number(a) === Number(b)) return undefined;
  const full = year.length === 2 ? `20${year}` : year;
  const day = (month: string, of: string) => (Number(month) >= 1 && Number(month) <= 12 && Number(of) >= 1 && Number(of) <= 31 ? `${full}-${month.padStart(2, "0")}-${of.padStart(2, "0")}` : undefined);
  const [dmy, mdy] = [day(b, a), day(a, b)];
  return dmy && mdy ? { dmy, mdy } : undefined;
}
