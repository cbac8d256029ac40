//! Names in English, German and French.

use super::words::{CITIES, GIVEN, HEADS, LEGAL, LINES, MIDDLES, STEMS, SURNAMES, TAILS};
use super::{Dice, Pair, Script, Way, typing};

/// A company by the parts of its name.
#[derive(Clone)]
pub struct Company {
    city: Option<&'static str>,
    city_first: bool,
    own: Vec<String>,
    number: Option<String>,
    line: (&'static str, &'static str),
    legal: &'static [&'static str],
}

impl Company {
    fn words(&self) -> Vec<String> {
        let mut words = self.own.clone();
        words.extend(self.number.clone());
        words.push(self.line.0.to_owned());
        if let Some(city) = self.city {
            let at = if self.city_first { 0 } else { words.len() };
            words.insert(at, city.to_owned());
        }
        words
    }

    pub fn text(&self) -> String {
        format!("{} {}", self.words().join(" "), self.legal[0])
    }
}

/// Any company.
pub fn company(dice: &mut Dice) -> Company {
    let own = match dice.below(10) {
        0..=3 => vec![coined(dice)],
        4..=6 => {
            let first = dice.word(STEMS);
            vec![first.to_owned(), dice.other(STEMS, first).to_owned()]
        }
        7 => vec![dice.word(STEMS).to_owned()],
        8 => {
            let first = dice.word(SURNAMES);
            vec![first.to_owned(), "&".to_owned(), dice.other(SURNAMES, first).to_owned()]
        }
        _ => vec![dice.word(GIVEN).to_owned(), dice.word(SURNAMES).to_owned()],
    };
    Company {
        city: dice.one_in(4).then(|| dice.word(CITIES)),
        city_first: dice.one_in(2),
        own,
        number: None,
        line: dice.word(LINES),
        legal: dice.any(LEGAL),
    }
}

fn coined(dice: &mut Dice) -> String {
    format!("{}{}{}", dice.word(HEADS), dice.word(MIDDLES), dice.word(TAILS))
}

const SAME: [(&str, Way); 11] = [
    ("typo", |dice| {
        let one = company(dice);
        let mut words = one.words();
        let may: Vec<usize> = (0..words.len()).filter(|at| words[*at].chars().count() >= 5).collect();
        let at = *may.get(dice.below(may.len().max(1)))?;
        words[at] = typing::slip(&words[at], dice);
        Some((one.text(), format!("{} {}", words.join(" "), one.legal[0])))
    }),
    ("two typos", |dice| {
        let one = company(dice);
        let mut words = one.words();
        let may: Vec<usize> = (0..words.len()).filter(|at| words[*at].chars().count() >= 6).collect();
        let (first, last) = (*may.first()?, *may.last()?);
        words[first] = typing::slip(&words[first], dice);
        words[last] = typing::slip(&words[last], dice);
        (first != last).then(|| (one.text(), format!("{} {}", words.join(" "), one.legal[0])))
    }),
    ("spacing", |dice| {
        let one = company(dice);
        let text = one.text();
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let at = spaces[dice.below(spaces.len())];
        let other = match dice.below(3) {
            // Two words run together.
            0 if one.own.len() == 2 => text.replacen(' ', "", 1),
            1 => text.replace(' ', "  "),
            _ => format!("{}-{}", &text[..at], &text[at + 1..]),
        };
        Some((text, other))
    }),
    ("width", |dice| {
        let text = company(dice).text();
        Some((text.clone(), typing::wide(&text)))
    }),
    ("case", |dice| {
        let text = company(dice).text();
        Some((text.clone(), if dice.one_in(2) { text.to_uppercase() } else { text.to_lowercase() }))
    }),
    ("marks", |dice| {
        let text = company(dice).text();
        let other = typing::unmarked(&text, dice);
        (text != other).then_some((text, other))
    }),
    ("legal form", |dice| {
        let one = company(dice);
        let words = one.words().join(" ");
        let other = if dice.one_in(2) { words.clone() } else { format!("{words} {}", dice.any(&one.legal[1..])) };
        Some((one.text(), other))
    }),
    ("word order", |dice| {
        let one = company(dice);
        let mut words = one.words();
        words.rotate_left(1);
        Some((one.text(), format!("{} {}", words.join(" "), one.legal[0]))).filter(|_| words[0] != "&")
    }),
    ("abbreviation", |dice| {
        let one = company(dice);
        let short = one.line.1;
        let other = one.words().join(" ").replace(one.line.0, short);
        (!short.is_empty()).then(|| (one.text(), format!("{other} {}", one.legal[0])))
    }),
    ("dropped city", |dice| {
        let one = Company { city: Some(dice.word(CITIES)), ..company(dice) };
        Some((one.text(), Company { city: None, ..one }.text()))
    }),
    ("several at once", |dice| {
        let one = Company { city: Some(dice.word(CITIES)), ..company(dice) };
        let mut words = Company { city: None, ..one.clone() }.words();
        let longest = (0..words.len()).max_by_key(|at| words[*at].len())?;
        words[longest] = typing::slip(&words[longest], dice);
        Some((one.text(), words.join(" ").to_uppercase()))
    }),
];

const DIFFERENT: [(&str, Way); 6] = [
    ("series number", |dice| {
        let (n, roman) = (dice.below(8), dice.one_in(3));
        let number =
            |n: usize| if roman { ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][n].to_owned() } else { (n + 1).to_string() };
        let one = Company { number: Some(number(n)), ..company(dice) };
        Some((one.text(), Company { number: Some(number(n + 1)), ..one }.text()))
    }),
    ("other city", |dice| {
        let city = dice.word(CITIES);
        let mut one = Company { city: Some(city), ..company(dice) };
        if dice.one_in(3) {
            // The city is all of its own.
            one.own = Vec::new();
        }
        Some((one.text(), Company { city: Some(dice.other(CITIES, city)), ..one }.text()))
    }),
    ("other given name", |dice| {
        let (given, surname) = (dice.word(GIVEN), dice.word(SURNAMES));
        let one = Company { own: vec![given.to_owned(), surname.to_owned()], ..company(dice) };
        let own = vec![dice.other(GIVEN, given).to_owned(), surname.to_owned()];
        Some((one.text(), Company { own, ..one }.text()))
    }),
    ("other surname", |dice| {
        let surname = dice.word(SURNAMES);
        let other = dice.other(SURNAMES, surname);
        let given = dice.one_in(2).then(|| dice.word(GIVEN).to_owned());
        let own = |surname: &str| given.iter().cloned().chain([surname.to_owned()]).collect();
        let one = Company { own: own(surname), ..company(dice) };
        Some((one.text(), Company { own: own(other), ..one }.text()))
    }),
    ("one word shared", |dice| {
        let (first, second) = (dice.word(STEMS), dice.word(STEMS));
        let one = Company { own: vec![first.to_owned(), second.to_owned()], ..company(dice) };
        let own = vec![first.to_owned(), dice.other(STEMS, second).to_owned()];
        (first != second).then(|| (one.text(), Company { own, ..one }.text()))
    }),
    ("other line", |dice| {
        let one = company(dice);
        Some((one.text(), Company { line: dice.other(LINES, one.line), ..one }.text()))
    }),
];

/// `each` of every kind.
pub fn pairs(dice: &mut Dice, each: usize) -> Vec<Pair> {
    let ways = SAME.iter().map(|way| (way, true)).chain(DIFFERENT.iter().map(|way| (way, false)));
    super::made(Script::Latin, ways, dice, each)
}
