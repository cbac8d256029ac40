//! What has become otherwise since somebody asked: in the records, among the people, in the flows themselves.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, approvals, files, housekeeping};
use testkit::both;

use crate::approvals::approval_of;
use crate::holding::each;
use crate::office::{Office, id_of, refusals};

/// A flow of one node that asks Lee; what is rejected goes back to its initiator.
fn back_to_initiator(office: &Office) -> Json {
    json!({"nodes": [
        {"key": "start", "name": "", "does": {"type": "start", "next": "size"}},
        {"key": "size", "name": "Size", "does": {"type": "branch",
            "ways": [{"when": {"field": "amount", "op": "gt", "value": "1000"}, "to": "n"}], "otherwise": "approved"}},
        {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": office.lee}],
            "rejects": {"type": "initiator"}, "next": "approved"}},
        {"key": "approved", "name": "", "does": {"type": "approved"}},
    ]})
}

#[test]
fn what_came_back_to_its_initiator_he_mends_where_he_works() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[], back_to_initiator(&office));
        office.flow("edit", &[&[office.mona]], json!({}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine", "amount": "5000"})).unwrap();
        let (deal, approval) = (id_of(&answer), approval_of(&answer));
        let edit = |who: Id, fields: Json| office.edits(who, "opportunity", deal, fields);
        let line =
            || office.creates(office.kim, "opportunity_line", json!({"opportunity": deal, "name": "Line", "quantity": "1", "price": "1"}));
        let can = |who: Id| office.reads(who, "opportunity", deal).unwrap()["can"].as_array().unwrap().contains(&json!("edit"));
        assert_eq!(refusals(edit(office.kim, json!({"name": "Pump"}))), ["record.in_approval"]);
        assert_eq!(refusals(line()), ["record.in_approval:opportunity"]);
        assert!(!can(office.kim));
        office.decides(office.lee, approval, json!({"act": "reject", "comment": "Too big"})).unwrap();
        // It lies with him: he changes it by the form, in the list, by the API, and what lives in it.
        assert!(can(office.kim) && !can(office.mona));
        assert_eq!(edit(office.kim, json!({"name": "Small turbine", "amount": "900"})).unwrap()["result"], "saved", "no flow catches that");
        line().unwrap();
        assert_eq!(refusals(edit(office.mona, json!({"name": "Mine"}))), ["record.in_approval"], "nobody else does");
        assert_eq!(refusals(office.bins(office.kim, deal)), ["record.in_approval"]);
        let status = || office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["lifecycle_status"].clone();
        assert_eq!(status(), "under_review");
        // The way is chosen by what it is now.
        let done = office.decides(office.kim, approval, json!({"act": "resubmit"})).unwrap();
        assert_eq!((&done["outcome"], status()), (&json!("approved"), json!("normal")), "{done:#}");
        office.stays_sound();
    });
}

#[test]
fn a_duplicate_that_came_meanwhile_keeps_an_edit_from_being_done() {
    both(|database| {
        let office = Office::new(database);
        office.flow("edit", &[&[office.lee]], json!({"object": "account"}));
        let account = |name: &str| office.creates(office.kim, "account", json!({"name": name}));
        let id = id_of(&account("Lindental").unwrap());
        let approval = approval_of(&office.edits(office.kim, "account", id, json!({"name": "Turbinia"})).unwrap());
        office.rule(json!({
            "object": "account", "name": "Same name", "strictness": {"new": "block", "import": "block"},
            "groups": [{"rows": [{"field": "name", "method": "exact"}]}],
        }));
        account("Turbinia").unwrap();
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        let ended = office.read(office.ada, |cx, tx| approvals::one(cx, tx, approval)).unwrap();
        assert_eq!((&ended["outcome"], &ended["failed"][0]["code"]), (&json!("failed"), &json!("duplicate.found")), "{ended:#}");
        assert_eq!(ended["failed"][0]["params"], json!({}), "with whom is the submitter's to know");
        let fields = &office.reads(office.kim, "account", id).unwrap()["fields"];
        assert_eq!((&fields["name"], &fields["lifecycle_status"]), (&json!("Lindental"), &json!("normal")));
    });
}

#[test]
fn whoever_is_named_for_where_nobody_is_found_and_has_left_is_asked_in_the_person_of_his_manager() {
    both(|database| {
        let office = Office::new(database);
        let nodes = json!([
            {"key": "start", "name": "", "does": {"type": "start", "next": "n"}},
            {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"},
                "who": [{"type": "manager", "of": "owner", "up": 7}], "nobody": {"type": "person", "id": office.lee}, "next": "approved"}},
            {"key": "approved", "name": "", "does": {"type": "approved"}},
        ]);
        office.flow("create", &[], json!({ "nodes": nodes }));
        let asked = || {
            let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap();
            office.reads(office.kim, "opportunity", id_of(&answer)).unwrap()["approval"]["waiting_for"].clone()
        };
        let leaves = |who: Id| office.edits(office.ada, "employee", who, json!({"active": false})).unwrap();
        assert_eq!(asked(), json!([office.lee]));
        leaves(office.lee);
        assert_eq!(asked(), json!([office.sven]));
        leaves(office.sven);
        leaves(office.hanna);
        assert_eq!(asked(), json!([office.ada]), "nobody is left above him, so the administrators");
    });
}

#[test]
fn what_runs_by_an_earlier_version_keeps_what_that_names() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("opportunity", json!({"key": "x_why", "label": {"en": "Why"}, "type": "text"}));
        let role = json!({"key": "juror", "name": {"en": "Juror"}, "objects": {"*": {"acts": ["read"], "fields": {}}}});
        office.adds_role(&role).unwrap();
        let node = |who: Json, may_edit: Json| {
            json!({"nodes": [
                {"key": "start", "name": "", "does": {"type": "start", "next": "n"}},
                {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": who, "may_edit": may_edit,
                    "nobody": {"type": "administrators"}, "next": "approved"}},
                {"key": "approved", "name": "", "does": {"type": "approved"}},
            ]})
        };
        let flow = office.flow("create", &[], node(json!([{"type": "role", "role": "juror"}]), json!(["x_why"])));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        let mut changed = office.read(office.ada, |cx, tx| approvals::flow(cx, tx, flow)).unwrap();
        changed["nodes"] = node(json!([{"type": "person", "id": office.lee}]), json!([]))["nodes"].clone();
        changed["active"] = false.into();
        changed.as_object_mut().unwrap().retain(|key, _| !["refs", "running"].contains(&key.as_str()));
        let wanted: approvals::Wanted = serde_json::from_value(changed).unwrap();
        office.write(office.ada, |cx, tx| approvals::save(cx, tx, Some(flow), None, &wanted)).unwrap();
        let put = || office.puts_field("opportunity", "x_why", stagecraft_core::objects::FieldAct::Disable);
        let drop_role = || office.write(office.ada, |cx, tx| stagecraft_core::roles::delete(cx, tx, "juror", None));
        for _ in 0..2 {
            let Err(Error::Invalid(found)) = put() else { panic!("the field is taken away") };
            assert_eq!((found[0].code, &found[0].params["kind"]), ("field.in_use", &json!("approval_flow")));
            assert!(matches!(drop_role(), Err(Error::Invalid(_))), "the role is taken away");
            // Also where nothing is left of the flow but what runs by it.
            let _ = office.write(office.ada, |cx, tx| approvals::delete(cx, tx, flow, None));
        }
        office.decides(office.ada, approval, json!({"act": "withdraw"})).unwrap();
        put().unwrap();
        drop_role().unwrap();
    });
}

#[test]
fn an_owner_to_come_keeps_his_place_although_the_flow_is_gone() {
    both(|database| {
        let office = Office::new(database);
        let flow = office.flow("change_owner", &[&[office.lee]], json!({}));
        let (deal, other) = (office.deal(office.kim, "Turbine"), office.deal(office.kim, "Pump"));
        office.limits(each("One", 1, json!(null))).unwrap();
        let approval = approval_of(&office.hands(office.ada, deal, office.karl).unwrap());
        let mut off = office.read(office.ada, |cx, tx| approvals::flow(cx, tx, flow)).unwrap();
        off["active"] = false.into();
        off.as_object_mut().unwrap().retain(|key, _| !["refs", "running"].contains(&key.as_str()));
        let wanted: approvals::Wanted = serde_json::from_value(off).unwrap();
        office.write(office.ada, |cx, tx| approvals::save(cx, tx, Some(flow), None, &wanted)).unwrap();
        office.write(office.ada, |cx, tx| approvals::delete(cx, tx, flow, None)).unwrap();
        assert_eq!(refusals(office.hands(office.ada, other, office.karl)), ["holding.limit_reached:owner"]);
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"], json!(office.karl));
        office.holdings_are_right();
    });
}

#[test]
fn a_file_that_is_asked_for_waits_as_long_as_its_approval() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("opportunity", json!({"key": "x_files", "label": {"en": "Files"}, "type": "attachment"}));
        let deal = office.deal(office.kim, "Turbine");
        office.flow("edit", &[&[office.lee]], json!({}));
        let send = |who: Id| office.write(who, |cx, tx| files::keep(cx, tx, "a.txt", b"text")).unwrap()["id"].as_str().unwrap().to_owned();
        let file = send(office.kim);
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"x_files": [file]})).unwrap());
        let reads = |who: Id| office.read(who, |cx, tx| files::read(cx, tx, file.parse().unwrap())).map(|file| file.name);
        assert_eq!(reads(office.lee).unwrap(), "a.txt", "whoever is asked reads it");
        database.advance(3 * 86_400);
        housekeeping::round(&office.house).unwrap();
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!(shown["fields"]["x_files"], json!([file]));
        assert_eq!(reads(office.kim).unwrap(), "a.txt");
    });
}

#[test]
fn a_past_that_is_brought_in_waits_with_its_stages() {
    both(|database| {
        let office = Office::new(database);
        office.flow("import", &[&[office.lee]], json!({}));
        let past = json!({"object": "opportunity", "history": true});
        let text = "name,created_at,stage,closed_at,amount\nDam,2025-01-01,Won,2025-02-01,1000\nLock,2025-01-01,Won,2025-02-01,500\n";
        let done = office.imports(past, text);
        assert_eq!((&done["pending_approval"], &done["created"]), (&json!(2), &json!(0)), "{done:#}");
        let waiting = office.approvals(office.lee, json!({"which": "to_do"}));
        let of = |name: &str| {
            let one = waiting["items"].as_array().unwrap().iter().find(|one| one["record_name"] == name).unwrap().clone();
            let id = |key: &str| -> Id { one[key].as_str().unwrap().parse().unwrap() };
            (id("id"), id("record"))
        };
        let fields = |deal: Id| office.reads(office.ada, "opportunity", deal).unwrap()["fields"].clone();
        let ((yes, dam), (no, lock)) = (of("Dam"), of("Lock"));
        assert_eq!((&fields(dam)["lifecycle_status"], &fields(dam)["analysis_amount"]), (&json!("under_review"), &Json::Null));
        office.decides(office.lee, yes, json!({"act": "agree"})).unwrap();
        office.decides(office.lee, no, json!({"act": "reject", "comment": "We never had it"})).unwrap();
        let won = fields(dam);
        assert_eq!((&won["lifecycle_status"], &won["stage"]), (&json!("normal"), &json!("won")));
        assert_eq!(won["closed_at"], "2025-02-01T00:00:00.000000Z", "its past has led there");
        assert!(!won["analysis_amount"].is_null());
        assert_eq!(fields(lock)["lifecycle_status"], "ineffective");
        office.stays_sound();
    });
}

#[test]
fn a_lead_is_claimed_and_given_back_when_that_is_approved() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({"claims_per_day": 2, "clears": {"team": true, "fields": []}}));
        let lead = office.pooled("Anna", "Bonn");
        for kind in ["claim", "return"] {
            // Hanna is no member of the pool.
            office.flow(kind, &[&[office.hanna]], json!({"object": "lead"}));
        }
        let owner = || office.reads(office.ada, "lead", lead).unwrap()["fields"]["owner"].clone();
        let says = |approval: Id, act: &str| office.decides(office.hanna, approval, json!({"act": act, "comment": "So"})).unwrap();
        let refused = approval_of(&office.claims_it(office.kim, "lead", lead).unwrap());
        assert_eq!(owner(), Json::Null);
        says(refused, "reject");
        assert_eq!(owner(), Json::Null);
        let claim = approval_of(&office.claims_it(office.kim, "lead", lead).unwrap());
        // What waits counts for the day, too.
        let (second, third) = (office.pooled("Bruno", "Bonn"), office.pooled("Clara", "Bonn"));
        approval_of(&office.claims_it(office.kim, "lead", second).unwrap());
        assert_eq!(refusals(office.claims_it(office.kim, "lead", third)), ["pool.daily_limit"]);
        assert_eq!(says(claim, "agree")["outcome"], "approved");
        assert_eq!(owner(), json!(office.kim));
        let team = serde_json::from_value::<Vec<stagecraft_core::records::TeamMember>>(json!([{"person": office.karl, "access": "read"}]))
            .unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::records::set_team(cx, tx, "lead", lead, &team)).unwrap();
        let gives = || approval_of(&office.gives_back(office.kim, "lead", lead, json!({"pool": pool, "reason": "No time"})).unwrap());
        let waits = gives();
        assert!(office.reads(office.karl, "lead", lead).is_ok(), "its team is there as long as it is his");
        says(waits, "reject");
        assert_eq!(owner(), json!(office.kim));
        assert!(office.reads(office.karl, "lead", lead).is_ok());
        says(gives(), "agree");
        assert_eq!(owner(), Json::Null);
        assert!(office.reads(office.karl, "lead", lead).is_err());
        let log = office.read(office.ada, |cx, tx| stagecraft_core::pools::log_of(cx, tx, pool, &Default::default())).unwrap();
        let acts: Vec<&str> = log["items"].as_array().unwrap().iter().rev().map(|one| one["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["put", "put", "put", "claim", "return"], "what has come about, each once");
        office.is_in_order();
    });
}

#[test]
fn claims_returns_and_conversions_are_tried_without_starting_any() {
    both(|database| {
        let office = Office::new(database);
        office.pool("Bonn", json!({}));
        let (lies, his) = (office.pooled("Anna", "Bonn"), office.pooled("Bruno", "Bonn"));
        office.claims_it(office.kim, "lead", his).unwrap();
        for kind in ["claim", "return", "convert"] {
            office.flow(kind, &[&[office.hanna]], json!({"object": "lead"}));
        }
        for (act, lead) in [("claim", lies), ("return", his), ("convert", his)] {
            let told = office.simulates(json!({"object": "lead", "record": lead, "act": act, "submitter": office.kim}));
            assert_eq!(told["refused"], json!([]), "{act}: {told:#}");
            assert_eq!((&told["flow"]["name"], &told["ends"]), (&json!(format!("Approve {act}")), &json!("approved")), "{told:#}");
            assert_eq!(told["path"][0]["people"], json!([office.hanna]));
            assert_eq!(office.reads(office.ada, "lead", lead).unwrap()["fields"]["in_approval"], Json::Null);
        }
    });
}

#[test]
fn the_timeline_tells_what_was_asked_for_once_and_what_came_of_it() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap();
        let deal = id_of(&answer);
        let told = || {
            let page = office.timeline(office.kim, "opportunity", deal, json!({"limit": 100})).unwrap();
            let one = |item: &Json| match item["kind"].as_str().unwrap() {
                "approval" => format!("approval {}", item["approval"]["event"].as_str().unwrap()),
                kind => kind.to_owned(),
            };
            let mut told: Vec<String> = page["items"].as_array().unwrap().iter().map(one).collect();
            told.sort();
            told
        };
        assert_eq!(told(), ["approval submitted", "created"]);
        office.decides(office.lee, approval_of(&answer), json!({"act": "agree"})).unwrap();
        assert_eq!(told(), ["approval approved", "approval submitted", "created"]);
        office.flow("edit", &[&[office.lee]], json!({}));
        let asked = || approval_of(&office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap());
        office.decides(office.lee, asked(), json!({"act": "reject", "comment": "No"})).unwrap();
        let rejected = ["approval approved", "approval rejected", "approval submitted", "approval submitted", "created"];
        assert_eq!(told(), rejected);
        office.decides(office.lee, asked(), json!({"act": "agree"})).unwrap();
        assert_eq!(told().into_iter().filter(|one| one == "change").count(), 1, "what was done is told as what it is");
        let acts: Vec<String> = office
            .read(office.ada, |cx, tx| stagecraft_core::records::history(cx, tx, "opportunity", deal, &Default::default()))
            .unwrap()["items"]
            .as_array()
            .unwrap()
            .iter()
            .rev()
            .map(|one| one["act"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(acts, ["create", "take_effect", "submit", "release", "submit", "edit"]);
    });
}
