//! Names in Chinese.

use super::words::{HAN_CITIES, HAN_FIRST, HAN_GIVEN, HAN_LEGAL, HAN_LINES, HAN_SECOND, HAN_SHOPS, HAN_SURNAMES};
use super::{Dice, Pair, Script, Way, typing};

/// A company by the parts of its name.
#[derive(Clone)]
pub struct Company {
    city: Option<&'static str>,
    /// 深圳市 rather than 深圳.
    town: bool,
    own: String,
    number: Option<&'static str>,
    line: &'static str,
    legal: &'static [&'static str],
}

impl Company {
    fn core(&self) -> String {
        format!("{}{}{}", self.own, self.line, self.number.unwrap_or(""))
    }

    fn place(&self) -> String {
        self.city.map(|city| format!("{city}{}", if self.town { "市" } else { "" })).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        format!("{}{}{}", self.place(), self.core(), self.legal[0])
    }
}

/// Any company.
pub fn company(dice: &mut Dice) -> Company {
    Company {
        city: (!dice.one_in(4)).then(|| dice.word(HAN_CITIES)),
        town: dice.one_in(3),
        own: brand(dice),
        number: None,
        line: dice.word(HAN_LINES),
        legal: dice.any(HAN_LEGAL),
    }
}

fn brand(dice: &mut Dice) -> String {
    let mut brand = format!("{}{}", dice.word(HAN_FIRST), dice.word(HAN_SECOND));
    if dice.one_in(5) {
        brand.push_str(dice.word(HAN_SECOND));
    }
    brand
}

const SAME: [(&str, Way); 7] = [
    ("typo", |dice| {
        let one = company(dice);
        let core = typing::slip_of_chinese(&one.core(), dice);
        Some((one.text(), format!("{}{core}{}", one.place(), one.legal[0])))
    }),
    ("spacing", |dice| {
        let one = company(dice);
        Some((one.text(), [one.place(), one.own.clone(), one.line.to_owned(), one.legal[0].to_owned()].join(" ").trim().to_owned()))
    }),
    ("width", |dice| {
        let one = company(dice);
        let city = one.city?;
        Some((format!("{}({city}){}{}", one.own, one.line, one.legal[0]), format!("{}（{city}） {}{}", one.own, one.line, one.legal[0])))
    }),
    ("legal form", |dice| {
        let one = company(dice);
        let other = if dice.one_in(2) { "" } else { dice.any(&one.legal[1..]) };
        Some((one.text(), format!("{}{}{other}", one.place(), one.core())))
    }),
    ("word order", |dice| {
        let one = company(dice);
        let city = one.city?;
        let other = match dice.below(2) {
            0 => format!("{}({city}){}{}", one.own, one.line, one.legal[0]),
            _ => format!("{}（{}）{}", one.core(), one.place(), one.legal[0]),
        };
        Some((one.text(), other))
    }),
    ("dropped city", |dice| {
        let one = Company { city: Some(dice.word(HAN_CITIES)), ..company(dice) };
        let other = if dice.one_in(3) { Company { town: !one.town, ..one.clone() } } else { Company { city: None, ..one.clone() } };
        Some((one.text(), other.text()))
    }),
    ("abbreviation", |dice| {
        let one = company(dice);
        Some((one.text(), one.core()))
    }),
];

const NUMBERS: [&str; 8] = ["一厂", "二厂", "三厂", "四厂", "第一分公司", "第二分公司", "第三分公司", "第五分公司"];

const DIFFERENT: [(&str, Way); 6] = [
    ("series number", |dice| {
        let number = dice.word(&NUMBERS);
        let one = Company { number: Some(number), ..company(dice) };
        Some((one.text(), Company { number: Some(dice.other(&NUMBERS, number)), ..one }.text()))
    }),
    ("other city", |dice| {
        let city = dice.word(HAN_CITIES);
        let one = Company { city: Some(city), ..company(dice) };
        Some((one.text(), Company { city: Some(dice.other(HAN_CITIES, city)), ..one }.text()))
    }),
    ("other given name", |dice| {
        let (surname, given, shop) = (dice.word(HAN_SURNAMES), dice.word(HAN_GIVEN), dice.word(HAN_SHOPS));
        let place = company(dice).place();
        Some((format!("{place}{surname}{given}{shop}"), format!("{place}{surname}{}{shop}", dice.other(HAN_GIVEN, given))))
    }),
    ("other surname", |dice| {
        let (surname, given, shop) = (dice.word(HAN_SURNAMES), dice.word(HAN_GIVEN), dice.word(HAN_SHOPS));
        let place = company(dice).place();
        Some((format!("{place}{surname}{given}{shop}"), format!("{place}{}{given}{shop}", dice.other(HAN_SURNAMES, surname))))
    }),
    ("one word shared", |dice| {
        let (first, second) = (dice.word(HAN_FIRST), dice.word(HAN_SECOND));
        let one = Company { own: format!("{first}{second}"), ..company(dice) };
        Some((one.text(), Company { own: format!("{first}{}", dice.other(HAN_SECOND, second)), ..one }.text()))
    }),
    ("other line", |dice| {
        let one = company(dice);
        Some((one.text(), Company { line: dice.other(HAN_LINES, one.line), ..one }.text()))
    }),
];

/// `each` of every kind.
pub fn pairs(dice: &mut Dice, each: usize) -> Vec<Pair> {
    let ways = SAME.iter().map(|way| (way, true)).chain(DIFFERENT.iter().map(|way| (way, false)));
    super::made(Script::Chinese, ways, dice, each)
}
