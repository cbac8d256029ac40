//! Somebody leaves, and others go on with what he owned.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::people::leaving::{self, Disable};
use stagecraft_core::save::{Change, Deed, save_all};
use stagecraft_core::{Credential, Error, Limits, Result, identity, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    pub fn disables(&self, who: Id, person: Id, body: Json) -> Result<Json> {
        let wanted: Disable = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| leaving::disable(cx, tx, person, &wanted))
    }

    fn is_active(&self, person: Id) -> bool {
        self.field_of(self.ada, "employee", person, "active") == true
    }

    /// Many deals of a person at once.
    pub fn deals(&self, who: Id, n: usize) -> Vec<Id> {
        let changes = (0..n).map(|at| {
            let mut change = Change::new("opportunity", Deed::Create);
            change.patch.insert("name".into(), format!("Deal {at}").into());
            change
        });
        let changes: Vec<Change> = changes.collect();
        let saved = self.write(who, |cx, tx| save_all(cx, tx, "opportunity", changes.clone())).unwrap();
        saved.into_iter().map(|one| one.unwrap().record.id).collect()
    }

    fn owners(&self, deals: &[Id]) -> BTreeMap<Id, usize> {
        let mut owners = BTreeMap::new();
        for deal in deals {
            let owner: Id = self.field_of(self.ada, "opportunity", *deal, "owner").as_str().unwrap().parse().unwrap();
            *owners.entry(owner).or_default() += 1;
        }
        owners
    }
}

#[test]
fn three_hundred_records_go_to_three_people_in_one_act() {
    both(|database| {
        let office = Office::new(database);
        let deals = office.deals(office.kim, 300);
        let lost = office.deal(office.kim, "Lost one");
        office.moves(office.kim, lost, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Nordwind"})).unwrap());
        let north = office.field_of(office.ada, "opportunity", lost, "owner_department");
        let hash = identity::hash_password("a long password").unwrap();
        office.write(office.ada, |cx, tx| identity::set_password(cx, tx, office.kim, &hash)).unwrap();
        let signed_in =
            identity::sign_in(&office.house, Limits::default(), "kim@example.com", "a long password", &model::Via::Screen.into());
        let Ok(identity::Entered::SignedIn(signed_in)) = signed_in else { panic!("no session: {signed_in:?}") };
        let session = Credential::Session { token: signed_in.token, csrf: None };
        let body = |dry_run: bool| {
            json!({
                "spread": [
                    {"object": "opportunity", "part": "open", "receivers": [office.karl, office.lee, office.mona]},
                    {"object": "opportunity", "part": "closed", "receivers": [office.lee]},
                    {"object": "account", "receivers": [office.karl], "records": [{"id": account, "to": office.lee}]},
                ],
                "reason": "Left for the sea", "dry_run": dry_run,
            })
        };
        let preview = office.disables(office.ada, office.kim, body(true)).unwrap();
        assert_eq!(preview["violations"], json!([]), "{preview:#}");
        let open = &preview["objects"][0];
        assert_eq!((open["count"].as_i64(), open["nobodys"].as_i64()), (Some(300), Some(0)));
        let gets: Vec<i64> = open["receivers"].as_array().unwrap().iter().map(|one| one["gets"].as_i64().unwrap()).collect();
        assert_eq!(gets, [100, 100, 100]);
        assert_eq!(open["receivers"][0]["room"], Json::Null);
        assert_eq!(preview["refs"][office.lee.to_string()]["name"], "Lee");
        assert!(office.is_active(office.kim) && office.owners(&deals) == BTreeMap::from([(office.kim, 300)]), "a preview changes nothing");

        let done = office.disables(office.ada, office.kim, body(false)).unwrap();
        assert_eq!(done["objects"], preview["objects"], "what was promised has been done");
        assert_eq!(done["sessions"], 1);
        assert_eq!(office.owners(&deals), BTreeMap::from([(office.karl, 100), (office.lee, 100), (office.mona, 100)]));
        assert!(!office.is_active(office.kim));
        let read = office.house.read(&session, Limits::default(), |cx, _| Ok(cx.who.id));
        assert!(matches!(read, Err(Error::Unauthenticated("auth.required"))));
        // What is closed keeps the department in which it was closed; what is open follows its owner.
        assert_eq!(office.field_of(office.ada, "opportunity", lost, "owner"), json!(office.lee));
        assert_eq!(office.field_of(office.ada, "opportunity", lost, "owner_department"), north);
        let of_lee = deals.iter().find(|deal| office.field_of(office.ada, "opportunity", **deal, "owner") == json!(office.lee)).unwrap();
        assert_eq!(office.field_of(office.ada, "opportunity", *of_lee, "owner_department"), json!(office.named("department", "South")));
        assert_eq!(office.field_of(office.ada, "account", account, "owner"), json!(office.lee));
        let history = office.read(office.ada, |cx, tx| records::history(cx, tx, "opportunity", *of_lee, &Default::default())).unwrap();
        assert_eq!((&history["items"][0]["act"], &history["items"][0]["reason"]), (&json!("change_owner"), &json!("Left for the sea")));
        let person = office.read(office.ada, |cx, tx| records::history(cx, tx, "employee", office.kim, &Default::default())).unwrap();
        assert_eq!(person["items"][0]["reason"], "Left for the sea");
        assert_eq!(refusals(office.disables(office.ada, office.kim, body(false))), ["people.inactive_already"]);
        office.write(office.ada, |cx, tx| leaving::enable(cx, tx, office.kim, &Default::default())).unwrap();
        assert!(office.is_active(office.kim));
        assert!(office.house.read(&session, Limits::default(), |cx, _| Ok(cx.who.id)).is_err(), "an ended session stays ended");
        office.agrees();
    });
}

#[test]
fn one_refused_record_and_nothing_has_happened() {
    both(|database| {
        let office = Office::new(database);
        let mut deals = office.deals(office.kim, 4);
        let stuck = office.deal(office.kim, "Stuck");
        deals.push(stuck);
        let all = json!({"all": [{"field": "name", "op": "eq", "value": "Stuck"}, {"field": "owner", "op": "changed"}]});
        let rule = json!({"key": "stuck", "condition": all, "message": {"en": "Stuck stays with its owner."}});
        office.changes_object("opportunity", json!({ "validations": [rule] })).unwrap();
        let body = |dry_run: bool| json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.karl, office.lee]}], "dry_run": dry_run});
        let path = format!("validation.failed:records/opportunity/{stuck}");
        assert_eq!(refusals(office.disables(office.ada, office.kim, body(false))), [path.as_str()]);
        assert!(office.is_active(office.kim));
        assert_eq!(office.owners(&deals), BTreeMap::from([(office.kim, 5)]));
        let preview = office.disables(office.ada, office.kim, body(true)).unwrap();
        assert_eq!(preview["violations"][0]["params"]["record"], json!(stuck));
        assert_eq!(preview["refs"][stuck.to_string()]["name"], "Stuck", "which one it is, is told");
        office.agrees();
    });
}

#[test]
fn what_is_asked_for_is_judged_as_a_whole() {
    both(|database| {
        let office = Office::new(database);
        office.deals(office.kim, 2);
        let closed = office.deal(office.kim, "Won one");
        office.moves(office.kim, closed, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        let foreign = office.deal(office.lee, "Lee's");
        let tries = |body: Json| refusals(office.disables(office.ada, office.kim, body));
        assert_eq!(tries(json!({})), ["disable.not_spread:spread/opportunity/open", "disable.not_spread:spread/opportunity/closed"]);
        office.edits(office.ada, "employee", office.sven, json!({"active": false})).unwrap();
        let wrong = json!({
            "spread": [
                {"object": "opportunity", "part": "open", "receivers": [office.kim, office.sven, "x"], "stay": true},
                {"object": "opportunity", "part": "all"}, {"object": "product"}, {"object": "account"}, {"object": "account"},
                {"object": "opportunity", "part": "closed", "records": [{"id": foreign, "to": office.lee}]},
            ],
            "reports": {"to": office.sven}, "heads": {"to": foreign},
        });
        let mut found = tries(wrong);
        found.sort();
        assert_eq!(
            found,
            [
                "disable.may_not_stay:spread/0/stay",
                "disable.to_himself:spread/0/receivers/0",
                "field.not_an_option:spread/1/part",
                "field.not_an_option:spread/2/object",
                "field.not_unique:spread/4/object",
                "field.reference_not_found:heads/to",
                "field.reference_not_found:spread/0/receivers/2",
                "field.reference_not_found:spread/5/records/0/id",
                "owner.not_active:reports/to",
                "owner.not_active:spread/0/receivers/1",
            ]
        );
        let rest = json!({"object": "opportunity", "part": "open", "receivers": [office.lee]});
        office
            .disables(office.ada, office.kim, json!({"spread": [rest, {"object": "opportunity", "part": "closed", "stay": true}]}))
            .unwrap();
        assert_eq!(office.field_of(office.ada, "opportunity", closed, "owner"), json!(office.kim), "what is closed may stay");
        // Nobody but administrators, nobody himself, and not past the hand-over.
        assert!(matches!(office.disables(office.mona, office.karl, json!({})), Err(Error::Forbidden { .. })));
        assert_eq!(refusals(office.disables(office.ada, office.ada, json!({}))), ["people.not_oneself"]);
        assert_eq!(refusals(office.edits(office.ada, "employee", office.lee, json!({"active": false}))), ["people.still_owns:active"]);
        let voided = office.write(office.ada, |cx, tx| save_all(cx, tx, "employee", vec![Change::of("employee", office.lee, Deed::Void)]));
        assert_eq!(refusals(voided.unwrap().pop().unwrap()), ["people.still_owns:active"]);
    });
}

#[test]
fn what_he_led_and_where_he_worked_along_is_settled() {
    both(|database| {
        let office = Office::new(database);
        let (north, south) = (office.named("department", "North"), office.named("department", "South"));
        office.edits(office.ada, "department", north, json!({"head": office.mona})).unwrap();
        office.edits(office.ada, "department", south, json!({"assistants": [office.mona, office.ines]})).unwrap();
        let group = id_of(&office.creates(office.ada, "user_group", json!({"name": "Desk", "members": [office.mona]})).unwrap());
        let deal = office.deal(office.lee, "Rail");
        let members = serde_json::from_value::<Vec<records::TeamMember>>(json!([
            {"person": office.mona, "role": "pre_sales", "access": "read_write", "share": "40"}, {"person": office.ines, "access": "read"}
        ]))
        .unwrap();
        office.write(office.lee, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        let body = json!({"reports": {"to": office.karl}, "heads": {"to": office.karl}, "teams": {"to": office.kim}});
        let preview = office.disables(office.ada, office.mona, json!({"dry_run": true})).unwrap();
        assert_eq!(
            preview["reports"],
            json!({"people": [office.kim, office.karl], "to": office.hanna}),
            "his own manager, if nobody is named"
        );
        assert_eq!(preview["heads"], json!({"departments": [north], "to": null}));
        assert_eq!(preview["teams"], json!({"records": 1, "leaves": false, "to": null}));
        office.disables(office.ada, office.mona, body).unwrap();
        let of = |object: &str, id: Id, field: &str| office.field_of(office.ada, object, id, field);
        assert_eq!(of("employee", office.kim, "manager"), json!(office.karl));
        assert_eq!(of("employee", office.karl, "manager"), json!(office.hanna), "nobody reports to himself");
        assert_eq!(of("department", north, "head"), json!(office.karl));
        assert_eq!(of("department", south, "assistants"), json!([office.ines]));
        assert_eq!(of("user_group", group, "members"), Json::Null);
        let team = office.read(office.lee, |cx, tx| records::team(cx, tx, "opportunity", deal)).unwrap();
        let kim = team["members"].as_array().unwrap().iter().find(|one| one["person"] == json!(office.kim)).unwrap();
        assert_eq!((&kim["role"], &kim["access"], &kim["share"]), (&json!("pre_sales"), &json!("read_write"), &json!("40")));
        assert!(office.sees(office.kim, deal));
        assert_eq!(team["members"].as_array().unwrap().len(), 2);
        office.agrees();
    });
}

#[test]
fn of_two_who_disable_one_person_one_does_it() {
    both(|database| {
        let office = Office::new(database);
        office.edits(office.ada, "employee", office.hanna, json!({"roles": ["administrator"]})).unwrap();
        let deals = office.deals(office.kim, 20);
        let to = |who: Id, receiver: Id| {
            let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [receiver]}]});
            office.disables(who, office.kim, body)
        };
        let barrier = Barrier::new(2);
        let (first, second) = thread::scope(|scope| {
            let first = scope.spawn(|| {
                barrier.wait();
                to(office.ada, office.karl)
            });
            let second = scope.spawn(|| {
                barrier.wait();
                to(office.hanna, office.lee)
            });
            (first.join().unwrap(), second.join().unwrap())
        });
        let (winner, refused) = if first.is_ok() { (office.karl, second) } else { (office.lee, first) };
        assert_eq!(refusals(refused), ["people.inactive_already"]);
        assert_eq!(office.owners(&deals), BTreeMap::from([(winner, 20)]));
        office.agrees();
    });
}

#[test]
fn nothing_is_given_to_one_who_is_just_leaving() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..4 {
            let name = format!("Leaver {round}");
            let leaver = id_of(
                &office
                    .creates(
                        office.ada,
                        "employee",
                        json!({"name": name, "roles": ["salesperson"], "department": office.named("department", "North")}),
                    )
                    .unwrap(),
            );
            office.deals(leaver, 5);
            let given = office.deal(office.karl, &format!("Given {round}"));
            let barrier = Barrier::new(2);
            let (left, gave) = thread::scope(|scope| {
                let left = scope.spawn(|| {
                    barrier.wait();
                    let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.lee]}]});
                    office.disables(office.ada, leaver, body)
                });
                let gave = scope.spawn(|| {
                    barrier.wait();
                    let wanted = serde_json::from_value(json!({"owner": leaver})).unwrap();
                    office.write(office.hanna, |cx, tx| records::change_owner(cx, tx, "opportunity", given, None, &wanted))
                });
                (left.join().unwrap(), gave.join().unwrap())
            });
            left.unwrap();
            let owner = office.field_of(office.ada, "opportunity", given, "owner");
            match gave {
                Ok(_) => assert_eq!(owner, json!(office.lee), "given before, it was handed over with the rest"),
                Err(error) => {
                    assert_eq!(refusals::<()>(Err(error)), ["owner.not_active:owner"]);
                    assert_eq!(owner, json!(office.karl));
                }
            }
            let held = office.lists(
                office.ada,
                "opportunity",
                json!({"filter": json!({"field": "owner", "op": "eq", "value": leaver}).to_string()}),
            );
            assert_eq!(held.unwrap().1, 0);
        }
        office.agrees();
    });
}

#[test]
fn an_administrator_hands_over_what_he_himself_may_see_and_give() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let tries = || {
            let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.lee]}]});
            refusals(office.disables(office.ada, office.kim, body))
        };
        // Roles are data: one that shapes the product need not see every record, nor give them away.
        let role = |change: &dyn Fn(&mut model::role::Role)| {
            let mut role = office.house.meta().role("administrator").unwrap().clone();
            change(&mut role);
            let doc = serde_json::to_string(&role).unwrap();
            let put = |cx: &stagecraft_core::Ctx, tx: &mut db::Write| {
                let of = sea_query::Expr::col("key");
                let update = sea_query::Query::update()
                    .table("role")
                    .value("doc", doc.as_str())
                    .and_where(sea_query::ExprTrait::eq(of, "administrator"))
                    .to_owned();
                tx.execute(update)?;
                tx.publish_meta()?;
                let _ = cx;
                Ok(())
            };
            office.house.write(&Credential::System("test"), Limits::default(), model::Via::System, put).unwrap();
            office.read(office.ada, |_, _| Ok(())).unwrap();
        };
        role(&|role| {
            role.objects.get_mut("*").unwrap().acts.remove(&model::role::Act::ChangeOwner);
        });
        assert_eq!(tries(), [format!("disable.not_allowed:records/opportunity/{deal}")]);
        role(&|role| {
            role.objects.get_mut("*").unwrap().acts.insert(model::role::Act::ChangeOwner);
            role.see_all = false;
        });
        assert_eq!(tries(), [format!("disable.not_visible:records/opportunity/{deal}")]);
        assert!(office.is_active(office.kim));
    });
}

#[test]
fn too_much_for_one_act_is_said_at_once() {
    let database = testkit::Database::sqlite();
    let office = Office::new(&database);
    for _ in 0..5 {
        office.deals(office.kim, leaving::MOST / 5);
    }
    office.deal(office.kim, "One more");
    let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.lee]}]});
    assert_eq!(refusals(office.disables(office.ada, office.kim, body)), ["disable.too_many:spread"]);
}

#[test]
fn sharing_rules_give_to_him_no_more() {
    both(|database| {
        let office = Office::new(database);
        let rule = |name: &str, to: Json| {
            let wanted = serde_json::from_value(json!({"object": "opportunity", "name": name, "to": to, "level": "read"})).unwrap();
            let (rule, _) = office.write(office.ada, |cx, tx| stagecraft_core::sharing::save(cx, tx, None, None, &wanted)).unwrap();
            rule["id"].as_str().unwrap().parse::<Id>().unwrap()
        };
        let person = |id: Id| json!({"kind": "person", "id": id});
        let (shared, alone) = (rule("Board", json!([person(office.karl), person(office.lee)])), rule("Karl", json!([person(office.karl)])));
        let deal = office.deal(office.sven, "Rail");
        assert!(office.sees(office.karl, deal));
        let preview = office.disables(office.ada, office.karl, json!({"dry_run": true})).unwrap();
        let told: Vec<(&str, bool)> = preview["sharing_rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| (rule["name"].as_str().unwrap(), rule["put_aside"].as_bool().unwrap()))
            .collect();
        assert_eq!(told, [("Board", false), ("Karl", true)]);
        office.disables(office.ada, office.karl, json!({})).unwrap();
        let one = |id: Id| office.read(office.ada, |cx, tx| stagecraft_core::sharing::one(cx, tx, id)).unwrap();
        assert_eq!(one(shared)["to"], json!([person(office.lee)]));
        assert_eq!(one(alone)["active"], false);
        office.agrees();
    });
}

#[test]
fn what_he_has_still_to_do_goes_back_to_whoever_asked_him() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.karl, "Rail");
        let (asked, done) = (office.asks(office.karl, office.lee, deal), office.asks(office.karl, office.lee, deal));
        office.edits(office.lee, "task", done, json!({"task_status": "done"})).unwrap();
        let own = id_of(&office.tries_to_ask(office.lee, office.lee, None).unwrap());
        let left = office.disables(office.ada, office.lee, json!({"spread": [{"object": "task", "receivers": [office.mona]}]})).unwrap();
        assert_eq!(left["tasks"]["count"], 2);
        let assignee = |task: Id| office.field_of(office.ada, "task", task, "assignee");
        assert_eq!((assignee(asked), assignee(own), assignee(done)), (json!(office.karl), json!(office.mona), json!(office.lee)));
        office.shares_are_right();
    });
}
