//! Rules on saves.

use std::collections::BTreeSet;

use db::Write;
use model::condition::Resolved;
use model::duplicate::matching::KeyKind;
use model::duplicate::{Found, Kind, Method, Verdict, rule::Strict};
use model::{Id, Object, Record, Via};

use super::batch::Batch;
use super::finding::{self, Facts, Hit};
use super::overrides::{self, How, Override};
use super::{Live, index, telling, token, tried};
use crate::save::{Deed, Under, Working};
use crate::{Ctx, Result, world};

/// Where a save counts as.
fn kind(cx: &Ctx) -> Kind {
    if cx.via == Via::Import { Kind::Import } else { Kind::New }
}

/// The rules in force for an object in one of the places.
pub(super) fn rules<'a>(cx: &'a Ctx, object: &str, kind: Kind) -> Vec<&'a Live> {
    cx.meta.duplicate_rules.iter().filter(|live| live.rule.object == object && live.rule.kinds.has(kind)).collect()
}

/// Judges records that are new, come back, or change in what a rule looks at, against those that there are.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let kind = kind(cx);
    let rules = rules(cx, &object.key, kind);
    if rules.is_empty() {
        return Ok(());
    }
    let meant = meant(cx, tx, &rules, work)?;
    let asking: Vec<usize> = (0..work.len()).filter(|at| !meant[*at].is_empty()).collect();
    if asking.is_empty() {
        return Ok(());
    }
    // Two who save the same at once meet at these locks; the later one then finds the earlier's record (core rules 2, 29).
    let mut keys = BTreeSet::new();
    for at in &asking {
        meant[*at].iter().for_each(|rule| locks(cx, object, rules[*rule], kind, &work[*at].after, &mut keys));
    }
    tx.lock(&keys.into_iter().collect::<Vec<_>>())?;
    let records: Vec<(&Record, Vec<usize>)> = asking.iter().map(|at| (&work[*at].after, meant[*at].clone())).collect();
    let mut facts = Facts::default();
    let found = finding::hits(cx, tx, &rules, kind, &records, &mut facts)?;
    let mut batch = Batch::default();
    let mut tried = cx.tried.as_ref().map(|tried| tried.lock());
    let mut chunks = tried.as_mut().map(|tried| tried.entry(object.key.clone()).or_default());
    let several = work.len() > 1;
    let (mut refused, mut noted) = (Vec::new(), Vec::new());
    for (at, mut hits) in asking.into_iter().zip(found) {
        let judged = (&work[at].after, meant[at].as_slice());
        if let Some(chunks) = &chunks {
            hits = finding::with_batch(cx, tx, kind, judged, &rules, hits, (&chunks.before, &mut facts))?;
        }
        hits = finding::with_batch(cx, tx, kind, judged, &rules, hits, (&batch, &mut facts))?;
        if !passes_all(cx, tx, &mut work[at], &hits)? {
            refused.push((at, hits));
        } else if work[at].is_sound() {
            match &chunks {
                Some(_) => batch.enter(cx, &rules, tried::slim(cx, &rules, object, &work[at].after)),
                None if several => batch.enter(cx, &rules, work[at].after.clone()),
                None => {}
            }
            // Where the product imports by itself nobody waits to be told.
            if cx.via == Via::Import && cx.who.system.is_none() && !hits.is_empty() {
                noted.push((at, hits));
            }
        }
    }
    if let Some(chunks) = &mut chunks {
        chunks.add(batch);
    }
    tell(cx, tx, work, &refused, &mut facts)?;
    note(cx, tx, work, noted, &mut facts)
}

/// For each record the rules that mean it, by their places.
fn meant(cx: &Ctx, tx: &mut Write, rules: &[&Live], work: &[Working]) -> Result<Vec<Vec<usize>>> {
    let concerned: Vec<Vec<usize>> = work
        .iter()
        .map(|item| {
            (0..rules.len()).filter(|rule| item.error.is_none() && !item.change.merging && concerns(cx, rules[*rule], item)).collect()
        })
        .collect();
    let whens: Vec<&Resolved> = rules.iter().map(|live| &live.when).filter(|when| !matches!(when, Resolved::Always(true))).collect();
    if whens.is_empty() {
        return Ok(concerned);
    }
    let records: Vec<&Record> = work.iter().zip(&concerned).filter(|(_, rules)| !rules.is_empty()).map(|(item, _)| &item.after).collect();
    let world = world::around(cx, tx, &records, whens.into_iter())?;
    let means = |(item, concerned): (&Working, Vec<usize>)| {
        concerned.into_iter().filter(|rule| rules[*rule].when.holds(&item.after, &world)).collect()
    };
    Ok(work.iter().zip(concerned).map(means).collect())
}

/// True where a rule looks at what is done: a record that is new or comes back, or another value in one of its fields.
fn concerns(cx: &Ctx, live: &Live, item: &Working) -> bool {
    let rule = &live.rule;
    match (&item.before, &item.change.deed) {
        (None, _) | (_, Deed::Restore | Deed::Submit | Deed::TakeEffect) => true,
        (Some(before), _) if before.text("lifecycle_status") == "voided" => false,
        (_, Deed::Void | Deed::LetGo | Deed::Follow { .. }) => false,
        _ => {
            let own = |row: &model::duplicate::Row| item.changes(&row.field);
            let trigger = || {
                let named = rule.when.as_ref().map(|when| when.mentions(&rule.object, &cx.meta.schema)).unwrap_or_default();
                named.into_iter().any(|(object, field)| object == rule.object && item.changes(&field))
            };
            rule.groups.iter().flat_map(|group| &group.rows).any(own) || trigger()
        }
    }
}

/// The mutexes of a rule that may refuse this record: for what is the same for certain one of its value, for what is alike one of each object.
fn locks(cx: &Ctx, own: &Object, live: &Live, kind: Kind, record: &Record, keys: &mut BTreeSet<String>) {
    let strict = if kind == Kind::Import { live.rule.strictness.import } else { live.rule.strictness.new };
    for group in &live.rule.groups {
        let exact = group.rows.iter().all(|row| row.method.is_exact());
        if strict == Strict::Warn || strict == Strict::ByMethod && !exact {
            continue;
        }
        let Some(row) = index::way(&cx.meta.schema, group).map(|way| way.row) else { continue };
        let Some(by) = finding::by(cx, own, row, record) else { continue };
        let certain = row.method.is_exact() && !matches!(&by, db::matching::By::Keys { kind: KeyKind::Parts, .. });
        match finding::lock_key(&by).filter(|_| certain || row.method == Method::SameDomain) {
            Some(key) => {
                keys.insert(key);
            }
            None => keys.extend([&own.key, &group.object].map(|object| format!("duplicate:object:{object}"))),
        }
    }
}

/// Says against each refused record what it has met; only now is read what telling it takes.
fn tell(cx: &Ctx, tx: &mut Write, work: &mut [Working], refused: &[(usize, Vec<Hit<'_>>)], facts: &mut Facts) -> Result<()> {
    facts.learn(cx, tx, &finding::met(refused.iter().flat_map(|(_, hits)| hits)))?;
    for (at, hits) in refused {
        // All of it: what was gone over already belongs to the answer that lets the next try through.
        for hit in hits {
            work[*at].findings.push(telling::violation(cx, tx, hit, facts)?);
        }
    }
    Ok(())
}

/// What a file brings in all the same is told with its row, by what it is most alike to.
fn note(cx: &Ctx, tx: &mut Write, work: &mut [Working], noted: Vec<(usize, Vec<Hit<'_>>)>, facts: &mut Facts) -> Result<()> {
    let first = noted.iter().flat_map(|(_, hits)| hits).filter_map(|hit| hit.found.first());
    let first = first.map(|found| (found.object.clone(), found.record)).collect();
    facts.glance(cx, tx, &first)?;
    for (at, hits) in noted {
        work[at].alike = hits.iter().map(|hit| telling::note(cx, hit, facts)).collect();
    }
    Ok(())
}

/// True where the record goes on over all that was found, which is then kept with it.
fn passes_all(cx: &Ctx, tx: &mut Write, item: &mut Working, hits: &[Hit<'_>]) -> Result<bool> {
    let mut passed = Vec::new();
    let gone_over = gone_over(tx, item, hits)?;
    for hit in hits {
        for found in &hit.found {
            match passes(cx, item, hit.live, found).filter(|_| !is_new_to_an_approval(item, found, &gone_over)) {
                Some(how) => passed.push(Override::of(hit.live, found, how)),
                None => return Ok(false),
            }
        }
    }
    item.passed_duplicates = passed;
    Ok(true)
}

/// What was agreed to may meet a record that has come since: nobody is there to be asked, so only what is refused to everybody stands
/// against it, and not what it went on over when it was asked for.
fn is_new_to_an_approval(item: &Working, found: &Found, gone_over: &BTreeSet<Id>) -> bool {
    executes(item) && found.verdict == Verdict::Block && !gone_over.contains(&found.record)
}

fn executes(item: &Working) -> bool {
    matches!(item.change.under, Some(Under::Executes(_)))
}

/// The matches over which the record that waited has gone on.
fn gone_over(tx: &mut Write, item: &Working, hits: &[Hit<'_>]) -> Result<BTreeSet<Id>> {
    if !executes(item) || hits.iter().flat_map(|hit| &hit.found).all(|found| found.verdict != Verdict::Block) {
        return Ok(BTreeSet::new());
    }
    let kept = overrides::of_record(tx, &item.after.object, item.after.id)?;
    Ok(kept.into_iter().flat_map(|kept| kept.matches).map(|one| one.found).collect())
}

/// How a record goes on over a match; nothing where it does not.
fn passes(cx: &Ctx, item: &Working, live: &Live, found: &Found) -> Option<How> {
    // Nobody is there to be asked: what the product does by itself, what puts back how it was, and what visitors of a website send.
    if cx.who.system.is_some() || cx.via == Via::WebForm || item.change.takes_back {
        return Some(How::Unasked);
    }
    if found.verdict == Verdict::Block {
        return exempt(cx, live).then_some(How::Exempt);
    }
    let accepted = || cx.accepted.contains(&token::seal(live, &found.object, found.record));
    (item.change.despite_warnings || !cx.accepted.is_empty() && accepted()).then_some(How::Warned)
}

/// What a match comes to for the caller: blocks only warn him whose role passes them.
pub(super) fn verdict(cx: &Ctx, live: &Live, found: Verdict) -> Verdict {
    if exempt(cx, live) { Verdict::Warn } else { found }
}

fn exempt(cx: &Ctx, live: &Live) -> bool {
    cx.who.rights.roles().iter().any(|role| live.rule.exempt_roles.contains(&role.key))
}
