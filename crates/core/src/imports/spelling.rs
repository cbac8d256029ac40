//! How a column writes its numbers and dates. Found out from the whole column; what stays ambiguous is said, not guessed.

use model::Date;
use serde::{Deserialize, Serialize};

/// Which comes first in dates such as 03/04/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    #[serde(alias = "dmy")]
    DayFirst,
    #[serde(alias = "mdy")]
    MonthFirst,
    #[serde(alias = "ymd")]
    YearFirst,
}

/// The mark before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    #[serde(alias = ".")]
    Point,
    #[serde(alias = ",")]
    Comma,
}

/// What a value tells of its column's decimal mark: one that has both marks does, and one whose mark cannot divide thousands. A column
/// without such a value has the point, since then every comma stands before three digits.
pub fn decimal_evidence(text: &str) -> Option<DecimalMark> {
    match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) => Some(if comma > point { DecimalMark::Comma } else { DecimalMark::Point }),
        (None, Some(_)) if !divides_thousands(text, ',') => Some(DecimalMark::Comma),
        (Some(_), None) if text.matches('.').count() > 1 && divides_thousands(text, '.') => Some(DecimalMark::Comma),
        (Some(_), None) if !divides_thousands(text, '.') => Some(DecimalMark::Point),
        _ => None,
    }
}

/// A number, perhaps with a currency, a sign of per cent, brackets or signs that divide thousands.
pub fn is_number(text: &str) -> bool {
    let bare = bare_number(text);
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let signs = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    // Days are written with points as well.
    digits > 0 && bare.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')) && bare.chars().all(signs) && !is_day(text)
}

/// The digits and marks of a number: without its currency, its sign and its brackets.
pub fn bare_number(text: &str) -> &str {
    let mut bare = text.trim();
    for sign in ["€", "£", "$", "¥", "￥"] {
        bare = bare.strip_prefix(sign).or_else(|| bare.strip_suffix(sign)).unwrap_or(bare).trim();
    }
    let letters = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_uppercase());
    if let Some(rest) = bare.get(3..).filter(|_| bare.get(..3).is_some_and(letters)) {
        bare = rest.trim();
    }
    let at = bare.len().saturating_sub(3);
    if bare.get(at..).is_some_and(letters) {
        bare = bare[..at].trim();
    }
    bare = bare.strip_suffix('%').unwrap_or(bare).trim();
    if let Some(inner) = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return inner.trim();
    }
    bare.strip_prefix(['-', '+', '\u{2212}']).or_else(|| bare.strip_suffix('-')).unwrap_or(bare).trim()
}

/// A day, perhaps with a time behind it.
pub fn is_day(text: &str) -> bool {
    let day = text.trim().split([' ', 'T']).next().unwrap_or(text);
    // Eight digits alone are more often a number.
    day.contains(['-', '/', '.', '年']) && read_date(text, Some(DateOrder::DayFirst)) != ReadDate::Not
        || day.contains(['-', '/']) && read_date(text, Some(DateOrder::MonthFirst)) != ReadDate::Not
}

/// True when each mark is followed by exactly three digits.
fn divides_thousands(text: &str, mark: char) -> bool {
    text.split(mark).skip(1).all(|part| part.chars().take_while(char::is_ascii_digit).count() == 3)
}

/// A number as the product writes it: `1.234,50` → `1234.50`, `(5)` and `5-` → `-5`. Anything that is not a number comes back as it is, to be
/// refused by its field.
pub fn plain_number(text: &str, mark: DecimalMark) -> String {
    let (decimal, thousands) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let whole_text = text.trim().trim_end_matches('%').trim_end();
    let bracketed = whole_text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let behind = || whole_text.strip_suffix('-').filter(|rest| !rest.is_empty() && !rest.starts_with('-'));
    let (negative, text) = match bracketed.or_else(behind) {
        Some(inner) => (true, inner.trim()),
        None => (false, whole_text),
    };
    let whole = text.split(decimal).next().unwrap_or("");
    let fraction = text.split_once(decimal).map_or("", |(_, fraction)| fraction);
    if whole.contains(thousands) && !divides_thousands(whole, thousands) || fraction.contains(thousands) {
        return whole_text.to_owned();
    }
    let plain = text.chars().filter(|c| *c != thousands && !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).map(|c| match c {
        '\u{2212}' => '-',
        c if c == decimal => '.',
        c => c,
    });
    let sign = if negative { "-" } else { "" };
    sign.chars().chain(plain).collect()
}

/// What a value tells of the order of its column's dates: one above 12 does, and a point, which only those write who put the day first.
pub fn date_evidence(text: &str) -> Option<DateOrder> {
    let (first, second, _) = short_parts(text)?;
    if first > 12 || text.contains('.') {
        return Some(DateOrder::DayFirst);
    }
    (second > 12).then_some(DateOrder::MonthFirst)
}

/// What became of a text that should be a date.
#[derive(Debug, PartialEq)]
pub enum ReadDate {
    Date(Date),
    /// Day and month could be exchanged and nothing says which is which.
    Ambiguous,
    Not,
}

/// Reads `2026-11-23`, `2026/11/23`, `20261123`, `2026年11月23日`, and `23.11.2026` or `11/23/2026` in the column's order.
/// A time of day after it is left aside.
pub fn read_date(text: &str, order: Option<DateOrder>) -> ReadDate {
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    if let Some((year, month, day)) = long_parts(day) {
        return date(year, month, day);
    }
    let Some((first, second, year)) = short_parts(day) else { return ReadDate::Not };
    match order {
        Some(DateOrder::DayFirst) => date(year, second, first),
        Some(DateOrder::MonthFirst) => date(year, first, second),
        _ if first == second => date(year, first, second),
        Some(DateOrder::YearFirst) | None => ReadDate::Ambiguous,
    }
}

fn date(year: u32, month: u32, day: u32) -> ReadDate {
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year), Ok(month), Ok(day)) if year > 0 => Date::new(year, month, day).map_or(ReadDate::Not, ReadDate::Date),
        _ => ReadDate::Not,
    }
}

fn long_parts(text: &str) -> Option<(u32, u32, u32)> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?));
    }
    let parts = numbers(text)?;
    (parts.0.len() == 4).then_some(())?;
    Some((parts.0.parse().ok()?, parts.1.parse().ok()?, parts.2.parse().ok()?))
}

/// First, second and year of a date that ends with its year.
fn short_parts(text: &str) -> Option<(u32, u32, u32)> {
    let parts = numbers(text.trim().split([' ', 'T']).next()?)?;
    (parts.2.len() == 4 && parts.0.len() <= 2).then_some(())?;
    Some((parts.0.parse().ok()?, parts.1.parse().ok()?, parts.2.parse().ok()?))
}

fn numbers(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?.trim_end_matches('日'));
    let digits = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    (parts.next().is_none() && digits(first) && digits(second) && digits(third)).then_some((first, second, third))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_read_as_their_column_writes_them() {
        for (column, plain) in [
            (&["1,234.50", "7"][..], &["1234.50", "7"][..]),
            (&["1.234,50", "1.000"], &["1234.50", "1000"]),
            (&["12,5", "1.000"], &["12.5", "1000"]),
            (&["1,234", "5"], &["1234", "5"]),
            (&["1.5", "1,000"], &["1.5", "1000"]),
            (&["1.234.567"], &["1234567"]),
            (&["1 234,5", "10%"], &["1234.5", "10"]),
            (&["1,2,3"], &["1.2.3"]),
            (&["abc"], &["abc"]),
            (&["(1,234.50)", "7-", "-3", "−4"], &["-1234.50", "-7", "-3", "-4"]),
            (&["1’234.5"], &["1234.5"]),
            // Written in another way than its column: not a number, rather than another one.
            (&["1.5", "1.234,50"], &["1.5", "1.234,50"]),
        ] {
            let mark = column.iter().find_map(|text| decimal_evidence(text)).unwrap_or(DecimalMark::Point);
            let read: Vec<String> = column.iter().map(|text| plain_number(text, mark)).collect();
            assert_eq!(read, plain, "{column:?}");
        }
    }

    #[test]
    fn dates_are_read_in_their_order_or_called_ambiguous() {
        let day = ReadDate::Date(date(2026, 11, 3));
        for text in ["2026-11-03", "2026/11/3", "20261103", "2026年11月3日", "2026-11-03 14:30", "2026-11-03T00:00:00Z"] {
            assert_eq!(read_date(text, None), day, "{text}");
        }
        assert_eq!(["1/2/2026", "3.11.2026"].iter().find_map(|text| date_evidence(text)), Some(DateOrder::DayFirst));
        assert_eq!(["1/2/2026", "11/13/2026"].iter().find_map(|text| date_evidence(text)), Some(DateOrder::MonthFirst));
        assert_eq!(date_evidence("1/2/2026"), None);
        assert_eq!(read_date("3.11.2026", Some(DateOrder::DayFirst)), day);
        assert_eq!(read_date("11/03/2026", Some(DateOrder::MonthFirst)), day);
        assert_eq!(read_date("11/03/2026", None), ReadDate::Ambiguous);
        for text in ["2026-13-01", "yesterday", "1/2", "31.2.2026"] {
            assert_eq!(read_date(text, Some(DateOrder::DayFirst)), ReadDate::Not, "{text}");
        }
    }
}
