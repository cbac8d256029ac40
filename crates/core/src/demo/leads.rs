//! Leads of the last weeks: some that nobody has yet, some to follow up, some that have come to their end.

use db::Write;
use model::{Amount, Currency, Id, Instant, Money, Value};

use super::market::{Market, new, owned};
use super::{DAY, Story, put};
use crate::Result;
use crate::save::{Change, Deed};

/// Name, company, title, city, country, source, what is asked for, owner, days ago, how it stands.
type Lead =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, i64, &'static str);

#[rustfmt::skip]
const LEADS: [Lead; 16] = [
    ("Helena Brandt", "Ostsee Fischveredelung", "Plant manager", "Rostock", "Germany", "website", "We need hygienic flow meters for four filling lines and would like an offer by spring.", "", 1, "unassigned"),
    ("Piotr Zielinski", "Odra Cukrownia", "Maintenance lead", "Opole", "Poland", "website", "Level measurement for two syrup tanks. Who is our contact?", "", 0, "unassigned"),
    ("何建国", "珠海海蓝水务", "采购总监", "珠海", "中国", "website", "需要三套水质监测站，请提供报价和交期。", "", 2, "unassigned"),
    ("Sofia Marques", "Cimentos do Tejo", "Instrumentation engineer", "Setúbal", "Portugal", "event", "Met at the process fair; asked for the catalogue of pressure transmitters.", "", 4, "unassigned"),
    ("Ewan Fraser", "Speyside Maltings", "Head of purchasing", "Elgin", "United Kingdom", "referral", "Recommended by Clydeside Distillers. Gas analysers for the kiln.", "kim", 1, "pending"),
    ("Rebecca Stone", "Erie Paperboard", "Plant manager", "Erie", "United States", "website", "Replacement of twelve clamp-on meters.", "tara", 2, "pending"),
    ("Marco Ferri", "Birrificio Monviso", "Managing director", "Cuneo", "Italy", "website", "Small brewery, first automation of the cellar.", "lee", 3, "pending"),
    ("朱海燕", "绍兴越州印染", "设备主管", "绍兴", "中国", "partner", "印染废水在线监测，希望现场勘查。", "wei", 2, "pending"),
    ("Ingrid Solberg", "Lofoten Laks", "Quality manager", "Svolvær", "Norway", "event", "Oxygen and flow in smolt tanks; wants a pilot.", "kim", 9, "following"),
    ("Jean-Marc Petit", "Sucrerie de Brie", "Maintenance lead", "Provins", "France", "cold_call", "Spare parts framework for two sites.", "nina", 12, "following"),
    ("Grace Mensah", "Volta Aluminium", "Instrumentation engineer", "Tema", "Ghana", "website", "Emission monitoring for one smelter line.", "lee", 7, "following"),
    ("冯雪", "无锡太湖制药", "质量经理", "无锡", "中国", "advertisement", "洁净水系统的压力与流量仪表。", "lina", 10, "following"),
    ("Tom Baker", "Baker Home Brewing", "Owner", "Leeds", "United Kingdom", "website", "One flow meter for my garage.", "tara", 15, "no_fit"),
    ("Best Rankings", "Top Of Search Ltd", "", "", "", "website", "We bring your website to the first page of every search.", "", 6, "spam"),
    ("Dieter Hahn", "Hahn Galvanik", "Managing director", "Solingen", "Germany", "advertisement", "Asked for prices, then chose a used device.", "kim", 30, "no_interest"),
    ("Laura Klein", "Kessler & Voss Anlagenbau", "Head of purchasing", "Dortmund", "Germany", "existing_customer", "Second line: the same transmitters as last year, forty pieces.", "kim", 5, "following"),
];

/// Fills it.
pub fn fill(story: &Story<'_>, tx: &mut Write, market: &Market) -> Result<()> {
    for (n, lead) in LEADS.iter().enumerate() {
        one(story, tx, market, lead, n as i64)?;
    }
    Ok(())
}

fn one(story: &Story<'_>, tx: &mut Write, market: &Market, lead: &Lead, n: i64) -> Result<()> {
    let (name, company, title, city, country, source, request, owner, days, stands) = *lead;
    let owner = market.people.get(owner).copied();
    let came = story.now().plus_seconds(-days * DAY - (n + 1) * 1_700);
    let domain = format!("lead{}.example", n + 1);
    let fields: [(&str, Value); 9] = [
        ("name", name.into()),
        ("company", company.into()),
        ("title", title.into()),
        ("email", format!("office@{domain}").into()),
        ("phone", format!("+00 555 7{:03}", n * 7).into()),
        ("city", city.into()),
        ("country", country.into()),
        ("lead_source", source.into()),
        ("description", request.into()),
    ];
    let mut change = new("lead", fields.map(|(key, value)| (key, if value == Value::from("") { Value::Null } else { value })));
    if n % 3 == 1 {
        let amount = Money { amount: Amount((n + 2) * 6_500 * 10_000), currency: Currency::USD };
        change.patch.insert("amount".into(), amount.into());
    }
    let id = match owner {
        Some(owner) => put(&story.at(owner, came), tx, owned(change, owner))?,
        // The product took it in by itself.
        None => put(&story.at(Id::SYSTEM, came), tx, change)?,
    };
    let keeper = owner.unwrap_or(market.people["omar"]);
    match stands {
        "following" => followed(story, tx, id, keeper, came.plus_seconds(DAY)),
        "no_fit" | "spam" | "no_interest" => {
            let cx = story.at(keeper, came.plus_seconds(2 * DAY));
            put(&cx, tx, Change::of("lead", id, Deed::MarkInvalid { why: stands.to_owned() })).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// Its owner got in touch.
fn followed(story: &Story<'_>, tx: &mut Write, lead: Id, owner: Id, at: Instant) -> Result<()> {
    let fields: [(&str, Value); 5] = [
        ("name", "First call".into()),
        ("activity_type", "call".into()),
        ("regarding", Value::Regarding { object: "lead".into(), id: lead }),
        ("happened_at", at.into()),
        ("outcome", "positive".into()),
    ];
    put(&story.at(owner, at), tx, owned(new("activity", fields), owner)).map(|_| ())
}
