//! What stands below the lines: the totals, kept with the last row; terms and notes; room for both to sign.

use crate::breaking;
use crate::document::{Document, Language};
use crate::figures;
use crate::head::write_lines;
use crate::sheet::{Ink, Mark, Measure, Pile, Side, Type};
use crate::words::Words;

const TEXT: Type = Type::of(9.0);
const LABEL: Type = Type::of(8.5).grey();
const TOTAL: Type = Type::of(11.0).bold();
const ROW: f32 = 16.0;
/// Room for one to write in.
const SIGNING: f32 = 36.0;
/// Between the two who sign.
const BETWEEN: f32 = 36.0;

/// One row of the totals.
struct Row {
    label: String,
    amount: String,
    is_total: bool,
}

/// Everything below the lines.
pub struct Closing {
    rows: Vec<Row>,
    in_words: Vec<String>,
    terms: Vec<(&'static str, Vec<String>)>,
    signatures: Option<[String; 2]>,
    words: Words,
    label_width: f32,
}

impl Closing {
    /// What `document` has to say there.
    pub fn of(document: &Document, words: &Words, measure: Measure) -> Closing {
        let terms = [
            (words.payment_terms, &document.payment_terms),
            (words.delivery_terms, &document.delivery_terms),
            (words.bank_details, &document.letterhead.bank_details),
            (words.notes, &document.notes),
        ];
        let label_width = terms.iter().map(|(label, _)| LABEL.width(label)).fold(0.0, f32::max) + 18.0;
        let width = measure.inner() - label_width;
        let told = terms.into_iter().filter(|(_, text)| !text.trim().is_empty());
        let terms = told.map(|(label, text)| (label, breaking::lines(text, TEXT.weight, TEXT.size, width))).collect();
        let in_words = (document.language == Language::Chinese).then(|| figures::in_capitals(document.totals.total, document.currency));
        let in_words = in_words.flatten().map(|text| format!("{}：{text}", words.in_words)).unwrap_or_default();
        Closing {
            rows: rows(document, words),
            in_words: breaking::lines(&in_words, TEXT.weight, TEXT.size, measure.inner() - 10.0),
            terms,
            signatures: document.signatures.then(|| parties(document, words)),
            words: *words,
            label_width,
        }
    }

    /// How much room the totals take.
    pub fn totals_height(&self) -> f32 {
        14.0 + self.rows.len() as f32 * ROW + 10.0 + self.in_words.len() as f32 * TEXT.leading() + 8.0
    }

    /// Lays it all.
    pub fn lay(&self, pile: &mut Pile) {
        pile.need(self.totals_height());
        self.lay_totals(pile);
        let signing = self.signatures.as_ref().map_or(0.0, |parties| self.signing_height(pile.measure, parties));
        for (index, (label, lines)) in self.terms.iter().enumerate() {
            let height = lines.len() as f32 * TEXT.leading() + 8.0;
            // Nobody signs a sheet that says nothing: the last of the terms goes over with the signatures.
            let is_last = index + 1 == self.terms.len();
            if is_last && lines.len() <= 4 {
                pile.need(height + signing);
            }
            self.lay_terms(pile, label, lines, if is_last { signing + 8.0 } else { 0.0 });
        }
        if let Some(parties) = &self.signatures {
            self.lay_signatures(pile, parties);
        }
    }

    fn lay_totals(&self, pile: &mut Pile) {
        let right = pile.measure.right() - 5.0;
        let widest = |part: fn(&Row) -> &str| {
            self.rows.iter().map(|row| if row.is_total { TOTAL } else { TEXT }.width(part(row))).fold(0.0, f32::max)
        };
        let left = right - (widest(|row| &row.label) + widest(|row| &row.amount) + 40.0).max(210.0);
        pile.y += 10.0;
        for row in &self.rows {
            let kind = if row.is_total { TOTAL } else { TEXT };
            if row.is_total && self.rows.len() > 1 {
                pile.y += 4.0;
                pile.put(Mark::Box { x: left, y: pile.y, width: pile.measure.right() - left, height: 0.9, ink: Ink::Black });
                pile.y += 4.0;
            }
            let label = if row.is_total { TOTAL } else { TEXT.grey() };
            pile.write(left, pile.y, Side::Left, label, &row.label);
            pile.write(right, pile.y, Side::Right, kind, &row.amount);
            pile.y += ROW;
        }
        for text in &self.in_words {
            pile.write(right, pile.y + 2.0, Side::Right, TEXT, text);
            pile.y += TEXT.leading();
        }
        pile.y += 16.0;
    }

    /// A label on the left and its text beside it; at least two lines of it stand together, the last two with the `after` that follows.
    fn lay_terms(&self, pile: &mut Pile, label: &str, lines: &[String], after: f32) {
        let (x, leading) = (pile.measure.margin, TEXT.leading());
        let all = lines.len() as f32 * leading;
        pile.need(if lines.len() <= 4 { all } else { 2.0 * leading });
        pile.write(x, pile.y + TEXT.rise() - LABEL.rise(), Side::Left, LABEL, label);
        for (index, text) in lines.iter().enumerate() {
            let left = lines.len() - index;
            // Two lines at least go over to the next sheet.
            pile.need(if left == 2 { 2.0 * leading + after } else { leading });
            pile.write(x + self.label_width, pile.y, Side::Left, TEXT, text);
            pile.y += leading;
        }
        pile.y += 8.0;
    }

    fn signing_height(&self, measure: Measure, parties: &[String; 2]) -> f32 {
        20.0 + name_lines(measure, parties) as f32 * TEXT.leading() + 2.0 * SIGNING
    }

    fn lay_signatures(&self, pile: &mut Pile, parties: &[String; 2]) {
        let (width, names) = (signing_width(pile.measure), name_lines(pile.measure, parties));
        let height = self.signing_height(pile.measure, parties);
        pile.need(height);
        let top = pile.y + 20.0;
        for (index, name) in parties.iter().enumerate() {
            let x = pile.measure.margin + index as f32 * (width + BETWEEN);
            write_lines(pile, x, top, Side::Left, TEXT.bold(), name, width);
            let mut y = top + names as f32 * TEXT.leading();
            for label in [self.words.signature, self.words.signer] {
                y += SIGNING;
                pile.put(Mark::Box { x, y: y - 12.0, width, height: 0.6, ink: Ink::Grey });
                pile.write(x, y - 9.0, Side::Left, Type::of(7.5).grey(), label);
            }
        }
        pile.y += height;
    }
}

fn signing_width(measure: Measure) -> f32 {
    (measure.inner() - BETWEEN) / 2.0
}

fn name_lines(measure: Measure, parties: &[String; 2]) -> usize {
    let bold = TEXT.bold();
    parties.iter().map(|name| breaking::lines(name, bold.weight, bold.size, signing_width(measure)).len()).max().unwrap_or(1)
}

fn rows(document: &Document, words: &Words) -> Vec<Row> {
    let (totals, currency) = (&document.totals, document.currency);
    let row = |label: String, amount| Row { label, amount: figures::amount(amount, currency), is_total: false };
    let rated = |label: &str, rate: Option<model::Number>| match rate {
        Some(rate) => format!("{label} {}", figures::percent(rate)),
        None => label.to_owned(),
    };
    let mut rows = Vec::new();
    if let Some((rate, amount)) = totals.discount {
        rows.push(row(words.lines_total.to_owned(), totals.lines));
        rows.push(row(rated(words.discount, rate), model::Amount(-amount.0)));
    }
    if let Some((rate, amount)) = totals.tax {
        rows.push(row(words.subtotal.to_owned(), totals.subtotal));
        rows.push(row(rated(words.tax, rate), amount));
    }
    rows.push(Row { is_total: true, ..row(format!("{} {}", words.total, currency.code()), totals.total) });
    rows
}

fn parties(document: &Document, words: &Words) -> [String; 2] {
    let party = |label: &str, name: &str| match document.language {
        Language::English => format!("{label} {name}"),
        Language::Chinese => format!("{label}{name}"),
    };
    [party(words.signed_by_us, &document.letterhead.name), party(words.signed_by_customer, &document.customer.name)]
}
