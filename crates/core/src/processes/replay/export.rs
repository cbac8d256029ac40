//! One of the lists of deals as a file, whole.

use std::collections::BTreeMap;

use db::{Limits, Read};
use model::process::Requirement;
use model::process::replay::Gate;
use model::{Id, Value, Violation};

use super::open::{Halted, Late};
use super::report::{List, Page};
use super::{Found, Held, Try, find, judge};
use crate::audit::{Note, Origin};
use crate::exports::{Cell, Head, Sink, Table, named_moment};
use crate::processes::definition;
use crate::records::names_of;
use crate::{Credential, Ctx, Error, House, Meta, Result, veil};

/// Rows named and written together.
const PAGE: usize = 500;

/// The words of the file, in the reader's language.
#[derive(Clone, Copy)]
pub struct TryoutWords {
    /// Opportunity, ID, owner, amount, currency.
    pub deal: [&'static str; 5],
    /// When, from, to, who, gates.
    pub held_back: [&'static str; 5],
    /// Stage, entered, due, due before.
    pub overdue: [&'static str; 4],
    /// Stage, why.
    pub stuck: [&'static str; 2],
    pub stage_missing: &'static str,
    /// Says what a requirement asks for.
    pub say: fn(&Violation, &str, &Meta) -> String,
}

/// Refuses a file that cannot be, before anything is begun; else what is noted of it.
pub fn judge_export(cx: &Ctx, tx: &mut Read, id: &str, wanted: &Try) -> Result<Note> {
    let months = judge(cx, wanted)?;
    let list = list(wanted)?;
    let (process, source) = definition::on_trial(cx, tx, id, wanted.process.as_ref())?;
    let detail = serde_json::json!({"tried": source, "months": months, "list": format!("{list:?}"), "gate": wanted.gate});
    Ok(Note::new("export", "process").of("opportunity").subject(process.name.as_str()).detail(detail))
}

fn list(wanted: &Try) -> Result<List> {
    wanted.list.as_deref().unwrap_or("held_back").parse()
}

/// Tries a process and makes the file.
#[allow(clippy::too_many_arguments)]
pub fn export(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: Limits,
    id: &str,
    wanted: &Try,
    words: fn(&str) -> TryoutWords,
    sink: &mut dyn Sink,
) -> Result<()> {
    let mut begun = false;
    let file = house.read_from(credential, limits, origin, |cx, tx| {
        if std::mem::replace(&mut begun, true) {
            return Err(Error::Internal("an export was broken off by the database".into()));
        }
        let (list, page, words) = (list(wanted)?, Page::of(wanted)?, words(&cx.who.language));
        let found = find(cx, tx, id, wanted, None)?;
        let own: &[&str] = match list {
            List::HeldBack => &words.held_back,
            List::Overdue => &words.overdue,
            List::Stuck => &words.stuck,
        };
        let titles: Vec<String> = words.deal.iter().chain(own).map(|title| (*title).to_owned()).collect();
        let name = match list {
            List::HeldBack => "held-back",
            List::Overdue => "overdue",
            List::Stuck => "stuck",
        };
        let mut table = Table::begin("csv", name, &titles, Head::new(&format!("{name}-{}", cx.today()), "csv"), sink)?;
        let file = File { cx, words, gates: said(cx, &found, words) };
        match list {
            List::HeldBack => {
                let rows: Vec<&Held> = found.held.iter().filter(|held| page.wants(&held.gates)).collect();
                file.pages(tx, &mut table, sink, &rows, |row| (row.deal, [row.owner, Some(row.by)]), |names, row| file.held(names, row))?;
            }
            List::Overdue => {
                let rows: Vec<&Late> = found.open.becomes_overdue.iter().collect();
                file.pages(tx, &mut table, sink, &rows, |row| (row.deal, [row.owner, None]), |names, row| file.late(names, row))?;
            }
            List::Stuck => {
                let rows: Vec<&Halted> = found.open.becomes_stuck.iter().collect();
                file.pages(tx, &mut table, sink, &rows, |row| (row.deal, [row.owner, None]), |names, row| file.halted(names, row))?;
            }
        }
        table.end(sink)
    })?;
    file.map_or(Ok(()), |file| file.send(sink))
}

/// What each gate says, in the reader's language.
fn said(cx: &Ctx, found: &Found, words: TryoutWords) -> BTreeMap<Gate, String> {
    found.tally.gates.iter().map(|(gate, count)| (gate.clone(), say(cx, words, count.says.clone()))).collect()
}

fn say(cx: &Ctx, words: TryoutWords, requirement: Requirement) -> String {
    (words.say)(&Violation::from(requirement), &cx.who.language, &cx.meta)
}

/// A file under way.
struct File<'a> {
    cx: &'a Ctx,
    words: TryoutWords,
    gates: BTreeMap<Gate, String>,
}

type Names = BTreeMap<Id, String>;

impl File<'_> {
    fn pages<T>(
        &self,
        tx: &mut Read,
        table: &mut Table,
        sink: &mut dyn Sink,
        rows: &[&T],
        ids: impl Fn(&T) -> (Id, [Option<Id>; 2]),
        row: impl Fn(&Names, &T) -> Vec<Cell>,
    ) -> Result<()> {
        for page in rows.chunks(PAGE) {
            if sink.is_gone() {
                return Err(db::Error::Cancelled.into());
            }
            let deals: Vec<Id> = page.iter().map(|row| ids(row).0).collect();
            let people: Vec<Id> = page.iter().flat_map(|row| ids(row).1).flatten().collect();
            let mut names: Names = names_of(self.cx, tx, self.cx.object("opportunity")?, &deals)?.into_iter().collect();
            names.extend(names_of(self.cx, tx, self.cx.object("employee")?, &people)?);
            table.page(&page.iter().map(|one| row(&names, one)).collect::<Vec<_>>(), sink)?;
        }
        Ok(())
    }

    fn deal(&self, names: &Names, deal: Id, owner: Option<Id>, amount: &Value) -> Vec<Cell> {
        let money = amount.as_money().filter(|_| !veil::hides(self.cx, "opportunity", "amount"));
        vec![
            named(names, Some(deal)),
            Cell::Text(deal.to_string()),
            named(names, owner),
            money.map_or(Cell::Blank, |money| Cell::Number(money.amount.show(money.currency))),
            money.map_or(Cell::Blank, |money| Cell::Text(money.currency.code().to_owned())),
        ]
    }

    fn stage(&self, key: &str) -> Cell {
        let option = self.cx.meta.schema.object("opportunity").and_then(|object| object.options("stage").iter().find(|o| o.key == key));
        text(option.map_or(key, |option| option.label.in_language(&self.cx.who.language)))
    }

    fn held(&self, names: &Names, held: &Held) -> Vec<Cell> {
        let gates: Vec<&str> = held.gates.iter().filter_map(|gate| self.gates.get(gate)).map(String::as_str).collect();
        let mut row = self.deal(names, held.deal, held.owner, &held.amount);
        row.extend([
            named_moment(self.cx, held.at),
            held.from.as_deref().map_or(Cell::Blank, |stage| self.stage(stage)),
            self.stage(&held.to),
            named(names, Some(held.by)),
            text(&gates.join(" ")),
        ]);
        row
    }

    fn late(&self, names: &Names, late: &Late) -> Vec<Cell> {
        let mut row = self.deal(names, late.deal, late.owner, &late.amount);
        row.extend([
            self.stage(&late.stage),
            named_moment(self.cx, late.entered_at),
            named_moment(self.cx, late.due_at),
            late.due_before.map_or(Cell::Blank, |due| named_moment(self.cx, due)),
        ]);
        row
    }

    fn halted(&self, names: &Names, halted: &Halted) -> Vec<Cell> {
        let said: Vec<String> = if halted.stage_missing {
            vec![self.words.stage_missing.to_owned()]
        } else {
            halted.requirements.iter().map(|unmet| say(self.cx, self.words, unmet.clone())).collect()
        };
        let mut row = self.deal(names, halted.deal, halted.owner, &halted.amount);
        row.extend([self.stage(&halted.stage), text(&said.join(" "))]);
        row
    }
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) }
}

fn named(names: &Names, id: Option<Id>) -> Cell {
    text(id.and_then(|id| names.get(&id)).map_or("", String::as_str))
}
