//! What is sold, to whom, and who else sells it.

use std::collections::BTreeMap;

use db::Write;
use model::{Amount, Currency, Id, Money, Value};

use super::cast::{ACCOUNTS, CHINESE, COMPETITORS, FAMILY, GIVEN, PEOPLE, PRODUCTS, TITLES};
use super::dice::Dice;
use super::{DAY, Story, address, put};
use crate::save::{Change, Deed, save_all};
use crate::{Ctx, Error, Result};

/// Everything that deals are made of.
pub struct Market {
    pub accounts: Vec<Account>,
    pub products: Vec<Product>,
    pub competitors: Vec<Id>,
    /// People by key.
    pub people: BTreeMap<&'static str, Id>,
}

pub struct Account {
    pub id: Id,
    pub city: &'static str,
    pub owner: Id,
    pub currency: Currency,
    pub chinese: bool,
    /// Contacts with their role in deals.
    pub contacts: Vec<(Id, &'static str)>,
}

pub struct Product {
    pub id: Id,
    pub name: &'static str,
    /// In USD.
    pub price: i64,
}

/// Fills it.
pub fn fill(story: &Story<'_>, tx: &mut Write) -> Result<Market> {
    let people = people(story, tx)?;
    let keeper = story.at(people["omar"], story.began);
    let mut products = Vec::new();
    for (name, code, series, price) in PRODUCTS {
        let money = Money { amount: Amount(price * 10_000), currency: Currency::USD };
        let unit = match code {
            "PV-1Y" => "licence",
            "CAL-D" => "day",
            _ => "piece",
        };
        let fields: [(&str, Value); 5] =
            [("name", name.into()), ("code", code.into()), ("series", series.into()), ("unit", unit.into()), ("list_price", money.into())];
        products.push(Product { id: put(&keeper, tx, new("product", fields))?, name, price });
    }
    price_books(&keeper, tx, &products)?;
    let competitors =
        COMPETITORS.iter().map(|name| put(&keeper, tx, new("competitor", [("name", (*name).into())]))).collect::<Result<_>>()?;
    let accounts = accounts(story, tx, &people)?;
    Ok(Market { accounts, products, competitors, people })
}

/// What a dollar of the list is in a book, in hundredths, and what the book is called. One is standard in each currency; partners buy for less.
const BOOKS: [(&str, &str, i64, bool); 4] = [
    ("List prices USD", "USD", 100, true),
    ("List prices EUR", "EUR", 92, true),
    ("标准价格表（人民币）", "CNY", 720, true),
    ("Partner prices USD", "USD", 85, false),
];

fn price_books(keeper: &Ctx, tx: &mut Write, products: &[Product]) -> Result<()> {
    for (name, code, hundredths, standard) in BOOKS {
        let currency: Currency = code.parse().unwrap_or(Currency::USD);
        let fields: [(&str, Value); 3] = [("name", name.into()), ("currency", code.into()), ("standard", standard.into())];
        let book = put(keeper, tx, new("price_book", fields))?;
        let entries = products.iter().map(|product| {
            let price = Money { amount: Amount(product.price * hundredths * 100), currency };
            new("price_book_entry", [("price_book", book.into()), ("product", product.id.into()), ("price", price.into())])
        });
        for entry in save_all(keeper, tx, "price_book_entry", entries.collect())? {
            entry?;
        }
    }
    Ok(())
}

fn people(story: &Story<'_>, tx: &mut Write) -> Result<BTreeMap<&'static str, Id>> {
    let object = story.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let emails: Vec<Value> = PEOPLE.iter().map(|person| address(person.0).into()).collect();
    let found = db::records::find_by(tx, object, "email", &emails)?;
    Ok(PEOPLE
        .iter()
        .filter_map(|person| Some((person.0, found.iter().find(|(email, _)| *email == Value::from(address(person.0)))?.1)))
        .collect())
}

fn accounts(story: &Story<'_>, tx: &mut Write, people: &BTreeMap<&'static str, Id>) -> Result<Vec<Account>> {
    let mut dice = Dice::new(7);
    let mut accounts = Vec::new();
    for (i, (name, city, country, sector)) in ACCOUNTS.into_iter().enumerate() {
        let chinese = country == "中国";
        let north = i < 15 || (25..46).contains(&i);
        let sellers: &[&str] = match (chinese, north) {
            (true, _) => &["wei", "lina"],
            (false, true) => &["kim", "tara", "wei"],
            (false, false) => &["lee", "nina", "lina"],
        };
        let owner = people[*dice.one(sellers)];
        let code = match country {
            "中国" => "CNY",
            "Germany" | "Netherlands" | "Finland" | "Lithuania" | "Italy" | "Spain" | "Portugal" | "France" | "Ireland" => "EUR",
            _ => "USD",
        };
        let currency: Currency = code.parse().unwrap_or(Currency::USD);
        let cx = story.at(owner, story.began.plus_seconds(i as i64 * 3_600));
        let revenue = Money { amount: Amount(dice.between(4, 900) * 1_000_000 * 10_000), currency };
        let fields: [(&str, Value); 7] = [
            ("name", name.into()),
            ("city", city.into()),
            ("country", country.into()),
            ("sector", sector.into()),
            ("status", (*dice.one(&["prospect", "prospect", "customer", "customer", "customer", "partner", "former"])).into()),
            ("employees", model::Number::whole(dice.between(30, 9_000)).into()),
            ("annual_revenue", revenue.into()),
        ];
        let id = put(&cx, tx, owned(new("account", fields), owner))?;
        let mut account = Account { id, city, owner, currency, chinese, contacts: Vec::new() };
        for n in 0..1 + i64::from(i % 2 == 0) {
            let (english, chinese_title, role) = TITLES[(i * 5 + n as usize * 2) % TITLES.len()];
            let name = match chinese {
                true => CHINESE[(i * 2 + n as usize) % CHINESE.len()].to_owned(),
                false => format!("{} {}", GIVEN[(i * 7 + n as usize * 11) % GIVEN.len()], FAMILY[(i * 3 + n as usize * 5) % FAMILY.len()]),
            };
            let email = format!("contact{}@customer{}.example", n + 1, i + 1);
            let title = if chinese { chinese_title } else { english };
            let fields: [(&str, Value); 6] = [
                ("name", name.into()),
                ("account", id.into()),
                ("title", title.into()),
                ("email", email.into()),
                ("phone", format!("+00 555 {:04}", i * 10 + n as usize).into()),
                ("attitude", (*dice.one(&["supporter", "neutral", "neutral", "opponent"])).into()),
            ];
            let at = cx.at.plus_seconds(DAY + n);
            account.contacts.push((put(&story.at(owner, at), tx, owned(new("contact", fields), owner))?, role));
        }
        accounts.push(account);
    }
    Ok(accounts)
}

/// A new record.
pub fn new<const N: usize>(object: &str, fields: [(&str, Value); N]) -> Change {
    let mut change = Change::new(object, Deed::Create);
    change.patch.extend(fields.map(|(field, value)| (field.to_owned(), value)));
    change
}

/// The same with its owner.
pub fn owned(mut change: Change, owner: Id) -> Change {
    change.patch.insert("owner".to_owned(), owner.into());
    change
}
