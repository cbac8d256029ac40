//! Numbers that the product gives: `OPP-{yyyy}-{0000}`.

use crate::Date;

/// A pattern of auto numbers: text, `{yyyy}`, `{mm}`, `{dd}`, and one run of zeros in braces for the counter.
pub struct AutoNumber<'a>(pub &'a str);

impl AutoNumber<'_> {
    /// The `n`th number on `day`.
    pub fn show(&self, n: i64, day: Date) -> String {
        let mut out = String::new();
        let mut rest = self.0;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((slot, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match slot {
                "yyyy" => out.push_str(&format!("{:04}", day.year())),
                "mm" => out.push_str(&format!("{:02}", day.month())),
                "dd" => out.push_str(&format!("{:02}", day.day())),
                zeros if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => {
                    out.push_str(&format!("{n:0width$}", width = zeros.len()));
                }
                other => out.push_str(&format!("{{{other}}}")),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_the_slots() {
        let day = jiff::civil::date(2026, 3, 9);
        assert_eq!(AutoNumber("OPP-{yyyy}-{0000}").show(7, day), "OPP-2026-0007");
        assert_eq!(AutoNumber("{00}{x}{").show(123, day), "123{x}{");
    }
}
