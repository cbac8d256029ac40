//! Figures as a reader of the paper writes them.

use model::number::div_half_up;
use model::{Amount, Currency, Date, Number};

use crate::document::Language;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// `1,234.50`, with the digits of the currency and more only where the amount has them. A minus is a minus, not a hyphen.
pub fn amount(amount: Amount, currency: Currency) -> String {
    grouped(&amount.show(currency))
}

/// `12,000` or `2.5`.
pub fn quantity(number: Number) -> String {
    grouped(&number.to_string())
}

/// `12.5%`.
pub fn percent(number: Number) -> String {
    format!("{}%", grouped(&number.to_string()))
}

/// `26 November 2026`, `2026年11月26日`.
pub fn date(date: Date, language: Language) -> String {
    let month = usize::try_from(date.month()).unwrap_or(1);
    match language {
        Language::English => format!("{} {} {}", date.day(), MONTHS[month - 1], date.year()),
        Language::Chinese => format!("{}年{}月{}日", date.year(), month, date.day()),
    }
}

fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("\u{2212}", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut shown = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// An amount of yuan in the capital numerals that a Chinese paper repeats its total in, so that no digit can be added:
/// `人民币壹仟零伍拾元整`. `None` for other currencies, which have no such custom.
pub fn in_capitals(amount: Amount, currency: Currency) -> Option<String> {
    if currency.code() != "CNY" {
        return None;
    }
    let fen = div_half_up(i128::from(amount.0), 100);
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = format!("人民币{sign}");
    if yuan > 0 || (jiao == 0 && fen == 0) {
        words.push_str(&whole(yuan));
        words.push('元');
    }
    match (jiao, fen) {
        (0, 0) => words.push('整'),
        (0, fen) => {
            if yuan > 0 {
                words.push('零');
            }
            words.push(CAPITALS[fen as usize]);
            words.push('分');
        }
        (jiao, fen) => {
            words.push(CAPITALS[jiao as usize]);
            words.push('角');
            if fen == 0 {
                words.push('整');
            } else {
                words.push(CAPITALS[fen as usize]);
                words.push('分');
            }
        }
    }
    Some(words)
}

const CAPITALS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// A whole number in capital numerals, by groups of four digits: each group has its own thousands, and between groups and
/// within them one 零 stands for any run of noughts.
fn whole(number: u128) -> String {
    if number == 0 {
        return CAPITALS[0].to_string();
    }
    let digits = number.to_string();
    let mut words = String::new();
    let mut gap = false;
    let mut in_group = false;
    for (index, digit) in digits.bytes().enumerate() {
        let (place, digit) = (digits.len() - 1 - index, usize::from(digit - b'0'));
        if digit == 0 {
            gap = true;
        } else {
            if gap && !words.is_empty() {
                words.push(CAPITALS[0]);
            }
            gap = false;
            in_group = true;
            words.push(CAPITALS[digit]);
            words.push_str(["", "拾", "佰", "仟"][place % 4]);
        }
        if place % 4 == 0 {
            // Ten thousand times a hundred million is said of both groups together: 壹万贰仟亿.
            if in_group || place == 8 && digits.len() > 12 {
                words.push_str(["", "万", "亿", "万"][place / 4 % 4]);
            }
            in_group = false;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn money(text: &str, currency: &str) -> (Amount, Currency) {
        (Amount::parse(text).unwrap(), currency.parse().unwrap())
    }

    #[test]
    fn amounts_are_grouped_and_keep_the_digits_of_the_currency() {
        for (text, currency, shown) in [
            ("1234567.5", "USD", "1,234,567.50"),
            ("-1234.5", "EUR", "\u{2212}1,234.50"),
            ("999", "JPY", "999"),
            ("1000", "JPY", "1,000"),
            ("0.0125", "USD", "0.0125"),
            ("1.5", "KWD", "1.500"),
        ] {
            let (value, currency) = money(text, currency);
            assert_eq!(amount(value, currency), shown);
        }
        assert_eq!(quantity(Number::parse("12000.250").unwrap()), "12,000.25");
        assert_eq!(percent(Number::parse("12.5").unwrap()), "12.5%");
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(date(day(2026, 3, 1), Language::English), "1 March 2026");
        assert_eq!(date(day(2026, 3, 1), Language::Chinese), "2026年3月1日");
    }

    #[test]
    fn yuan_are_repeated_in_capital_numerals() {
        for (text, words) in [
            ("0", "人民币零元整"),
            ("1050", "人民币壹仟零伍拾元整"),
            ("10050.05", "人民币壹万零伍拾元零伍分"),
            ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
            ("107000.50", "人民币壹拾万零柒仟元伍角整"),
            ("100000000", "人民币壹亿元整"),
            ("100000500", "人民币壹亿零伍佰元整"),
            ("120034005.6", "人民币壹亿贰仟零叁万肆仟零伍元陆角整"),
            ("1234500000000", "人民币壹万贰仟叁佰肆拾伍亿元整"),
            ("1000000000000", "人民币壹万亿元整"),
            ("0.35", "人民币叁角伍分"),
            ("0.05", "人民币伍分"),
            ("-12", "人民币负壹拾贰元整"),
        ] {
            let (value, currency) = money(text, "CNY");
            assert_eq!(in_capitals(value, currency).unwrap(), words, "{text}");
        }
        let (value, currency) = money("12", "USD");
        assert_eq!(in_capitals(value, currency), None);
    }
}
