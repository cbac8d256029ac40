//! What the values of a column look like: shown for correction, and what numbers and dates are read by.

use serde::{Deserialize, Serialize};

use super::spelling::{DateOrder, DecimalMark, ReadDate, date_evidence, decimal_evidence, is_day, is_number, read_date};
use super::table::Line;

/// Distinct values that are shown of a column.
const SAMPLES: usize = 5;
/// Characters of a value that is shown.
const SHOWN: usize = 80;
/// Longer texts are no numbers, dates or addresses.
const LONG: usize = 64;

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    #[default]
    Empty,
    Text,
    Number,
    Date,
    Datetime,
    Boolean,
    Email,
    Phone,
    Url,
}

/// All that was seen of a column.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Profile {
    pub filled: u64,
    pub samples: Vec<String>,
    /// How many values could be of each kind.
    counts: [u64; 7],
    pub decimal: Option<DecimalMark>,
    /// Thousands are divided by a sign.
    pub grouped: bool,
    pub order: Option<DateOrder>,
}

const KINDS: [Looks; 7] = [Looks::Boolean, Looks::Number, Looks::Datetime, Looks::Date, Looks::Email, Looks::Url, Looks::Phone];

impl Profile {
    /// Takes a value in.
    pub fn take(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        if self.samples.len() < SAMPLES {
            let shown: String = text.chars().take(SHOWN).collect();
            if !self.samples.contains(&shown) {
                self.samples.push(shown);
            }
        }
        if text.len() > LONG {
            if is_url(text) {
                self.counts[5] += 1;
            }
            return;
        }
        if is_number(text) {
            self.counts[1] += 1;
            self.decimal = self.decimal.or_else(|| decimal_evidence(text));
            self.grouped |= text.matches([',', '.', ' ', '\u{a0}', '\u{202f}', '\'', '’']).count() > 1;
        }
        let kinds = [is_truth(text), false, is_day(text) && text.contains(':'), is_day(text), is_email(text), is_url(text), is_phone(text)];
        for (count, is) in self.counts.iter_mut().zip(kinds) {
            *count += u64::from(is);
        }
        if kinds[3] {
            self.order = self.order.or_else(|| date_evidence(text));
        }
    }

    /// What it holds: the first kind that every value is of.
    pub fn looks(&self) -> Looks {
        if self.filled == 0 {
            return Looks::Empty;
        }
        if self.counts[2] > 0 && self.counts[3] == self.filled {
            return Looks::Datetime;
        }
        KINDS.iter().zip(self.counts).find(|(_, count)| *count == self.filled).map_or(Looks::Text, |(kind, _)| *kind)
    }

    /// True where day and month are told apart, or never could be exchanged.
    pub fn dates_are_certain(&self) -> bool {
        self.order.is_some() || self.samples.iter().all(|text| read_date(text, None) != ReadDate::Ambiguous)
    }
}

/// Profiles of a file's columns.
#[derive(Clone, Debug, Default)]
pub struct Profiles(pub Vec<Profile>);

impl Profiles {
    /// Takes a row in.
    pub fn take(&mut self, row: &Line) {
        if self.0.len() < row.cells.len() {
            self.0.resize(row.cells.len().min(super::table::MAX_COLUMNS + 1), Profile::default());
        }
        for (profile, cell) in self.0.iter_mut().zip(&row.cells) {
            profile.take(cell.trim());
        }
    }
}

/// True for a value that nobody calls a column: a number, a day, an address.
pub fn is_typed(text: &str) -> bool {
    text.len() <= LONG && (is_number(text) || is_day(text) || is_email(text)) || is_url(text)
}

fn is_truth(text: &str) -> bool {
    ["true", "false", "yes", "no", "是", "否"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace) && !domain.contains('@')
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "www."].iter().any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    signs && (7..=16).contains(&digits) && text.starts_with(['+', '(', '0']) && !is_day(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_look_like_what_all_their_values_are() {
        let of = |texts: &[&str]| {
            let mut profile = Profile::default();
            texts.iter().for_each(|text| profile.take(text));
            profile
        };
        for (texts, looks) in [
            (&["1", "", "2.5"][..], Looks::Number),
            (&["1,250.00 EUR", "(3)"], Looks::Number),
            (&["2026-11-23", "3.4.2026"], Looks::Date),
            (&["2026-11-23 10:00", "2026-11-24"], Looks::Datetime),
            (&["yes", "No"], Looks::Boolean),
            (&["a@b.example"], Looks::Email),
            (&["https://a.example", "www.b.example"], Looks::Url),
            (&["+49 30 1234567", "030/1234567"], Looks::Phone),
            (&["1", "one"], Looks::Text),
            (&["", ""], Looks::Empty),
        ] {
            assert_eq!(of(texts).looks(), looks, "{texts:?}");
        }
        assert!(!of(&["03/04/2026"]).dates_are_certain());
        assert!(of(&["03/04/2026", "13/04/2026"]).dates_are_certain());
        assert_eq!(of(&["a", "b", "a", "c", "d", "e", "f"]).samples, ["a", "b", "c", "d", "e"]);
    }
}
