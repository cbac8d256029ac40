//! A quote or an order as its reader may print it.

use db::Read;
use model::objects::{quote, quote_line, sales_order, sales_order_line};
use model::{Amount, Currency, Date, Id, Money, Number, Object, Record, Value, Violation};
use print::{Customer, Document, Kind, Language, Line, Totals};

use super::{language, letterhead};
use crate::audit::Note;
use crate::records::{load, names_of};
use crate::{Ctx, Error, Result, reckoning, veil};

/// What makes up the money on a paper: who may not know one of them could only print figures that do not add up.
const MONEY: [&str; 7] = ["currency", "discount", "tax_rate", "lines_total", "subtotal", "tax", "total"];
/// The same of a line.
const LINE_MONEY: [&str; 4] = ["quantity", "price", "discount", "amount"];

/// A document with the name of its file.
#[derive(Clone, Debug)]
pub struct Paper {
    pub document: Document,
    pub name: String,
}

/// What tells the kinds of paper apart.
struct Form {
    kind: Kind,
    lines: &'static str,
    /// The field of its state, and the states in which it is still being worked on.
    status: &'static str,
    unfinished: &'static [&'static str],
    /// The field that says when it was given out.
    given_out: &'static str,
}

fn form(object: &str) -> Option<Form> {
    match object {
        quote::KEY => Some(Form {
            kind: Kind::Quote,
            lines: quote_line::KEY,
            status: quote::STATUS,
            unfinished: &[quote::status::DRAFT, quote::status::IN_REVIEW],
            given_out: "sent_at",
        }),
        sales_order::KEY => Some(Form {
            kind: Kind::Order,
            lines: sales_order_line::KEY,
            status: sales_order::STATUS,
            unfinished: &[sales_order::status::DRAFT],
            given_out: "confirmed_at",
        }),
        _ => None,
    }
}

/// The quote or order as the caller may print it: what he may not know of is not on it. Whoever reads it may print it.
///
/// Errors: `print.hidden_price` where an amount of it is hidden from him; `print.several_currencies` where lines are in others than the whole; not
/// found for what has no printed form.
pub fn paper(cx: &Ctx, tx: &mut Read, object: &str, id: Id, asked: Option<&str>) -> Result<Paper> {
    let object = cx.object(object)?;
    let form = form(&object.key).ok_or(Error::NotFound)?;
    let language = language(cx, asked)?;
    let mut one = [load(cx, tx, object, id)?];
    let hides = |of: &str, fields: &[&str]| fields.iter().any(|field| veil::hides(cx, of, field));
    let Ok(lines_of) = cx.object(form.lines) else { return Err(hidden()) };
    if hides(&object.key, &MONEY) || hides(&lines_of.key, &LINE_MONEY) {
        return Err(hidden());
    }
    reckoning::on_read(cx, tx, object, &mut one, None)?;
    let [record] = one;
    let head = Seen { cx, object, record: &record };
    let currency = currency(cx, &head)?;
    let lines = lines(cx, tx, lines_of, &object.key, id, currency)?;
    let number = head.text("number");
    let version = head.number("version_no").map(|version| version.0 / 1_000_000);
    let document = Document {
        kind: form.kind,
        language,
        letterhead: letterhead::in_language(cx, tx, language)?,
        customer: customer(cx, tx, &head, language)?,
        version: version.filter(|_| form.kind == Kind::Quote),
        subject: head.text("name"),
        date: Some(dated(cx, &head, &form)),
        valid_until: head.get("valid_until").as_date(),
        currency,
        prepared_by: head.name_of(tx, "owner", "employee")?,
        customer_number: head.text("customer_reference"),
        delivery_date: head.get("delivery_date").as_date(),
        lines,
        totals: totals(&head),
        payment_terms: head.text("payment_terms"),
        delivery_terms: head.text("delivery_terms"),
        notes: head.text("notes"),
        signatures: true,
        draft: form.unfinished.contains(&record.text(form.status)) && !veil::hides(cx, &object.key, form.status),
        number,
    };
    Ok(Paper { name: file_name(&document), document })
}

fn hidden() -> Error {
    Violation::new("print.hidden_price", "").into()
}

/// What the trace says of it.
pub fn note(object: &str, id: Id, paper: &Paper) -> Note {
    Note::new("print", "record").record(object, id).subject(paper.document.number.as_str())
}

/// A record as the caller may know it.
struct Seen<'a> {
    cx: &'a Ctx,
    object: &'a Object,
    record: &'a Record,
}

impl Seen<'_> {
    fn get(&self, field: &str) -> &Value {
        let hidden = veil::hides(self.cx, &self.object.key, field) || veil::covers(self.cx, Some(self.record), field);
        if hidden { &Value::Null } else { self.record.get(field) }
    }

    fn text(&self, field: &str) -> String {
        self.get(field).as_text().unwrap_or_default().trim().to_owned()
    }

    fn number(&self, field: &str) -> Option<Number> {
        self.get(field).as_number()
    }

    fn amount(&self, field: &str) -> Amount {
        self.get(field).as_money().map(|money| money.amount).unwrap_or_default()
    }

    /// The name of the record that a field refers to; blank where the caller may not know it.
    fn name_of(&self, tx: &mut Read, field: &str, of: &str) -> Result<String> {
        let (Some(id), Ok(of)) = (self.get(field).as_id(), self.cx.object(of)) else { return Ok(String::new()) };
        Ok(names_of(self.cx, tx, of, &[id])?.pop().map(|(_, name)| name).unwrap_or_default())
    }

    /// The record that a field refers to, where the caller sees it.
    fn referred(&self, tx: &mut Read, field: &str, of: &Object) -> Result<Option<Record>> {
        let Some(id) = self.get(field).as_id() else { return Ok(None) };
        Ok(db::records::load(tx, &self.cx.meta.schema, of, &self.cx.scope(), &[id])?.pop())
    }
}

fn currency(cx: &Ctx, head: &Seen<'_>) -> Result<Currency> {
    let chosen = head.record.text("currency");
    match chosen {
        "" => Ok(cx.meta.organisation.main_currency),
        code => code.parse().map_err(|()| Error::Internal(format!("{code} stands for a currency"))),
    }
}

/// The day on the paper: when it was given out, so that it is printed again as it was; today while it is worked on.
fn dated(cx: &Ctx, head: &Seen<'_>, form: &Form) -> Date {
    let given_out = head.get(form.given_out).as_instant().map(|at| at.date_in(&cx.meta.calendar.zone));
    head.get("order_date").as_date().or(given_out).unwrap_or_else(|| cx.today())
}

fn customer(cx: &Ctx, tx: &mut Read, head: &Seen<'_>, language: Language) -> Result<Customer> {
    let mut customer = Customer { contact: head.name_of(tx, "contact", "contact")?, ..Customer::default() };
    let Ok(accounts) = cx.object("account") else { return Ok(customer) };
    let Some(account) = head.referred(tx, "account", accounts)? else { return Ok(customer) };
    let account = Seen { cx, object: accounts, record: &account };
    customer.name = account.text("name");
    let places = [account.text("city"), account.text("country")].map(|place| place.trim().to_owned());
    let mut places: Vec<String> = places.into_iter().filter(|place| !place.is_empty()).collect();
    customer.address = match language {
        Language::English => places.join(", "),
        Language::Chinese => {
            places.reverse();
            places.join(" ")
        }
    };
    Ok(customer)
}

fn lines(cx: &Ctx, tx: &mut Read, object: &Object, master: &str, id: Id, currency: Currency) -> Result<Vec<Line>> {
    let mut records = db::records::referring(tx, &cx.meta.schema, object, master, &cx.scope(), &[id])?;
    records.sort_by_key(|record| (record.get("position").as_number().map_or(i64::MAX, |position| position.0), record.id));
    records.iter().map(|record| line(&Seen { cx, object, record }, currency)).collect()
}

fn line(line: &Seen<'_>, currency: Currency) -> Result<Line> {
    let price = line.get("price").as_money();
    if price.is_some_and(|price| price.currency != currency) {
        // A total of several currencies would be none.
        return Err(Violation::new("print.several_currencies", "").with("currency", currency.code()).into());
    }
    let of_currency = |money: &Money| money.currency == currency;
    Ok(Line {
        name: line.text("name"),
        code: String::new(),
        description: line.text("description"),
        unit: line.text("unit"),
        quantity: line.number("quantity").unwrap_or_default(),
        list_price: line.get("list_price").as_money().filter(of_currency).map(|money| money.amount),
        price: price.map(|price| price.amount),
        discount: line.number("discount"),
        amount: line.get("amount").as_money().map(|money| money.amount),
    })
}

/// The sums as the record has them. A discount or tax of nothing is not spoken of.
fn totals(head: &Seen<'_>) -> Totals {
    let rate = |field: &str| head.number(field).filter(|rate| rate.0 != 0);
    let (lines, subtotal) = (head.amount("lines_total"), head.amount("subtotal"));
    Totals {
        lines,
        discount: rate("discount").map(|rate| (Some(rate), Amount(lines.0 - subtotal.0))),
        subtotal,
        tax: rate("tax_rate").map(|rate| (Some(rate), head.amount("tax"))),
        total: head.amount("total"),
    }
}

/// `Q-2026-0001-v2.pdf`; of characters that every system takes in a name.
fn file_name(document: &Document) -> String {
    let number: String = document.number.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
    let number = match (number.trim(), document.kind) {
        ("", Kind::Quote) => "quote".to_owned(),
        ("", Kind::Order) => "order".to_owned(),
        (number, _) => number.to_owned(),
    };
    match document.version {
        Some(version) => format!("{number}-v{version}.pdf"),
        None => format!("{number}.pdf"),
    }
}
