//! Moving deals: the facts gathered, the verdict asked for, figures and stays drawn from it. One way for all.

use std::collections::BTreeMap;

use db::Write;
use model::condition::World;
use model::process::figures::{self, Occasion};
use model::process::{Entering, Facts, Gates, How, Mover, Owner, StageRules, Stay, advance, choose, judge as verdict, reopen_target};
use model::role::Act;
use model::{Id, Instant, Object, Record, Value, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{due, stays};
use crate::access::department_chain;
use crate::records::{self, answer, read_fields};
use crate::save::{Change, Deed, Historic, Working, save};
use crate::{Ctx, Error, Result, world};

/// `POST /records/opportunity/{id}/move`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveStage {
    pub stage: String,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/opportunity/{id}/reopen`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// Moves a deal to another stage, with the fields that the move asks for.
pub fn move_stage(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &MoveStage) -> Result<Json> {
    act(cx, tx, id, version, Deed::Move { stage: wanted.stage.clone() }, &wanted.fields, wanted.reason.clone(), wanted.dry_run)
}

/// Takes a closed deal up again.
pub fn reopen(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reopen) -> Result<Json> {
    act(cx, tx, id, version, Deed::Reopen { stage: wanted.stage.clone() }, &wanted.fields, wanted.reason.clone(), wanted.dry_run)
}

#[allow(clippy::too_many_arguments)]
fn act(
    cx: &Ctx,
    tx: &mut Write,
    id: Id,
    version: Option<i64>,
    deed: Deed,
    fields: &Map<String, Json>,
    reason: Option<String>,
    dry_run: bool,
) -> Result<Json> {
    cx.only_asks(dry_run);
    let object = cx.object("opportunity")?.clone();
    records::load(cx, tx, &object, id)?;
    let mut change = Change::of(&object.key, id, deed);
    change.patch = read_fields(cx, &object, fields)?;
    if change.patch.remove("stage").is_some() {
        return Err(Error::Malformed("the stage stands beside the fields, not among them".into()));
    }
    change.if_version = version;
    change.reason = reason;
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, dry_run)
}

/// The resolved process of an id.
pub(crate) fn gates_of(cx: &Ctx, process: &str) -> Result<Gates> {
    let process = cx.meta.process(process).ok_or_else(|| Error::Internal(format!("no process {process}")))?;
    Gates::resolve(process, &cx.system_reading()).map_err(Error::Invalid)
}

/// What the caller may do with a deal he may write.
pub(crate) fn mover(cx: &Ctx, record: &Record) -> Mover {
    let may = |act| cx.who.rights.may(act, &record.object);
    Mover {
        may_move: may(Act::Move),
        may_reopen: may(Act::Reopen),
        may_edit: may(Act::Edit),
        may_unlock: may(Act::Unlock),
        may_change_process: may(Act::ChangeProcess),
        may_bypass: may(Act::BypassGates),
        is_owner: record.owner() == Some(cx.who.id),
    }
}

/// Gives a new deal its process and first stage; a process is not changed by an edit.
pub(crate) fn begin(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let fresh: Vec<usize> = (0..work.len()).filter(|i| work[*i].error.is_none() && work[*i].before.is_none()).collect();
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.before.is_some()) {
        if item.changes("sales_process") {
            item.findings.push(Violation::new("field.read_only", "sales_process"));
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let all: Vec<Gates> = cx.meta.processes.iter().filter_map(|p| Gates::resolve(p, &cx.system_reading()).ok()).collect();
    let roles = owner_roles(cx, tx, fresh.iter().filter_map(|i| work[*i].after.owner()))?;
    let entry: Vec<_> = all.iter().filter_map(|gates| gates.entry.clone()).collect();
    let records: Vec<&Record> = fresh.iter().map(|i| &work[*i].after).collect();
    let world = world::around(cx, tx, &records, entry.iter())?;
    let nobody: Vec<String> = Vec::new();
    for i in fresh {
        let item = &mut work[i];
        let wanted = item.after.get("sales_process").as_text().and_then(|text| text.parse::<Id>().ok());
        let historic = matches!(item.change.deed, Deed::Historic(_));
        let chosen = if let (true, Some(id)) = (historic, wanted) {
            all.iter().find(|gates| gates.process.id == id).ok_or_else(|| Violation::new("process.not_permitted", "sales_process"))
        } else {
            let chain = department_chain(&cx.meta.departments, item.after.reference("owner_department"));
            let owner = item.after.owner().map(|id| Owner { id, departments: &chain, roles: roles.get(&id).unwrap_or(&nobody) });
            choose(&all, wanted, owner, &item.after, &world)
        };
        match chosen {
            Ok(gates) => {
                item.after.set("sales_process", gates.process.id.to_string());
                if item.after.get("stage").is_null() {
                    let first = gates.process.stages.first().map(|rules| rules.stage.as_str()).unwrap_or_default();
                    item.after.set("stage", first);
                }
                if let Deed::Historic(past) = &item.change.deed
                    && let Some((stage, _)) = past.entered.last()
                {
                    item.after.set("stage", stage.as_str());
                }
            }
            Err(violation) => {
                // What follows from the process is not asked for on top of it.
                item.after.set("sales_process", "-");
                item.after.set("stage", "-");
                item.findings.push(violation);
            }
        }
    }
    Ok(())
}

fn owner_roles(cx: &Ctx, tx: &mut Write, owners: impl Iterator<Item = Id>) -> Result<BTreeMap<Id, Vec<String>>> {
    if cx.meta.processes.iter().all(|process| process.who.roles.is_empty()) {
        return Ok(BTreeMap::new());
    }
    let ids: std::collections::BTreeSet<Id> = owners.collect();
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let people = db::records::load(
        tx,
        &cx.meta.schema,
        employee,
        &db::records::Scope::All("the owner's roles"),
        &ids.into_iter().collect::<Vec<_>>(),
    )?;
    let roles = |person: &Record| match person.get("roles") {
        Value::Keys(keys) => keys.clone(),
        _ => Vec::new(),
    };
    Ok(people.iter().map(|person| (person.id, roles(person))).collect())
}

/// Judges every entering of a stage: creation, move, reopening. Imported history passes: it tells what has been.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let entering: Vec<usize> = (0..work.len()).filter(|i| work[*i].error.is_none() && enters(&work[*i])).collect();
    if entering.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = entering.iter().filter_map(|i| work[*i].before.as_ref()).map(|record| record.id).collect();
    let mut all_stays = if ids.is_empty() { BTreeMap::new() } else { stays::load(tx, &ids)? };
    let mut gates: BTreeMap<String, Gates> = BTreeMap::new();
    let mut judged: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for i in entering {
        let process = work[i].after.text("sales_process").to_owned();
        if !gates.contains_key(&process) {
            match gates_of(cx, &process) {
                Ok(found) => gates.insert(process.clone(), found),
                // A deal whose process cannot be found or read is not moved by no rules at all.
                Err(Error::Invalid(list)) => {
                    work[i].findings.extend(list);
                    continue;
                }
                // Told already: no process for it was found.
                Err(_) if !work[i].findings.is_empty() => continue,
                Err(other) => return Err(other),
            };
        }
        judged.entry(process).or_default().push(i);
    }
    for (process, items) in judged {
        let gates = &gates[&process];
        // What the conditions look at is read once for all deals of a process, not deal by deal.
        let records: Vec<&Record> = items.iter().map(|i| &work[*i].after).collect();
        let world = world::around(cx, tx, &records, gates.conditions())?;
        for i in items {
            let stays = all_stays.remove(&work[i].after.id).unwrap_or_default();
            let item = &mut work[i];
            judge_one(cx, object, item, gates, &stays, &world);
            item.stays = stays;
        }
    }
    Ok(())
}

fn enters(item: &Working) -> bool {
    matches!(item.change.deed, Deed::Create | Deed::Move { .. } | Deed::Reopen { .. })
}

fn judge_one(cx: &Ctx, object: &Object, item: &mut Working, gates: &Gates, stays: &[Stay], world: &World) {
    let blank = Record::new(&object.key, item.after.id);
    let options = object.options("stage");
    let reopening = matches!(item.change.deed, Deed::Reopen { .. });
    let target = match &item.change.deed {
        Deed::Move { stage } => stage.clone(),
        Deed::Reopen { stage } => stage.clone().or_else(|| reopen_target(gates, options, stays)).unwrap_or_default(),
        _ => item.after.text("stage").to_owned(),
    };
    let mut mover = mover(cx, item.before.as_ref().unwrap_or(&item.after));
    // One who creates a deal fills it himself, whatever he may do with others.
    mover.may_edit |= item.before.is_none();
    let facts = Facts {
        gates,
        options,
        record: item.before.as_ref().unwrap_or(&blank),
        after: &item.after,
        stays,
        world,
        mover,
        now: item.at,
        reason: item.change.reason(),
        reopening,
        changing_process: false,
        tasks: &[],
        pending: None,
        creating: &[],
        bypass: false,
    };
    let found = verdict(&facts, &target);
    item.how = Some(How::of(found.kind, &found.skipped));
    item.skipped = found.skipped;
    item.unmet.extend(found.requirements.into_iter().map(Violation::from));
    item.target = Some(target);
}

/// Draws figures and stays from the verdict. Called for every save of a deal, with the patch applied and nothing against it.
pub(crate) fn derive(cx: &Ctx, object: &Object, work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| item.is_sound()) {
        let Some(process) = cx.meta.process(item.after.text("sales_process")) else { continue };
        let rules_of = |stage: &str| process.stage(stage).cloned().unwrap_or_else(|| StageRules::new(stage));
        let given = |field: &str| item.change.patch.contains_key(field) && item.changes(field);
        let occasion = Occasion { win_rate_given: given("win_rate"), category_given: given("forecast_category"), ..Occasion::default() };
        if let Deed::Historic(past) = item.change.deed.clone() {
            historic(cx, object, item, &past, &rules_of, occasion);
        } else if let Some(target) = item.target.take() {
            enter(cx, object, item, &target, &rules_of, occasion);
        } else {
            let stage = item.after.text("stage").to_owned();
            if let Some(option) = object.options("stage").iter().find(|option| option.key == stage) {
                figures::derive(&mut item.after, option, &rules_of(&stage), occasion);
            }
        }
        freeze_rate(cx, item);
    }
}

fn enter(cx: &Ctx, object: &Object, item: &mut Working, target: &str, rules_of: &dyn Fn(&str) -> StageRules, occasion: Occasion) {
    let Some(option) = object.options("stage").iter().find(|option| option.key == target) else { return };
    let terminal = option.stage_type.is_some_and(model::field::StageType::is_terminal);
    let mut last = item.stays.pop();
    let entering = Entering {
        id: cx.new_id(),
        opportunity: item.after.id,
        process: item.after.text("sales_process").parse().unwrap_or(Id::SYSTEM),
        process_version: cx.meta.process(item.after.text("sales_process")).map_or(1, |p| p.version),
        stage: target.to_owned(),
        terminal,
        how: item.how.unwrap_or(How::Start),
        by: cx.who.id,
        reason: item.change.reason().map(str::to_owned),
        skipped: std::mem::take(&mut item.skipped),
        at: item.at,
    };
    let was_open = last.as_ref().is_some_and(Stay::is_open);
    let stay = advance(last.as_mut(), entering);
    item.left = last.filter(|_| was_open);
    let rules = rules_of(target);
    let due_at = due::of_stage(cx, &item.after, &rules, stay.entered_at);
    figures::derive(&mut item.after, option, &rules, Occasion { entering: Some(stay.entered_at), due_at, ..occasion });
    item.entered.push(stay);
}

/// The stages of imported history, entered one after the other at the instants that the data gives; none is added.
fn historic(cx: &Ctx, object: &Object, item: &mut Working, past: &Historic, rules_of: &dyn Fn(&str) -> StageRules, occasion: Occasion) {
    let created = item.after.get("created_at").as_instant().unwrap_or(item.at);
    let mut entered: Vec<(String, Instant)> = past.entered.clone();
    if entered.is_empty() {
        entered.push((item.after.text("stage").to_owned(), created));
    }
    for pair in entered.windows(2) {
        if pair[1].1 <= pair[0].1 {
            item.findings.push(Violation::new("import.stages_not_in_order", "stage").with("stage", pair[1].0.as_str()));
            return;
        }
    }
    let process: Id = item.after.text("sales_process").parse().unwrap_or(Id::SYSTEM);
    let version = cx.meta.process(item.after.text("sales_process")).map_or(1, |p| p.version);
    // The stays of a deal begin with it.
    item.after.set("created_at", entered[0].1);
    for (stage, at) in entered {
        let Some(option) = object.options("stage").iter().find(|option| option.key == stage) else {
            item.findings.push(Violation::new("stage.unknown", "stage").with("value", stage));
            return;
        };
        let terminal = option.stage_type.is_some_and(model::field::StageType::is_terminal);
        let entering = Entering {
            id: cx.new_id(),
            opportunity: item.after.id,
            process,
            process_version: version,
            stage: stage.clone(),
            terminal,
            how: How::Import,
            by: cx.who.id,
            reason: None,
            skipped: Vec::new(),
            at,
        };
        let next = advance(item.entered.last_mut(), entering);
        item.entered.push(next);
        let rules = rules_of(&stage);
        let due_at = due::of_stage(cx, &item.after, &rules, at);
        figures::derive(&mut item.after, option, &rules, Occasion { entering: Some(at), due_at, ..occasion });
    }
}

/// A deal that closes keeps the rate of that day; an open one has none.
fn freeze_rate(cx: &Ctx, item: &mut Working) {
    let Some(closed) = item.after.get("closed_at").as_instant() else {
        item.after.set("main_rate", Value::Null);
        return;
    };
    let Some(money) = item.after.get("amount").as_money() else {
        item.after.set("main_rate", Value::Null);
        return;
    };
    let same = |before: &Record| {
        before.get("amount").as_money().is_some_and(|m| m.currency == money.currency)
            && before.get("closed_at") == item.after.get("closed_at")
    };
    if item.before.as_ref().is_some_and(same) && !item.after.get("main_rate").is_null() {
        return;
    }
    let day = closed.date_in(&cx.meta.calendar.zone);
    let rate = cx.meta.rates.on(money.currency, day).map(Value::Number);
    item.after.set("main_rate", Value::from(rate));
}
