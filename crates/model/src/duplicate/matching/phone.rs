//! Telephone numbers, as comparisons see them.

use super::countries::{Plan, of_country, of_digits};

/// Numbers of fewer digits tell nothing.
const FEWEST: usize = 5;

/// A number as it is called from anywhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Phone {
    /// With the calling code where that is known (E.164 without its plus), else the digits as they were written.
    pub digits: String,
    /// The extension behind it, blank where there is none.
    pub extension: String,
}

/// Reads a number written in a country, by its ISO code, which may be blank. `None` where it has fewer than five digits.
pub fn read(text: &str, country: &str) -> Option<Phone> {
    let text = crate::text::fold(text);
    let (number, extension) = match text.find(['x', '#']) {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let plus = number.trim_start_matches(['(', ' ', '*']).starts_with('+');
    let digits = only_digits(&number.replace("(0)", if plus || number.trim_start().starts_with("00") { "" } else { "0" }));
    if digits.len() < FEWEST {
        return None;
    }
    let extension = only_digits(extension);
    let home = of_country(country);
    let digits = match home {
        _ if plus => abroad(&digits),
        Some(home) => at_home(&digits, home),
        // Who knows of no country still knows what 00 means nearly everywhere.
        None => digits.strip_prefix("00").filter(|rest| rest.len() >= FEWEST).map_or_else(|| digits.clone(), abroad),
    };
    (digits.len() >= FEWEST).then_some(Phone { digits, extension })
}

fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// With a calling code in front; a trunk that was written behind it all the same is taken out.
fn abroad(digits: &str) -> String {
    let Some(plan) = of_digits(digits) else { return digits.to_owned() };
    format!("{}{}", plan.code, untrunked(&digits[plan.code.len()..], plan))
}

fn at_home(digits: &str, home: &Plan) -> String {
    if let Some(rest) = digits.strip_prefix(home.abroad).filter(|rest| rest.len() >= FEWEST && of_digits(rest).is_some()) {
        return abroad(rest);
    }
    // Too long for a number of the country, and the country's own code in front: only the plus is missing.
    if digits.len() > home.longest
        && let Some(rest) = digits.strip_prefix(home.code).filter(|rest| rest.len() <= home.longest && rest.len() + 3 >= home.longest)
    {
        return format!("{}{}", home.code, untrunked(rest, home));
    }
    format!("{}{}", home.code, untrunked(digits, home))
}

fn untrunked<'a>(digits: &'a str, plan: &Plan) -> &'a str {
    // A digit that numbers may begin with is a trunk only where the number is too long without that.
    let sure = plan.trunk.starts_with('0') || digits.len() > plan.longest;
    match digits.strip_prefix(plan.trunk) {
        Some(rest) if sure && !plan.trunk.is_empty() && rest.len() >= 4 => rest,
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str, country: &str) -> String {
        read(text, country).map(|phone| phone.digits).unwrap_or_default()
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let written = [
            (
                "DE",
                "493012345678",
                &["030 12345678", "+49 30 1234 5678", "0049-30-12345678", "+49 (0)30 12345678", "(030) 12345678", "+49 030 12345678"][..],
            ),
            (
                "CN",
                "8613800138000",
                &["138 0013 8000", "+86 138-0013-8000", "0086 13800138000", "8613800138000", "０１３８００１３８０００"],
            ),
            ("CN", "861082345678", &["010-82345678", "+86 10 8234 5678", "(010) 8234-5678", "86 10 82345678"]),
            ("US", "12125550123", &["(212) 555-0123", "1-212-555-0123", "+1 212 555 0123", "011 1 212 555 0123", "212.555.0123"]),
            ("FR", "33142685300", &["01 42 68 53 00", "+33 1 42 68 53 00", "0033 (0)1 42 68 53 00"]),
            ("GB", "442079460000", &["020 7946 0000", "+44 (0)20 7946 0000"]),
            ("RU", "74951234567", &["8 495 123-45-67", "+7 495 1234567", "4951234567"]),
            ("IT", "390612345678", &["06 12345678", "+39 06 12345678"]),
            ("", "493012345678", &["+49 30 12345678", "0049 30 12345678"]),
        ];
        for (country, expected, texts) in written {
            for text in texts {
                assert_eq!(digits(text, country), expected, "{text} in {country}");
            }
        }
    }

    #[test]
    fn other_countries_and_extensions_are_other_numbers() {
        assert_ne!(digits("030 12345678", "DE"), digits("030 12345678", "AT"));
        assert_ne!(digits("030 12345678", "DE"), digits("+43 30 12345678", "DE"));
        let phone = read("212-555-0123 x45", "US").unwrap();
        assert_eq!((phone.digits.as_str(), phone.extension.as_str()), ("12125550123", "45"));
        assert_eq!(read("12-34", "DE"), None);
        assert_eq!(digits("0301234567", ""), "0301234567");
    }
}
