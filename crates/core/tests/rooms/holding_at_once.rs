//! Many who claim, give, return and import at the same instant never bring anybody over a limit, on one server and on three.
//!
//! Ten people in three departments and two groups under rules that overlap; limits are numbers, a number of the person, one that is calculated
//! of it, and one that is counted of his accounts. Meanwhile an observer counts again and again, and afterwards the history is gone through in the
//! order of commits. Without the locks both find somebody over a limit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::records::{self, ChangeOwner, Reason};
use stagecraft_core::{Credential, Error, House, Limits, Result, pools};
use testkit::{Database, both};

use crate::office::{Office, id_of};

/// Those who act, and how often each does.
struct Size {
    claimers: usize,
    rounds: usize,
}

/// What runs in the suite; `HOLDING_CLAIMERS` and `HOLDING_ROUNDS` ask for more, as `make faults` does.
fn size() -> Size {
    let of = |name: &str, usual: usize| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    Size { claimers: of("HOLDING_CLAIMERS", 16), rounds: of("HOLDING_ROUNDS", 12) }
}

/// A limit as the test reckons it itself.
struct Held {
    name: &'static str,
    members: BTreeSet<Id>,
    /// Of each member by himself, or of all of them together.
    each: BTreeMap<Id, i64>,
    shared: Option<i64>,
    /// Only those from this amount on.
    from: i64,
}

impl Held {
    /// Who is over, where these own so many amounts each.
    fn over(&self, owned: &BTreeMap<Id, Vec<i64>>) -> Vec<String> {
        let held =
            |person: &Id| owned.get(person).map_or(0, |amounts| amounts.iter().filter(|amount| **amount >= self.from).count() as i64);
        match self.shared {
            Some(limit) => {
                let all: i64 = self.members.iter().map(held).sum();
                if all > limit { vec![format!("{}: {all} of {limit}", self.name)] } else { Vec::new() }
            }
            None => {
                let over = self.members.iter().filter(|person| self.each.get(person).is_some_and(|limit| held(person) > *limit));
                over.map(|person| format!("{}: {person} has {}", self.name, held(person))).collect()
            }
        }
    }
}

/// Ten people in three departments and two groups, rules that overlap, and what they own as the rules are reckoned here.
struct Floor {
    office: Office,
    people: Vec<Id>,
    deals: Vec<Id>,
    pool: Id,
    held: Vec<Held>,
}

/// What a person's number is, and what is calculated of it.
const fn quota(n: usize) -> i64 {
    3 + n as i64 % 4
}

impl Floor {
    fn new(database: &Database) -> Floor {
        let office = Office::new(database);
        office.adds_field("employee", json!({"key": "x_quota", "label": {"en": "Quota"}, "type": "number", "scale": 0}));
        office.adds_field(
            "employee",
            json!({"key": "x_share", "label": {"en": "Share"}, "type": "calculated", "formula": "x_quota - 1", "result": "number", "scale": 0, "indexed": true}),
        );
        office.adds_field(
            "employee",
            json!({"key": "x_accounts", "label": {"en": "Accounts"}, "type": "statistical", "of": "account", "via": "owner", "function": "count"}),
        );
        let departments: Vec<Id> = ["A", "B", "C"].iter().map(|name| office.system("department", json!({"name": name}))).collect();
        let people: Vec<Id> = (0..10)
            .map(|n| {
                let body = json!({
                    "name": format!("P{n}"), "email": format!("p{n}@example.com"), "department": departments[n % 3], "roles": ["sales_manager"],
                    "active": true, "x_quota": quota(n).to_string(),
                });
                office.system("employee", body)
            })
            .collect();
        let groups = [&people[..5], &people[3..9]];
        let ids: Vec<Id> = groups
            .iter()
            .map(|members| office.system("user_group", json!({"name": format!("G{}", members.len()), "members": members})))
            .collect();
        let rule = |name: &str, subject: Json, counts: Json, limit: Json| {
            office.limits(json!({"object": "opportunity", "name": name, "subject": subject, "counts": counts, "limit": limit})).unwrap();
        };
        let variable = |field: &str| json!({"kind": "variable", "field": field});
        let large = json!({"field": "amount", "op": "ge", "value": {"amount": "1000", "currency": "USD"}});
        let names = people.iter().map(Id::to_string).collect::<Vec<_>>();
        let mine = json!({"kind": "employees", "condition": {"field": "id", "op": "in", "value": names}});
        rule("quota", mine.clone(), Json::Null, variable("x_quota"));
        // Each has as many large deals as he has accounts: two.
        rule("large", mine, large, variable("x_accounts"));
        rule("departments", json!({"kind": "departments", "ids": departments, "with_sub": true}), Json::Null, variable("x_share"));
        rule("groups", json!({"kind": "groups", "ids": ids}), Json::Null, json!({"kind": "number", "number": 16}));
        for n in 0..20 {
            office.system("account", json!({"name": format!("Account {n}"), "owner": people[n / 2]}));
        }
        let everybody: BTreeSet<Id> = people.iter().copied().collect();
        let of = |name, members: BTreeSet<Id>, each, shared, from| Held { name, members, each, shared, from };
        let quotas = people.iter().enumerate().map(|(n, id)| (*id, quota(n))).collect();
        let twos = people.iter().map(|id| (*id, 2)).collect();
        let mut held = vec![of("quota", everybody.clone(), quotas, None, 0), of("large", everybody, twos, None, 1000)];
        for d in 0..3 {
            let in_it = || people.iter().enumerate().filter(|(n, _)| n % 3 == d);
            let share = in_it().map(|(n, _)| quota(n) - 1).sum();
            held.push(of("department", in_it().map(|(_, id)| *id).collect(), BTreeMap::new(), Some(share), 0));
        }
        for members in groups {
            held.push(of("group", members.iter().copied().collect(), BTreeMap::new(), Some(16), 0));
        }
        let members: Vec<Json> = people.iter().map(|id| json!({"kind": "person", "id": id})).collect();
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null, "members": members}));
        // Ada has what is taken from, under no limit; every third lies in the pool.
        let deals: Vec<Id> = (0..120)
            .map(|n| {
                let amount = if n % 3 == 0 { "1500" } else { "10" };
                id_of(&office.creates(office.ada, "opportunity", json!({"name": format!("D{n}"), "amount": amount})).unwrap())
            })
            .collect();
        for deal in deals.iter().step_by(3) {
            office.gives_back(office.ada, "opportunity", *deal, json!({"pool": pool, "reason": "To begin with"})).unwrap();
        }
        Floor { office, people, deals, pool, held }
    }

    /// Who is over now, as an observer sees it.
    fn over(&self, house: &House) -> Vec<String> {
        let look = || {
            house.read(&Credential::System("to watch"), Limits::default(), |cx, tx| {
                let object = cx.meta.schema.object("opportunity").unwrap().clone();
                let every = db::records::Scope::All("to watch");
                let ids = db::records::ids_after(tx, &object, None, 100_000)?;
                Ok(db::records::load(tx, &cx.meta.schema, &object, &every, &ids)?)
            })
        };
        // Where all connections are at work for too long, one looks again.
        let owned = std::iter::repeat_with(look).find(|seen| !matches!(seen, Err(Error::Db(db::Error::Busy)))).unwrap().unwrap();
        let mut amounts: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
        for record in
            owned.iter().filter(|record| record.text("lifecycle_status") == "normal" && record.text("stage_type") == "in_progress")
        {
            let amount = record.get("amount").as_money().map_or(0, |money| money.amount.0 / 10_000);
            // What lies in the pool is nobody's.
            if let Some(owner) = record.owner() {
                amounts.entry(owner).or_default().push(amount);
            }
        }
        self.held.iter().flat_map(|held| held.over(&amounts)).collect()
    }

    /// The changes of deals in the order of commits: on PostgreSQL by the instants that the server itself has noted; SQLite has one writer.
    fn commits(&self, database: &Database) -> Vec<(Id, i64)> {
        if database.engine() == db::Engine::Postgres && database.behind_its_back("SHOW track_commit_timestamp") == ["on"] {
            let told = database.behind_its_back(
                "SELECT record::text || ' ' || revision FROM outbox WHERE object = 'opportunity' ORDER BY pg_xact_commit_timestamp(xmin), seq",
            );
            let read = |line: &String| line.split_once(' ').map(|(id, revision)| (id.parse().unwrap(), revision.parse().unwrap())).unwrap();
            return told.iter().map(read).collect();
        }
        // Else as they took their places in the stream: whatever gives to the same does so under its lock, one after the other. What takes away
        // may stand too early there.
        let select = Query::select()
            .columns(["record", "revision"])
            .from("outbox")
            .and_where(Expr::col("object").eq("opportunity"))
            .order_by("seq", Order::Asc)
            .to_owned();
        let house = &self.office.house;
        let rows = house.read(&Credential::System("to go through it again"), Limits::default(), |_, tx| Ok(tx.all(&select)?)).unwrap();
        rows.iter().map(|row| (row.get(0).unwrap(), row.get(1).unwrap())).collect()
    }

    /// Goes through the history again in the order of commits: who was over a limit at any time.
    fn replay(&self, database: &Database) -> Vec<String> {
        let events = self.commits(database);
        let (changes, present) = self
            .office
            .house
            .read(&Credential::System("to go through it again"), Limits::default(), |cx, tx| {
                let object = cx.meta.schema.object("opportunity").unwrap().clone();
                let ids = db::records::ids_after(tx, &object, None, 100_000)?;
                let fields = ["owner", "lifecycle_status"];
                let changes = db::history::of_fields(tx, "opportunity", &ids, &fields, model::Instant(0))?;
                let every = db::records::Scope::All("to go through it again");
                Ok((changes, db::records::load(tx, &cx.meta.schema, &object, &every, &ids)?))
            })
            .unwrap();
        let amount = |id: Id| {
            let record = present.iter().find(|record| record.id == id).unwrap();
            record.get("amount").as_money().map_or(0, |money| money.amount.0 / 10_000)
        };
        // How a field stood at a revision: what the last change up to it made of it, else what the first after it found.
        let stood = |id: Id, revision: i64, field: &str| {
            let of = || changes.iter().filter(|told| told.record == id && told.change.field == field);
            let before = of().rfind(|told| told.revision <= revision).map(|told| told.change.new.clone());
            let after = || of().find(|told| told.revision > revision).map(|told| told.change.old.clone());
            let now = || present.iter().find(|record| record.id == id).unwrap().get(field).clone();
            before.or_else(after).unwrap_or_else(now)
        };
        let (mut standing, mut found): (BTreeMap<Id, (Id, i64)>, Vec<String>) = (BTreeMap::new(), Vec::new());
        for (id, revision) in &events {
            let counts = stood(*id, *revision, "lifecycle_status").as_text() == Some("normal");
            match stood(*id, *revision, "owner").as_id().filter(|_| counts) {
                Some(owner) => standing.insert(*id, (owner, amount(*id))),
                None => standing.remove(id),
            };
            let mut owned: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
            standing.values().for_each(|(owner, amount)| owned.entry(*owner).or_default().push(*amount));
            found.extend(self.held.iter().flat_map(|held| held.over(&owned)));
        }
        assert!(events.len() > present.len(), "the history tells of more than beginnings");
        found
    }
}

fn acts(floor: &Floor, house: &House, who: usize, rounds: usize, done: &AtomicU64) {
    let mut dice = 0x9e37_79b9_u64.wrapping_mul(who as u64 + 1);
    let mut roll = |n: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % n as u64) as usize
    };
    let ada = Credential::Person(floor.office.ada);
    let write =
        |f: &mut dyn FnMut(&stagecraft_core::Ctx, &mut db::Write) -> Result<Json>| house.write(&ada, Limits::default(), Via::Api, f);
    for _ in 0..rounds {
        let (deal, person) = (floor.deals[roll(floor.deals.len())], floor.people[roll(floor.people.len())]);
        let outcome = match roll(16) {
            0 => write(&mut |cx, tx| records::void(cx, tx, "opportunity", deal, None, &Reason::default())),
            1 => write(&mut |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &Reason::default())),
            2 => {
                let amount = if roll(2) == 0 { "1200" } else { "20" };
                let body = serde_json::from_value(json!({"fields": {"name": "New", "amount": amount, "owner": person}})).unwrap();
                write(&mut |cx, tx| records::create(cx, tx, "opportunity", &body))
            }
            // Given away, and given out of the pool, in a bulk: several at once, in order, as far as there is room.
            n @ (3 | 4) => {
                let ids: BTreeSet<String> = (0..4).map(|_| floor.deals[roll(floor.deals.len())].to_string()).collect();
                let act = if n == 3 { "change_owner" } else { "assign" };
                let body = serde_json::from_value(json!({"ids": ids, "act": act, "owner": person})).unwrap();
                stagecraft_core::bulk::begin(house, &ada, Via::Api, "opportunity", &body)
            }
            5 => {
                let back =
                    ChangeOwner { owner: floor.office.ada.to_string(), keep_as: None, reason: None, skip_approval: false, dry_run: false };
                write(&mut |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &back))
            }
            6 | 7 => {
                let back: pools::Return = serde_json::from_value(json!({"pool": floor.pool, "reason": "No time"})).unwrap();
                write(&mut |cx, tx| pools::take_back(cx, tx, "opportunity", deal, None, &back))
            }
            8..=12 => house.write(&Credential::Person(person), Limits::default(), Via::Api, |cx, tx| {
                pools::claim(cx, tx, "opportunity", deal, None, &pools::Claim::default())
            }),
            _ => {
                let to = ChangeOwner { owner: person.to_string(), keep_as: None, reason: None, skip_approval: false, dry_run: false };
                write(&mut |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &to))
            }
        };
        match outcome {
            Ok(_) => {
                done.fetch_add(1, Ordering::Relaxed);
            }
            // No room, or meanwhile somebody's, nobody's or in the bin.
            Err(Error::Invalid(_) | Error::NotFound | Error::Forbidden { .. }) => {}
            // Waited for too long, or given way to another: nothing has happened.
            Err(Error::Db(db::Error::Busy | db::Error::Timeout | db::Error::Undone(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Lets all of them loose; what the observer and the end have found.
fn run(floor: &Floor, database: &Database, houses: &[House], size: &Size, locks: bool) -> (u64, Vec<String>) {
    let (ended, done, begin) = (AtomicBool::new(false), AtomicU64::new(0), Barrier::new(size.claimers + 1));
    let mut found = thread::scope(|scope| {
        let observer = scope.spawn(|| {
            begin.wait();
            let mut found = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                found.extend(floor.over(&houses[0]));
                thread::sleep(std::time::Duration::from_millis(5));
            }
            found
        });
        let claimers: Vec<_> = (0..size.claimers)
            .map(|n| {
                let (begin, done) = (&begin, &done);
                scope.spawn(move || {
                    begin.wait();
                    let act = || acts(floor, &houses[n % houses.len()], n, size.rounds, done);
                    if locks { act() } else { db::failpoint::without_locks("holding:", act) }
                })
            })
            .collect();
        // Meanwhile a file comes in with more for each of them than there is room for.
        let options =
            serde_json::from_value(json!({"object": "opportunity", "mapping": {"deal": "name", "amount": "amount", "who": "owner"}}))
                .unwrap();
        let rows: String = (0..60).map(|n| format!("I{n},1500,P{}\n", n % 10)).collect();
        let text = format!("deal,amount,who\n{rows}");
        let brought =
            stagecraft_core::imports::run(&houses[0], &Credential::Person(floor.office.ada), &options, "more.csv", text.as_bytes());
        // The observer goes home whatever has happened.
        let claimed: Vec<thread::Result<()>> = claimers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        ended.store(true, Ordering::Relaxed);
        let seen = observer.join().unwrap();
        claimed.into_iter().for_each(|claimer| claimer.unwrap());
        let brought = brought.unwrap();
        assert!(brought["failed"].as_u64().unwrap() > 0, "{brought:#}");
        seen
    });
    found.extend(floor.over(&houses[0]));
    found.extend(floor.replay(database));
    found.sort();
    found.dedup();
    (done.load(Ordering::Relaxed), found)
}

fn houses(database: &Database) -> Vec<House> {
    // SQLite has one server; PostgreSQL three.
    let many = if database.db().engine() == db::Engine::Sqlite { 1 } else { 3 };
    (0..many).map(|_| House::open(database.again()).unwrap()).collect()
}

#[test]
fn nobody_is_ever_brought_over_a_limit() {
    both(|database| {
        let floor = Floor::new(database);
        let (done, found) = run(&floor, database, &houses(database), &size(), true);
        assert_eq!(found, Vec::<String>::new());
        assert!(done > size().claimers as u64, "{done} acts went through");
        floor.office.holdings_are_right();
    });
}

#[test]
fn without_the_locks_somebody_is() {
    both(|database| {
        // SQLite has one writer, so there is nothing to leave out.
        if database.db().engine() == db::Engine::Sqlite {
            return;
        }
        let floor = Floor::new(database);
        let houses = houses(database);
        let over = (0..20).any(|_| !run(&floor, database, &houses, &Size { claimers: 16, rounds: 12 }, false).1.is_empty());
        assert!(over, "what the locks are for does not show");
        floor.office.holdings_are_right();
    });
}
