//! What is printed: a quote or an order as plain values, all of them decided before.

use model::{Amount, Currency, Date, Number};

/// The language that a paper is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

/// What kind of paper it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    #[default]
    Quote,
    Order,
}

/// The size of the sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

/// Who sends the paper: the organisation as it presents itself in one language. Empty texts are left out.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub name: String,
    pub address: String,
    pub phone: String,
    pub email: String,
    pub web: String,
    pub registration_number: String,
    pub tax_number: String,
    pub bank_details: String,
    pub footer: String,
    pub paper: Paper,
    /// A picture in PNG or JPEG.
    pub logo: Option<Vec<u8>>,
}

/// Whom the paper is for.
#[derive(Clone, Debug, Default)]
pub struct Customer {
    pub name: String,
    pub address: String,
    pub contact: String,
}

/// One thing that is offered or ordered.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub name: String,
    pub code: String,
    pub description: String,
    pub unit: String,
    pub quantity: Number,
    /// The price before any discount, where it is told.
    pub list_price: Option<Amount>,
    /// None while it is not agreed.
    pub price: Option<Amount>,
    /// In percent.
    pub discount: Option<Number>,
    pub amount: Option<Amount>,
}

/// What the lines come to.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub lines: Amount,
    /// Taken off the whole: the percent where there is one, and the amount.
    pub discount: Option<(Option<Number>, Amount)>,
    pub subtotal: Amount,
    /// The rate in percent where there is one, and the tax.
    pub tax: Option<(Option<Number>, Amount)>,
    pub total: Amount,
}

/// A quote or an order, ready to be printed.
#[derive(Clone, Debug)]
pub struct Document {
    pub kind: Kind,
    pub language: Language,
    pub letterhead: Letterhead,
    pub customer: Customer,
    pub number: String,
    pub version: Option<i64>,
    /// What it is about.
    pub subject: String,
    pub date: Option<Date>,
    pub valid_until: Option<Date>,
    pub currency: Currency,
    pub prepared_by: String,
    /// The number that the customer gave the order.
    pub customer_number: String,
    pub delivery_date: Option<Date>,
    pub lines: Vec<Line>,
    pub totals: Totals,
    pub payment_terms: String,
    pub delivery_terms: String,
    pub notes: String,
    /// Whether room is left for both sides to sign.
    pub signatures: bool,
    /// Whether it is still being worked on, which the paper then says.
    pub draft: bool,
}
