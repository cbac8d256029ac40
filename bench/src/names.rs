//! How many names of companies are recognised, and what it takes.

use model::duplicate::matching::name::{Name, alike};
use model::duplicate::rule::{Method, USUAL_THRESHOLD};
use testkit::companies::drawing::drawn;
use testkit::companies::figures::{Figures, account, compared, figures, together};
use testkit::companies::{Half, crowd};

use crate::Fallible;
use crate::table::{Column, Table};
use crate::trying::on_the_processor;

/// Pairs of every kind.
const EACH: usize = 400;
/// Among so many names is looked.
const NAMES: usize = 30_000;
const QUESTIONS: usize = 300;
/// Candidates that are looked at for one question.
const CANDIDATES: usize = 200;

/// Fills a table kind by kind, found and flagged together.
pub fn measure(table: &mut Table) -> Fallible<()> {
    for (half, title) in [(Half::Tuning, "tuning half"), (Half::HeldOut, "held-out half")] {
        let all = figures(half, EACH);
        let mut column = table.column(title);
        for one in &all {
            put(&mut column, &format!("{}: {:?}, {}", if one.same { "the same" } else { "different" }, one.script, one.kind), one);
        }
        put(&mut column, "**all variants of a name**", &together(&all, true));
        put(&mut column, "**all different companies**", &together(&all, false));
    }
    Ok(())
}

fn put(column: &mut Column<'_>, name: &str, one: &Figures) {
    let exact = one.exact as f64 * 100.0 / one.pairs.max(1) as f64;
    let what = if one.same { ("found", "certain") } else { ("flagged", "blocked") };
    column.put(name, format!("{:.1} % {}, {exact:.1} % {}, of {}", one.percent(), what.0, what.1, one.pairs));
}

/// Fills a table with what keys find and what comparing takes.
pub fn cost(table: &mut Table) -> Fallible<()> {
    let mut column = table.column("");
    let drawn = drawn(NAMES, QUESTIONS);
    column.put("names among which is looked", drawn.names.to_string());
    column.put("questions", drawn.questions.to_string());
    column.put("alike, by looking at every name", drawn.scanned.to_string());
    column.put("of them found by keys", format!("{:.2} %", drawn.found as f64 * 100.0 / drawn.scanned.max(1) as f64));
    column.put("keys of a name", format!("{:.1}", drawn.keys as f64 / 100.0));
    column.put("entries read for a question, median / most", format!("{} / {}", drawn.read, drawn.most_read));
    let names = crowd(CANDIDATES * 50);
    let read: Vec<Name> = names.iter().map(|name| Name::of_company(name)).collect();
    let began = on_the_processor();
    let mut like = 0;
    for asks in read.iter().step_by(CANDIDATES) {
        like += read[..CANDIDATES].iter().filter(|name| alike(asks, name) >= USUAL_THRESHOLD).count();
    }
    let one = (on_the_processor() - began) * 1000.0 / (read.len() / CANDIDATES) as f64;
    column.put(&format!("{CANDIDATES} names, read beforehand, compared with one, ms"), format!("{one:.3}"));
    let (object, asks) = (account(), &names[..QUESTIONS / 10]);
    let began = on_the_processor();
    for asks in asks {
        like += names[..CANDIDATES]
            .iter()
            .filter(|name| compared(&object, Method::Fuzzy { threshold: USUAL_THRESHOLD }, asks, name).is_some())
            .count();
    }
    let one = (on_the_processor() - began) * 1000.0 / asks.len() as f64;
    column.put(&format!("{CANDIDATES} records read and compared with one, ms"), format!("{one:.3}"));
    column.put("alike in doing so", like.to_string());
    Ok(())
}
