//! The lines: as many sheets as they need, each with the head of the table, no row cut in two.

use crate::breaking;
use crate::document::{Document, Language, Line};
use crate::figures;
use crate::sheet::{Ink, Mark, Pile, Side, Type};
use crate::words::Words;

const HEAD: Type = Type::of(8.0).bold();
const NAME: Type = Type::of(9.0);
const NOTE: Type = Type::of(8.0).grey();
const PAD: f32 = 5.0;
const GAP: f32 = 10.0;

/// A column of figures: its heading, and each line's text in it.
struct Column {
    heading: String,
    texts: Vec<String>,
    side: Side,
    width: f32,
}

impl Column {
    fn new(heading: &str, side: Side, texts: impl Iterator<Item = String>) -> Column {
        let texts: Vec<String> = texts.collect();
        let widest = texts.iter().map(|text| NAME.width(text)).fold(HEAD.width(heading), f32::max);
        Column { heading: heading.to_owned(), texts, side, width: widest }
    }

    fn is_empty(&self) -> bool {
        self.texts.iter().all(String::is_empty)
    }
}

/// How the table's width is shared out.
struct Plan {
    position: Column,
    figures: Vec<Column>,
    item_left: f32,
    item_width: f32,
}

/// Lays the table; its last row stays together with the `after` that follows it.
pub fn lay(pile: &mut Pile, document: &Document, words: &Words, after: f32) {
    if document.lines.is_empty() {
        return;
    }
    let plan = plan(pile, document, words);
    let first = row_height(&plan, &document.lines[0]);
    pile.need(head_height() + first.min(pile.whole() / 2.0));
    head(pile, &plan, words);
    let last = document.lines.len() - 1;
    for (index, line) in document.lines.iter().enumerate() {
        let height = row_height(&plan, line);
        let with_it = if index == last { after } else { 0.0 };
        if height + with_it > pile.room() && (height <= pile.whole() || pile.room() < head_height() * 2.0) {
            pile.turn();
            head(pile, &plan, words);
        }
        row(pile, &plan, words, index, line);
    }
}

fn plan(pile: &Pile, document: &Document, words: &Words) -> Plan {
    let (lines, currency) = (&document.lines, document.currency);
    let money = |amount| figures::amount(amount, currency);
    let in_currency = |heading: &str| match document.language {
        Language::English => format!("{heading} ({})", currency.code()),
        Language::Chinese => format!("{heading}（{}）", currency.code()),
    };
    let position = Column::new(words.position, Side::Right, (1..=lines.len()).map(|place| place.to_string()));
    // A list price is worth telling only where the customer pays less.
    let list = |line: &Line| line.list_price.filter(|list| line.price.is_some_and(|price| *list > price)).map_or_else(String::new, money);
    let figures = [
        Column::new(words.quantity, Side::Right, lines.iter().map(|line| figures::quantity(line.quantity))),
        Column::new(words.unit, Side::Left, lines.iter().map(|line| line.unit.trim().to_owned())),
        Column::new(words.list_price, Side::Right, lines.iter().map(list)),
        Column::new(words.price, Side::Right, lines.iter().map(|line| line.price.map_or_else(String::new, money))),
        Column::new(words.discount, Side::Right, lines.iter().map(|line| discount(line).map_or_else(String::new, figures::percent))),
        Column::new(&in_currency(words.amount), Side::Right, lines.iter().map(|line| line.amount.map_or_else(String::new, money))),
    ];
    let mut figures: Vec<Column> = figures.into_iter().filter(|column| !column.is_empty()).collect();
    for column in figures.iter_mut().filter(|column| column.side == Side::Left) {
        column.width = column.width.min(48.0);
    }
    let taken: f32 = figures.iter().map(|column| column.width + GAP).sum();
    let item_left = pile.measure.margin + PAD + position.width + GAP;
    Plan { item_width: pile.measure.right() - PAD - taken - item_left, position, figures, item_left }
}

fn discount(line: &Line) -> Option<model::Number> {
    line.discount.filter(|discount| discount.0 != 0)
}

fn head_height() -> f32 {
    HEAD.leading() + 2.0 * PAD
}

fn head(pile: &mut Pile, plan: &Plan, words: &Words) {
    let (x, width, height) = (pile.measure.margin, pile.measure.inner(), head_height());
    pile.put(Mark::Box { x, y: pile.y, width, height, ink: Ink::Wash });
    let y = pile.y + PAD;
    pile.write(plan.item_left - GAP, y, Side::Right, HEAD, &plan.position.heading);
    pile.write(plan.item_left, y, Side::Left, HEAD, words.item);
    let mut right = plan.item_left + plan.item_width;
    for column in &plan.figures {
        let left = right + GAP;
        right = left + column.width;
        let at = if column.side == Side::Right { right } else { left };
        pile.write(at, y, column.side, HEAD, &column.heading);
    }
    pile.y += height;
}

/// The lines of the item's own column: its name, then what is said of it.
fn item(plan: &Plan, line: &Line) -> Vec<(Type, String)> {
    let mut texts: Vec<(Type, String)> =
        breaking::lines(&line.name, NAME.weight, NAME.size, plan.item_width).into_iter().map(|text| (NAME, text)).collect();
    for note in [&line.code, &line.description] {
        texts.extend(breaking::lines(note, NOTE.weight, NOTE.size, plan.item_width).into_iter().map(|text| (NOTE, text)));
    }
    texts
}

fn unit_lines(column: &Column, index: usize) -> Vec<String> {
    breaking::lines(&column.texts[index], NAME.weight, NAME.size, column.width + 0.5)
}

fn row_height(plan: &Plan, line: &Line) -> f32 {
    let item: f32 = item(plan, line).iter().map(|(kind, _)| kind.leading()).sum();
    let units = plan
        .figures
        .iter()
        .filter(|column| column.side == Side::Left)
        .map(|column| breaking::lines(&line.unit, NAME.weight, NAME.size, column.width + 0.5).len() as f32 * NAME.leading());
    units.fold(item.max(NAME.leading()), f32::max) + 2.0 * PAD
}

fn row(pile: &mut Pile, plan: &Plan, words: &Words, index: usize, line: &Line) {
    let top = pile.y + PAD;
    pile.write(plan.item_left - GAP, top, Side::Right, NAME.grey(), &plan.position.texts[index]);
    let mut right = plan.item_left + plan.item_width;
    let mut lowest = top + NAME.leading();
    for column in &plan.figures {
        let left = right + GAP;
        right = left + column.width;
        if column.side == Side::Right {
            pile.write(right, top, Side::Right, NAME, &column.texts[index]);
            continue;
        }
        let mut y = top;
        for text in unit_lines(column, index) {
            pile.write(left, y, Side::Left, NAME, &text);
            y += NAME.leading();
        }
        lowest = lowest.max(y);
    }
    let mut y = top;
    for (kind, text) in item(plan, line) {
        // Only a row that is taller than a whole sheet comes to its foot.
        if y + kind.leading() + PAD > pile.measure.bottom {
            pile.turn();
            head(pile, plan, words);
            (y, lowest) = (pile.y + PAD, 0.0);
        }
        pile.write(plan.item_left, y, Side::Left, kind, &text);
        y += kind.leading();
    }
    pile.y = y.max(lowest) + PAD;
    pile.rule(pile.y, 0.5, Ink::Hair);
}
