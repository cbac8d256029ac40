//! What stands above the lines: the letterhead, whom the paper is for and its facts; and what every sheet has around it.

use crate::breaking;
use crate::document::{Document, Language};
use crate::figures;
use crate::sheet::{Ink, Mark, Measure, Pile, Side, Type, line};
use crate::words::{self, Words};

const TITLE: Type = Type::of(21.0).bold();
const SUBJECT: Type = Type::of(10.5);
const NAME: Type = Type::of(10.5).bold();
const TEXT: Type = Type::of(9.5);
const LABEL: Type = Type::of(8.5).grey();
const SMALL: Type = Type::of(8.0).grey();
const FOOT: Type = Type::of(7.5).grey();
const LOGO: (f32, f32) = (190.0, 52.0);

/// Where the text begins on the second sheet and after.
const LATER_TOP: f32 = 78.0;

/// `Quote Q-2026-0001, version 2`.
pub fn title(document: &Document, words: &Words) -> String {
    let version = match (document.version, document.language) {
        (None, _) => String::new(),
        (Some(version), Language::English) => format!(", version {version}"),
        (Some(version), Language::Chinese) => format!("（第 {version} 版）"),
    };
    format!("{} {}{version}", words.title(document.kind), document.number)
}

/// The first sheet down to where its lines begin.
pub fn begin(document: &Document, words: &Words, logo: Option<(u32, u32)>) -> Pile {
    let foot = foot_lines(document, words, Measure::of(document.letterhead.paper, 0.0)).len().max(1) as f32;
    let measure = Measure::of(document.letterhead.paper, foot * FOOT.leading() + 10.0);
    let mut pile = Pile::new(measure, LATER_TOP);
    sender(&mut pile, document, words, logo);
    let top = pile.y;
    let left = addressee(&mut pile, document, words, top);
    let right = facts(&mut pile, document, words, top);
    pile.y = left.max(right) + 20.0;
    pile
}

/// The organisation: its logo or name on the left, its addresses on the right, a line below.
fn sender(pile: &mut Pile, document: &Document, words: &Words, logo: Option<(u32, u32)>) {
    let (letterhead, measure) = (&document.letterhead, pile.measure);
    let mut left = pile.y;
    if let Some((width, height)) = logo {
        let scale = (LOGO.0 / width as f32).min(LOGO.1 / height as f32);
        let (width, height) = (width as f32 * scale, height as f32 * scale);
        pile.put(Mark::Logo { x: measure.margin, y: left, width, height });
        left += height;
    } else {
        left = write_lines(pile, measure.margin, left, Side::Left, Type::of(14.0).bold(), &letterhead.name, measure.inner() * 0.54);
    }
    let mut right = pile.y;
    let width = measure.inner() * 0.45;
    if logo.is_some() {
        right = write_lines(pile, measure.right(), right, Side::Right, Type::of(9.5).bold(), &letterhead.name, width);
    }
    right = write_lines(pile, measure.right(), right, Side::Right, SMALL, &letterhead.address, width);
    let reached = [(words.phone, &letterhead.phone), (words.email, &letterhead.email), (words.web, &letterhead.web)];
    for (label, value) in reached {
        if !value.trim().is_empty() {
            let text = if label.is_empty() { value.trim().to_owned() } else { words::labelled(document.language, label, value.trim()) };
            right = write_lines(pile, measure.right(), right, Side::Right, SMALL, &text, width);
        }
    }
    pile.y = left.max(right);
    if pile.y > measure.top {
        pile.y += 12.0;
        pile.rule(pile.y, 0.9, Ink::Black);
        pile.y += 24.0;
    }
}

/// The paper's title, what it is about and whom it is for; says how far down it reaches.
fn addressee(pile: &mut Pile, document: &Document, words: &Words, top: f32) -> f32 {
    let (x, width) = (pile.measure.margin, pile.measure.inner() * 0.53);
    pile.write(x, top, Side::Left, TITLE, words.title(document.kind));
    if document.draft {
        let beside = x + TITLE.width(words.title(document.kind)) + 10.0;
        pile.write(beside, top + TITLE.rise() - Type::of(12.0).rise(), Side::Left, Type::of(12.0).grey(), words.draft);
    }
    let mut y = top + TITLE.leading() + 2.0;
    y = write_lines(pile, x, y, Side::Left, SUBJECT, &document.subject, width);
    y += 14.0;
    let customer = &document.customer;
    if !customer.name.is_empty() {
        pile.write(x, y, Side::Left, LABEL, words.to);
        y += LABEL.leading() + 1.0;
    }
    y = write_lines(pile, x, y, Side::Left, NAME, &customer.name, width);
    y = write_lines(pile, x, y, Side::Left, TEXT, &customer.address, width);
    if !customer.contact.trim().is_empty() {
        let text = match document.language {
            Language::English => format!("{} {}", words.attention, customer.contact.trim()),
            Language::Chinese => format!("{}{}", words.attention, customer.contact.trim()),
        };
        y = write_lines(pile, x, y, Side::Left, TEXT, &text, width);
    }
    y
}

/// Number, days and names in two columns on the right; says how far down they reach.
fn facts(pile: &mut Pile, document: &Document, words: &Words, top: f32) -> f32 {
    let date = |day: Option<model::Date>| day.map_or_else(String::new, |day| figures::date(day, document.language));
    let facts = [
        (words.number(document.kind), document.number.clone()),
        (words.version, document.version.map_or_else(String::new, |version| version.to_string())),
        (words.date, date(document.date)),
        (words.valid_until, date(document.valid_until)),
        (words.delivery_date, date(document.delivery_date)),
        (words.customer_number, document.customer_number.clone()),
        (words.currency, document.currency.code().to_owned()),
        (words.prepared_by, document.prepared_by.clone()),
    ];
    let facts: Vec<_> = facts.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    let labels = facts.iter().map(|(label, _)| LABEL.width(label)).fold(0.0, f32::max) + 14.0;
    let left = pile.measure.margin + pile.measure.inner() * 0.58;
    let width = pile.measure.right() - left - labels;
    let mut y = top + 7.0;
    for (place, (label, value)) in facts.iter().enumerate() {
        let kind = if place == 0 { TEXT.bold() } else { TEXT };
        pile.write(left, y + TEXT.rise() - LABEL.rise(), Side::Left, LABEL, label);
        y = write_lines(pile, left + labels, y, Side::Left, kind, value, width) + 2.0;
    }
    y
}

/// Writes `text` in lines from `y` on and says where they end.
pub fn write_lines(pile: &mut Pile, x: f32, mut y: f32, side: Side, kind: Type, text: &str, width: f32) -> f32 {
    for text in breaking::lines(text, kind.weight, kind.size, width) {
        pile.write(x, y, side, kind, &text);
        y += kind.leading();
    }
    y
}

/// What every sheet has at its foot, and all but the first at their head. Done last, when it is known how many there are.
pub fn around(pile: &mut Pile, document: &Document, words: &Words) {
    let (measure, pages) = (pile.measure, pile.sheets.len());
    let foot = foot_lines(document, words, measure);
    let mut title = title(document, words);
    if document.draft {
        title = format!("{title} · {}", words.draft);
    }
    for (index, sheet) in pile.sheets.iter_mut().enumerate() {
        let mut y = measure.bottom + 10.0;
        let rule = |y: f32| Mark::Box { x: measure.margin, y, width: measure.inner(), height: 0.6, ink: Ink::Hair };
        sheet.push(rule(y));
        y += 5.0;
        let page = words::page_of(document.language, index + 1, pages);
        sheet.extend(line(measure.right(), y, Side::Right, FOOT, &page));
        for text in &foot {
            sheet.extend(line(measure.margin, y, Side::Left, FOOT, text));
            y += FOOT.leading();
        }
        if index > 0 {
            let y = measure.top - 4.0;
            let name = breaking::lines(&document.letterhead.name, SMALL.weight, SMALL.size, measure.inner() * 0.45);
            sheet.extend(line(measure.margin, y, Side::Left, SMALL, name.first().map_or("", String::as_str)));
            sheet.extend(line(measure.right(), y, Side::Right, SMALL, &title));
            sheet.push(rule(y + SMALL.leading() + 3.0));
        }
    }
}

/// What the organisation wants to be said on every sheet.
fn foot_lines(document: &Document, words: &Words, measure: Measure) -> Vec<String> {
    let letterhead = &document.letterhead;
    let numbers = [(words.registration_number, &letterhead.registration_number), (words.tax_number, &letterhead.tax_number)];
    let told = numbers.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let mut parts: Vec<String> = told.map(|(label, value)| words::labelled(document.language, label, value.trim())).collect();
    // A number is not torn at its blanks.
    parts.iter_mut().for_each(|part| *part = part.replace(' ', "\u{A0}"));
    if !parts.is_empty() && !letterhead.name.trim().is_empty() {
        parts.insert(0, letterhead.name.trim().to_owned());
    }
    let text = [parts.join("\u{2003}"), letterhead.footer.trim().to_owned()].join("\n");
    breaking::lines(text.trim(), FOOT.weight, FOOT.size, measure.inner() - 90.0)
}
