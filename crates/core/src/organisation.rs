//! The organisation's settings and its currency rates.

mod settling;

use std::collections::BTreeSet;

use db::{Read, Write};
use jiff::tz::TimeZone;
use model::organisation::{DealAmount, DepartmentOfDeals, LANGUAGES, MEMBER, Organisation, TeamRole, weekday};
use model::{Currency, Date, Label, Number, Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

pub use settling::settle_rates;

use crate::audit::{self, Note};
use crate::objects::judge;
use crate::{Ctx, Error, Meta, Result, analysis, approvals, duplicates, forecast, meta, prices, reckoning, records};

/// `PATCH /organisation`: what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateOrganisation {
    pub name: Option<String>,
    pub main_currency: Option<String>,
    pub time_zone: Option<String>,
    pub week_start: Option<String>,
    pub fiscal_year_start_month: Option<i8>,
    pub language: Option<String>,
    /// ISO 3166 code of two letters; blank for none.
    pub country: Option<String>,
    /// Currencies in which amounts may be entered; all when there are none.
    pub currencies: Option<Vec<String>>,
    /// The whole list, in its order; a part without a key gets one from its label.
    pub team_roles: Option<Vec<WantedTeamRole>>,
    /// `lines`: what the lines of a deal come to is its amount; `typed`: somebody types it.
    pub deal_amount: Option<String>,
    /// `owner`: departments' forecasts count a deal for its owner's primary department; `deal`: for the one that stands in the deal.
    pub department_of_deals: Option<String>,
}

/// A part that a member of a team plays, as it is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedTeamRole {
    #[serde(default)]
    pub key: Option<String>,
    pub label: Label,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// `POST /currency-rates`: one unit of `currency` is `rate` of the main currency from `day` on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddRate {
    pub currency: String,
    pub day: String,
    pub rate: Json,
}

/// The settings.
pub fn read(cx: &Ctx) -> Json {
    json!(cx.meta.organisation)
}

/// Changes settings; administrators only. The main currency is fixed once money has been stored in it, since every stored
/// conversion and every rate rests on it.
pub fn update(cx: &Ctx, tx: &mut Write, wanted: &UpdateOrganisation) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    let mut next = cx.meta.organisation.clone();
    let mut found = Violations::new();
    if let Some(name) = &wanted.name {
        next.name = name.trim().to_owned();
    }
    if let Some(code) = &wanted.main_currency {
        match code.parse::<Currency>() {
            Ok(currency) => next.main_currency = currency,
            Err(()) => found.push(Violation::new("field.invalid", "main_currency").with("expected", "a currency of ISO 4217, as USD")),
        }
    }
    if let Some(zone) = &wanted.time_zone {
        next.time_zone = zone.clone();
    }
    if let Some(day) = &wanted.week_start {
        next.week_start = day.clone();
    }
    if let Some(month) = wanted.fiscal_year_start_month {
        next.fiscal_year_start_month = month;
    }
    if let Some(language) = &wanted.language {
        next.language = language.clone();
    }
    if let Some(country) = &wanted.country {
        next.country = country.trim().to_ascii_uppercase();
    }
    if let Some(codes) = &wanted.currencies {
        next.currencies = active_currencies(codes, next.main_currency, &mut found);
    }
    if let Some(roles) = &wanted.team_roles {
        next.team_roles = team_roles(tx, &cx.meta, &cx.meta.organisation.team_roles, roles, &mut found)?;
    }
    if let Some(key) = &wanted.deal_amount {
        match DealAmount::of(key) {
            Some(choice) => next.deal_amount = choice,
            None => found.push(Violation::new("field.not_an_option", "deal_amount").with("options", DealAmount::KEYS.to_vec())),
        }
    }
    if let Some(key) = &wanted.department_of_deals {
        match DepartmentOfDeals::of(key) {
            Some(choice) => next.department_of_deals = choice,
            None => {
                found.push(Violation::new("field.not_an_option", "department_of_deals").with("options", DepartmentOfDeals::KEYS.to_vec()));
            }
        }
    }
    found.extend(check(&next));
    if next.main_currency != cx.meta.organisation.main_currency && (records::has_money(cx, tx)? || forecast::has_amounts(tx)?) {
        found.push(
            Violation::new("organisation.currency_in_use", "main_currency").with("currency", cx.meta.organisation.main_currency.code()),
        );
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    put(cx, tx, &next)?;
    let note = Note::new("edit", "organisation").subject(next.name.as_str());
    audit::note(cx, tx, note.changed(&cx.meta.organisation, &next))?;
    // Days begin at other moments, which stored formulas may have reckoned with.
    if next.time_zone != cx.meta.organisation.time_zone {
        reckoning::settle_formulas(cx, tx)?;
    }
    if next.deal_amount == DealAmount::Lines && cx.meta.organisation.deal_amount != DealAmount::Lines {
        prices::following::enqueue(cx, tx)?;
    }
    Ok(json!(next))
}

/// Currencies that may be entered, the main one always among them; none for all.
fn active_currencies(codes: &[String], main: Currency, found: &mut Violations) -> Vec<Currency> {
    let mut currencies = BTreeSet::new();
    for (at, code) in codes.iter().enumerate() {
        match code.parse::<Currency>() {
            Ok(currency) => drop(currencies.insert(currency)),
            Err(()) => {
                let path = format!("currencies/{at}");
                found.push(Violation::new("field.invalid", path).with("expected", "a currency of ISO 4217, as USD"));
            }
        }
    }
    if !currencies.is_empty() {
        currencies.insert(main);
    }
    currencies.into_iter().collect()
}

/// Parts in teams as they shall be. One that somebody plays stays, and so does that of an ordinary member.
fn team_roles(tx: &mut Read, meta: &Meta, before: &[TeamRole], wanted: &[WantedTeamRole], found: &mut Violations) -> Result<Vec<TeamRole>> {
    const MOST: usize = 50;
    if wanted.len() > MOST {
        found.push(Violation::new("field.too_long", "team_roles").with("max", MOST));
    }
    let mut roles: Vec<TeamRole> = Vec::with_capacity(wanted.len());
    for (at, one) in wanted.iter().enumerate() {
        let taken = |key: &str| {
            let given = wanted.iter().filter_map(|other| other.key.as_deref());
            given.chain(roles.iter().chain(before).map(|role| role.key.as_str())).any(|known| known == key)
        };
        judge::label(&one.label, &format!("team_roles/{at}/label"), true, found);
        let key = match &one.key {
            Some(key) => key.clone(),
            None => judge::new_key(one.label.in_language("en"), "role", |key| taken(&key[2..]))[2..].to_owned(),
        };
        if !model::text::is_key(&key) || roles.iter().any(|role| role.key == key) {
            found.push(Violation::new("field.not_unique", format!("team_roles/{at}/key")).with("value", key.as_str()));
        }
        roles.push(TeamRole { key, label: one.label.clone(), active: one.active });
    }
    let flows = approvals::uses::in_use(meta, tx)?;
    let gone: Vec<&TeamRole> = before.iter().filter(|role| !roles.iter().any(|kept| kept.key == role.key)).collect();
    for role in gone {
        let asked = approvals::uses::of_team_role(&flows, &role.key).next().is_some();
        if role.key == MEMBER || asked || records::team::is_played(tx, &role.key)? {
            found.push(Violation::new("field.option_in_use", "team_roles").with("value", role.key.as_str()));
        }
    }
    Ok(roles)
}

fn check(settings: &Organisation) -> Violations {
    let mut found = Violations::new();
    if settings.name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    }
    if !model::text::storable(&settings.name) {
        found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
    }
    if settings.name.chars().count() > 200 {
        found.push(Violation::new("field.too_long", "name").with("max", 200));
    }
    found.extend(check_time_zone(&settings.time_zone).err());
    if weekday(&settings.week_start).is_none() {
        found.push(Violation::new("field.not_an_option", "week_start").with("options", vec!["monday", "saturday", "sunday"]));
    }
    if !(1..=12).contains(&settings.fiscal_year_start_month) {
        found.push(Violation::new("field.out_of_range", "fiscal_year_start_month").with("min", 1).with("max", 12));
    }
    let is_code = |code: &str| code.is_empty() || (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
    if !is_code(&settings.country) {
        found.push(Violation::new("field.invalid", "country").with("expected", "a country's code of two letters, as DE"));
    }
    if !LANGUAGES.contains(&settings.language.as_str()) {
        found.push(Violation::new("field.not_an_option", "language").with("options", LANGUAGES.to_vec()));
    }
    found
}

/// Refuses what is not a time zone of the IANA list.
pub(crate) fn check_time_zone(zone: &str) -> std::result::Result<(), Violation> {
    match TimeZone::get(zone) {
        Ok(_) => Ok(()),
        Err(_) => Err(Violation::new("field.invalid", "time_zone").with("expected", "a time zone, as Europe/Berlin")),
    }
}

/// Stores settings, after checking them.
pub(crate) fn put(cx: &Ctx, tx: &mut Write, settings: &Organisation) -> Result<()> {
    let found = check(settings);
    if !found.is_empty() {
        return Err(found.into());
    }
    tx.execute(Query::delete().from_table("organisation"))?;
    tx.execute(
        Query::insert().into_table("organisation").columns(["id", "doc"]).values_panic([1_i64.into(), meta::text(settings)?.into()]),
    )?;
    tx.publish_meta()?;
    if settings.country != cx.meta.organisation.country {
        // Phones are read otherwise from here on.
        duplicates::index::settle(cx, tx, &cx.meta.schema, &settings.country, false)?;
    }
    Ok(())
}

/// All rates, newest day first, and the currencies whose open amounts are still being converted.
pub fn rates(tx: &mut Read) -> Result<Json> {
    let rows = tx.all(
        Query::select()
            .columns(["currency", "day", "rate"])
            .from("currency_rate")
            .order_by("day", Order::Desc)
            .order_by("currency", Order::Asc),
    )?;
    let items = rows
        .iter()
        .map(|row| Ok(json!({"currency": row.get::<String>("currency")?, "day": row.get::<String>("day")?, "rate": Number(row.get("rate")?).to_string()})))
        .collect::<Result<Vec<Json>>>()?;
    let waiting = settling::waiting(tx)?;
    let converting: Vec<&str> = waiting.iter().map(|(currency, _)| currency.code()).collect();
    Ok(json!({ "items": items, "converting": converting }))
}

/// A rate that holds from a day on.
type Dated = (Currency, Date, Number);

/// `POST /currency-rates/many`: all of them or none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddRates {
    pub rates: Vec<AddRate>,
}

/// Rates that are set at once.
const MOST_RATES: usize = 5_000;

/// Sets a rate; administrators only. Open amounts are converted anew, in the same transaction where they are few and behind it
/// ([`settle_rates`]) where they are many; closed ones keep their frozen rate.
pub fn add_rate(cx: &Ctx, tx: &mut Write, wanted: &AddRate) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    let mut found = Violations::new();
    let Some(rate) = read_rate(cx, wanted, "", &mut found).filter(|_| found.is_empty()) else { return Err(found.into()) };
    set_rates(cx, tx, &[rate])?;
    let (currency, day, rate) = rate;
    Ok(json!({"currency": currency.code(), "day": day.to_string(), "rate": rate.to_string()}))
}

/// Sets many rates, as [`add_rate`] does each.
pub fn add_rates(cx: &Ctx, tx: &mut Write, wanted: &AddRates) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    let mut found = Violations::new();
    if wanted.rates.len() > MOST_RATES {
        return Err(Violation::new("field.too_long", "rates").with("max", MOST_RATES).into());
    }
    let read = |(at, one)| read_rate(cx, one, &format!("rates/{at}/"), &mut found);
    let rates: Vec<Dated> = wanted.rates.iter().enumerate().filter_map(read).collect();
    if !found.is_empty() {
        return Err(found.into());
    }
    set_rates(cx, tx, &rates)?;
    Ok(json!({ "count": rates.len() }))
}

fn read_rate(cx: &Ctx, wanted: &AddRate, path: &str, found: &mut Violations) -> Option<Dated> {
    let currency: Option<Currency> = wanted.currency.trim().parse().ok().filter(|c| *c != cx.meta.organisation.main_currency);
    if currency.is_none() {
        found.push(Violation::new("field.invalid", format!("{path}currency")).with("expected", "a currency other than the main one"));
    }
    let day = day_of(&wanted.day);
    if day.is_none() {
        found.push(Violation::new("field.invalid", format!("{path}day")).with("expected", "a day, as 2026-11-23"));
    }
    let text = wanted.rate.as_str().map_or_else(|| wanted.rate.to_string(), str::to_owned);
    let rate = Number::parse(text.trim()).filter(|rate| rate.0 > 0);
    if rate.is_none() {
        let expected = "a positive number with at most 6 digits after the point";
        found.push(Violation::new("field.invalid", format!("{path}rate")).with("expected", expected));
    }
    Some((currency?, day?, rate?))
}

/// As days of records: four digits of a year, so that their texts sort as the days do.
fn day_of(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().filter(|day: &Date| text.len() == 10 && day.year() >= 1)
}

fn set_rates(cx: &Ctx, tx: &mut Write, wanted: &[Dated]) -> Result<()> {
    // Nobody else writes from here on: each rate is told against what stood when it went in, and amounts are converted as they stand.
    let (_, meta) = meta::publish(cx, tx)?;
    let mut rates = meta.rates.clone();
    for (currency, day, rate) in wanted {
        let before = standing(tx, *currency, *day)?;
        tx.execute(
            Query::insert()
                .into_table("currency_rate")
                .columns(["currency", "day", "rate", "set_at", "set_by"])
                .values_panic([currency.code().into(), day.to_string().into(), rate.0.into(), cx.at.0.into(), cx.who.id.0.into()])
                .on_conflict(OnConflict::columns(["currency", "day"]).update_columns(["rate", "set_at", "set_by"]).to_owned()),
        )?;
        rates.set(*currency, *day, *rate);
        analysis::rate(cx, tx, *currency, *day, Some(*rate))?;
        if before != Some(*rate) {
            note_rate(cx, tx, if before.is_some() { "edit" } else { "create" }, (*currency, *day), before, Some(*rate))?;
        }
    }
    // What begins on a coming day is converted on that day.
    let today = cx.today();
    let begun = wanted.iter().filter(|(_, day, _)| *day <= today).map(|(currency, ..)| *currency);
    begun.collect::<BTreeSet<Currency>>().into_iter().try_for_each(|currency| settling::convert(cx, tx, &rates, currency))
}

fn standing(tx: &mut Read, currency: Currency, day: Date) -> Result<Option<Number>> {
    let select = Query::select()
        .column("rate")
        .from("currency_rate")
        .and_where(Expr::col("currency").eq(currency.code()))
        .and_where(Expr::col("day").eq(day.to_string()))
        .to_owned();
    Ok(tx.optional(&select)?.map(|row| row.get::<i64>("rate")).transpose()?.map(Number))
}

fn note_rate(cx: &Ctx, tx: &mut Write, act: &str, of: (Currency, Date), before: Option<Number>, after: Option<Number>) -> Result<()> {
    let state = |rate: Option<Number>| {
        let rate = rate.map(|rate| rate.to_string());
        json!({"day": of.1.to_string(), "rate": rate, "main_currency": cx.meta.organisation.main_currency.code()})
    };
    let note = Note::new(act, "currency_rate").subject(of.0.code());
    audit::note(cx, tx, note.changed(&state(before), &state(after)))
}

/// Takes a wrong rate away; administrators only. Open amounts are converted anew with the one that holds then, closed ones keep theirs. The
/// last rate of a currency stays while amounts stand in it.
pub fn remove_rate(cx: &Ctx, tx: &mut Write, currency: &str, day: &str) -> Result<()> {
    cx.administrators_only("edit", "organisation")?;
    let (Ok(currency), Some(day)) = (currency.parse::<Currency>(), day_of(day)) else { return Err(Error::NotFound) };
    let (_, meta) = meta::publish(cx, tx)?;
    let before = standing(tx, currency, day)?.ok_or(Error::NotFound)?;
    let mut rates = meta.rates.clone();
    rates.remove(currency, day);
    if rates.on(currency, cx.today()).is_none() && records::has_amounts_in(cx, tx, currency)? {
        return Err(Violation::new("rate.last_in_use", "").with("currency", currency.code()).into());
    }
    tx.execute(
        Query::delete()
            .from_table("currency_rate")
            .and_where(Expr::col("currency").eq(currency.code()))
            .and_where(Expr::col("day").eq(day.to_string())),
    )?;
    analysis::rate(cx, tx, currency, day, None)?;
    note_rate(cx, tx, "delete", (currency, day), Some(before), None)?;
    if day > cx.today() {
        return Ok(());
    }
    settling::convert(cx, tx, &rates, currency)
}
