//! Records that become one, and are several again.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::comments::{self, Wanted};
use stagecraft_core::merging::groups::{self, Scan};
use stagecraft_core::merging::{self, Merge, Undo};
use stagecraft_core::{Error, Result, duplicates, files, housekeeping, jobs, records, timeline};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    pub fn merges(&self, who: Id, object: &str, winner: Id, losers: &[Id], fields: Json) -> Result<Json> {
        let losers: Vec<String> = losers.iter().map(Id::to_string).collect();
        let wanted: Merge = serde_json::from_value(json!({"losers": losers, "fields": fields, "reason": "the same"})).unwrap();
        self.write(who, |cx, tx| merging::merge(cx, tx, object, winner, None, &wanted))
    }

    pub fn unmerges(&self, who: Id, merge: &Json) -> Result<Json> {
        let id: Id = merge["merge"].as_str().unwrap().parse().unwrap();
        self.write(who, |cx, tx| merging::undo(cx, tx, id, &Undo::default()))
    }

    fn account(&self, who: Id, fields: Json) -> Id {
        id_of(&self.creates(who, "account", fields).unwrap())
    }

    fn remarks(&self, who: Id, object: &str, id: Id, text: &str) {
        let wanted = Wanted { text: text.to_owned() };
        self.write(who, |cx, tx| comments::create(cx, tx, object, id, &wanted)).unwrap();
    }

    fn remarked(&self, who: Id, object: &str, id: Id) -> usize {
        let list = self.read(who, |cx, tx| comments::list(cx, tx, object, id, &Default::default())).unwrap();
        list["items"].as_array().unwrap().len()
    }

    fn staffs(&self, who: Id, object: &str, id: Id, team: Json) {
        let team: Vec<records::TeamMember> = serde_json::from_value(team).unwrap();
        self.write(who, |cx, tx| records::set_team(cx, tx, object, id, &team)).unwrap();
    }

    fn staff(&self, who: Id, object: &str, id: Id) -> Vec<(String, String)> {
        let team = self.read(who, |cx, tx| records::team(cx, tx, object, id)).unwrap();
        let text = |one: &Json, key: &str| one[key].as_str().unwrap().to_owned();
        team["members"].as_array().unwrap().iter().map(|one| (text(one, "person"), text(one, "access"))).collect()
    }

    fn outside(&self, who: Id, id: Id) -> Json {
        self.reads(who, "account", id).unwrap()["external_ids"].clone()
    }
}

fn label(text: &str) -> Json {
    json!({"en": text, "zh-CN": text})
}

#[test]
fn whatever_hangs_on_a_loser_moves_to_the_winner_and_comes_back() {
    both(|database| {
        let office = Office::new(database);
        office
            .adds_field("opportunity", json!({"key": "x_partners", "label": label("Partners"), "type": "references", "object": "account"}));
        office.adds_field("account", json!({"key": "x_papers", "label": label("Papers"), "type": "attachment"}));
        office.adds_field("account", json!({"key": "x_number", "label": label("Number"), "type": "text", "unique": true}));
        let kim = office.kim;
        let sends = |name: &str| {
            let kept = office.write(kim, |cx, tx| files::keep(cx, tx, name, b"paper")).unwrap();
            kept["id"].as_str().unwrap().to_owned()
        };
        let (ours, theirs) = (sends("ours.txt"), sends("theirs.txt"));
        let winner = office.account(kim, json!({"name": "Nordwind", "x_papers": [ours], "city": "Bremen"}));
        let body = json!({
            "fields": {"name": "Nordwind GmbH", "website": "https://nordwind.example.com", "x_papers": [theirs], "x_number": "N-1", "parent": null},
            "external_ids": [{"source": "erp", "id": "77"}],
        });
        let loser = office.write(kim, |cx, tx| records::create(cx, tx, "account", &serde_json::from_value(body.clone()).unwrap())).unwrap();
        let loser = id_of(&loser);
        let daughter = office.account(kim, json!({"name": "Nordwind Service", "parent": loser}));
        let contact = id_of(&office.creates(kim, "contact", json!({"name": "Cara", "account": loser})).unwrap());
        let deal = id_of(&office.creates(kim, "opportunity", json!({"name": "Rail", "account": loser, "x_partners": [loser]})).unwrap());
        let both_of_them = office.creates(kim, "opportunity", json!({"name": "Bridge", "x_partners": [loser, winner]})).unwrap();
        let both_of_them = id_of(&both_of_them);
        let regarding = json!({"object": "account", "id": loser});
        let call = json!({"activity_type": "call", "regarding": regarding, "content": "Hello"});
        let activity = id_of(&office.creates(kim, "activity", call).unwrap());
        let task = id_of(&office.creates(kim, "task", json!({"name": "Write", "regarding": regarding})).unwrap());
        office.remarks(kim, "account", loser, "They moved.");
        office.staffs(
            kim,
            "account",
            loser,
            json!([{"person": office.karl, "access": "read_write"}, {"person": office.lee, "access": "read"}]),
        );
        office.staffs(kim, "account", winner, json!([{"person": office.karl, "access": "read"}]));
        office.agrees();
        let before = office.reads(kim, "account", winner).unwrap();

        let chosen = json!({"website": loser, "x_number": loser, "city": winner});
        let merged = office.merges(office.mona, "account", winner, &[loser], chosen).unwrap();
        assert_eq!(
            merged["moved"],
            json!({"account": 1, "activity": 1, "contact": 1, "opportunity": 2, "task": 1, "comments": 1, "files": 1, "external_ids": 1, "team": 2})
        );
        let of = |object: &str, id: Id, field: &str| office.reads(kim, object, id).unwrap()["fields"][field].clone();
        let same = |object: &str, id: Id, field: &str, value: Json| assert_eq!(of(object, id, field), value, "{object}.{field}");
        let led = |to: Id| {
            same("account", daughter, "parent", json!(to));
            same("contact", contact, "account", json!(to));
            same("opportunity", deal, "account", json!(to));
            same("opportunity", deal, "x_partners", json!([to]));
            same("activity", activity, "regarding", json!({"object": "account", "id": to}));
            same("task", task, "regarding", json!({"object": "account", "id": to}));
        };
        led(winner);
        same("opportunity", both_of_them, "x_partners", json!([winner]));
        same("account", winner, "website", json!("https://nordwind.example.com"));
        same("account", winner, "x_number", json!("N-1"));
        same("account", winner, "city", json!("Bremen"));
        assert_eq!(of("account", winner, "x_papers").as_array().unwrap().len(), 2);
        assert!(of("account", winner, "last_followed_at").is_string(), "the call counts as the winner's");
        assert_eq!((office.remarked(kim, "account", winner), office.remarked(kim, "account", loser)), (1, 0));
        assert_eq!(office.outside(kim, winner), json!([{"source": "erp", "id": "77"}]));
        let staff = |id: Id| office.staff(kim, "account", id);
        let member = |person: Id, access: &str| (person.to_string(), access.to_owned());
        assert_eq!(staff(winner), [member(office.karl, "read_write"), member(office.lee, "read")]);
        let lost = office.reads(kim, "account", loser).unwrap();
        assert_eq!(lost["fields"]["lifecycle_status"], "voided");
        assert_eq!(lost["merged_into"], json!({"object": "account", "id": winner, "name": "Nordwind", "merge": merged["merge"]}));
        let told = |id: Id| {
            let told = office.read(kim, |cx, tx| timeline::timeline(cx, tx, "account", id, &Default::default())).unwrap();
            let merges = told["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "merged");
            merges.map(|item| (item["merge"]["undone"].as_bool().unwrap(), item["merge"]["winner"].clone())).collect::<Vec<_>>()
        };
        assert_eq!((told(winner), told(loser)), (vec![(false, json!(winner))], vec![(false, json!(winner))]));
        office.agrees();

        let undone = office.unmerges(office.mona, &merged).unwrap();
        assert_eq!((&undone["restored"], &undone["stayed"]), (&json!([loser]), &json!({"fields": [], "references": 0})));
        led(loser);
        let mut both_again = vec![loser.to_string(), winner.to_string()];
        both_again.sort();
        same("opportunity", both_of_them, "x_partners", json!(both_again));
        same("account", loser, "x_papers", json!([theirs]));
        same("account", loser, "x_number", json!("N-1"));
        same("account", loser, "lifecycle_status", json!("normal"));
        let mut after = office.reads(kim, "account", winner).unwrap();
        let mut was = before["fields"].clone();
        for changing in ["updated_at", "updated_by"] {
            was[changing] = Json::Null;
            after["fields"][changing] = Json::Null;
        }
        assert_eq!(after["fields"], was);
        assert_eq!((office.remarked(kim, "account", winner), office.remarked(kim, "account", loser)), (0, 1));
        assert_eq!((office.outside(kim, winner), office.outside(kim, loser)), (json!([]), json!([{"source": "erp", "id": "77"}])));
        assert_eq!(staff(winner), [member(office.karl, "read")]);
        assert_eq!(staff(loser), [member(office.karl, "read_write"), member(office.lee, "read")]);
        assert_eq!(told(loser).len(), 2);
        assert_eq!(office.reads(kim, "account", loser).unwrap()["merged_into"], Json::Null);
        assert_eq!(refusals(office.unmerges(office.mona, &merged)), ["merge.undone"]);
        let another = office.merges(office.mona, "account", winner, &[loser], json!({})).unwrap();
        database.advance(30 * 86_400 + 1);
        assert_eq!(refusals(office.unmerges(office.mona, &another)), ["merge.too_late"]);
        office.agrees();
    });
}

#[test]
fn deals_become_one_with_their_lines_and_keep_their_own_past() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let (winner, loser) = (office.deal(kim, "Rail"), office.deal(kim, "Rail again"));
        office.moves(kim, loser, None, json!({"stage": "qualification"})).unwrap();
        let lines = [office.line(kim, loser, "10").unwrap(), office.line(kim, winner, "20").unwrap()];
        let contact = id_of(&office.creates(kim, "contact", json!({"name": "Cara"})).unwrap());
        for deal in [winner, loser] {
            office.creates(kim, "contact_role", json!({"opportunity": deal, "contact": contact, "role": "user"})).unwrap();
        }
        let total = |deal: Id| office.reads(kim, "opportunity", deal).unwrap()["fields"]["lines_total"]["amount"].clone();
        assert_eq!(
            refusals(office.merges(office.mona, "opportunity", winner, &[loser], json!({"stage": loser}))),
            ["merge.field_not_chosen:fields/stage"]
        );
        let merged = office.merges(office.mona, "opportunity", winner, &[loser], json!({"name": loser})).unwrap();
        assert_eq!(merged["moved"], json!({"opportunity_line": 1, "contact_role": 1}));
        assert_eq!((total(winner), total(loser)), (json!("30.00"), Json::Null));
        let present = office.reads(kim, "opportunity", winner).unwrap();
        assert_eq!((&present["fields"]["name"], &present["fields"]["stage"]), (&json!("Rail again"), &json!("prospecting")));
        office.agrees();
        // What somebody changes meanwhile stays as it is.
        office.edits(kim, "opportunity", winner, json!({"name": "The great rail"})).unwrap();
        let undone = office.unmerges(office.mona, &merged).unwrap();
        assert_eq!(undone["stayed"]["fields"], json!(["name"]));
        assert_eq!((total(winner), total(loser)), (json!("20.00"), json!("10.00")));
        assert_eq!(office.reads(kim, "opportunity", loser).unwrap()["fields"]["stage"], "qualification");
        assert_eq!(office.reads(kim, "opportunity_line", lines[0]).unwrap()["fields"]["opportunity"], json!(loser));
        office.agrees();
    });
}

#[test]
fn who_may_not_change_all_of_them_makes_nothing_one() {
    both(|database| {
        let office = Office::new(database);
        let (kims, karls, lees) = (office.deal(office.kim, "Rail"), office.deal(office.karl, "Rail"), office.deal(office.lee, "Rail"));
        // A stranger's deal is not there; a colleague's that is shared to be read may not be changed.
        assert!(matches!(office.merges(office.lee, "opportunity", kims, &[lees], json!({})), Err(Error::NotFound)));
        assert_eq!(refusals(office.merges(office.mona, "opportunity", kims, &[lees], json!({}))), ["field.reference_not_found:losers/0"]);
        office.staffs(office.lee, "opportunity", lees, json!([{"person": office.mona, "access": "read"}]));
        assert!(matches!(office.merges(office.mona, "opportunity", kims, &[lees], json!({})), Err(Error::Forbidden { .. })));
        // A salesperson's role does not make records one.
        let another = office.deal(office.kim, "Rail again");
        assert!(matches!(office.merges(office.kim, "opportunity", kims, &[another], json!({})), Err(Error::Forbidden { .. })));
        assert!(matches!(office.merges(office.ines, "opportunity", kims, &[karls], json!({})), Err(Error::Forbidden { .. })));
        let merged = office.merges(office.mona, "opportunity", kims, &[karls], json!({})).unwrap();
        // The loser's owner goes on working on it.
        assert_eq!(office.staff(office.kim, "opportunity", kims), [(office.karl.to_string(), "read_write".to_owned())]);
        assert!(matches!(office.unmerges(office.lee, &merged), Err(Error::NotFound)));
        assert!(matches!(office.unmerges(office.ines, &merged), Err(Error::Forbidden { .. })));
        let id: Id = merged["merge"].as_str().unwrap().parse().unwrap();
        assert!(matches!(office.read(office.lee, |cx, tx| merging::one(cx, tx, id)), Err(Error::NotFound)));
        office.unmerges(office.mona, &merged).unwrap();
        assert!(office.staff(office.kim, "opportunity", kims).is_empty());
        for (losers, refusal) in
            [(vec![], "merge.number:losers"), (vec![kims], "field.not_unique:losers/0"), (vec![karls, karls], "field.not_unique:losers/1")]
        {
            assert_eq!(refusals(office.merges(office.mona, "opportunity", kims, &losers, json!({}))), [refusal]);
        }
        assert!(matches!(office.merges(office.ada, "task", kims, &[karls], json!({})), Err(Error::NotFound)));
        office.agrees();
    });
}

#[test]
fn what_was_voided_locked_converted_or_deleted_stands_against_it() {
    both(|database| {
        let office = Office::new(database);
        let (ada, kim) = (office.ada, office.kim);
        let lead = |name: &str| id_of(&office.creates(kim, "lead", json!({"name": name})).unwrap());
        let (a, b, c) = (lead("Ann"), lead("Anne"), lead("Anna"));
        let first = office.merges(office.mona, "lead", a, &[b], json!({})).unwrap();
        assert_eq!(refusals(office.merges(office.mona, "lead", c, &[b], json!({}))), [format!("merge.voided:losers/{b}")]);
        let second = office.merges(office.mona, "lead", c, &[a], json!({"name": a})).unwrap();
        assert_eq!(refusals(office.unmerges(office.mona, &first)), ["merge.merged_again"]);
        office.unmerges(office.mona, &second).unwrap();
        office.write(ada, |cx, tx| records::delete_for_good(cx, tx, "lead", b, None, &Default::default())).unwrap();
        assert!(refusals(office.unmerges(ada, &first)).contains(&"merge.deleted".to_owned()));
        let itself = office.account(kim, json!({"name": "Nordwind"}));
        let daughter = office.account(kim, json!({"name": "Nordwind 2", "parent": itself}));
        assert_eq!(
            refusals(office.merges(office.mona, "account", itself, &[daughter], json!({"parent": daughter}))),
            ["merge.refers_to_itself:fields/parent"]
        );
        let merged = office.merges(office.mona, "account", daughter, &[itself], json!({})).unwrap();
        assert_eq!(office.reads(kim, "account", daughter).unwrap()["fields"]["parent"], Json::Null, "nothing refers to itself");
        office.unmerges(office.mona, &merged).unwrap();
        assert_eq!(office.reads(kim, "account", daughter).unwrap()["fields"]["parent"], json!(itself));
        office.agrees();
    });
}

#[test]
fn of_two_who_merge_the_same_records_one_finds_them_gone() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..8 {
            let account = |n: u32| office.account(office.kim, json!({"name": format!("Nordwind {round}.{n}")}));
            let (a, b, c) = (account(1), account(2), account(3));
            let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara", "account": b})).unwrap());
            let (one, other) = at_once(
                || office.merges(office.hanna, "account", a, &[b], json!({})),
                || office.merges(office.mona, "account", c, &[b, a], json!({})),
            );
            let (to, refused) = match (one, other) {
                (Ok(_), Err(refused)) => (a, refused),
                (Err(refused), Ok(_)) => (c, refused),
                both => panic!("one of them must find the other done: {both:?}"),
            };
            assert!(refusals::<Json>(Err(refused)).iter().all(|code| code.starts_with("merge.voided")));
            assert_eq!(office.reads(office.kim, "contact", contact).unwrap()["fields"]["account"], json!(to));
        }
        office.agrees();
    });
}

#[test]
fn a_dry_run_tells_what_would_move_and_leaves_no_trace() {
    both(|database| {
        let office = Office::new(database);
        let (a, b) = (office.account(office.kim, json!({"name": "Nordwind"})), office.account(office.kim, json!({"name": "Nordwind 2"})));
        office.creates(office.kim, "contact", json!({"name": "Cara", "account": b})).unwrap();
        let before = office.reads(office.kim, "account", b).unwrap();
        let wanted: Merge = serde_json::from_value(json!({"losers": [b], "dry_run": true})).unwrap();
        let asked = office.write(office.mona, |cx, tx| merging::merge(cx, tx, "account", a, None, &wanted)).unwrap();
        assert_eq!((&asked["moved"], &asked["merge"]), (&json!({"contact": 1}), &Json::Null));
        assert_eq!(office.reads(office.kim, "account", b).unwrap(), before);
        // A record that was changed meanwhile is told.
        let stale: Merge = serde_json::from_value(json!({"losers": [b], "versions": {(b.to_string()): 7}})).unwrap();
        let refused = office.write(office.mona, |cx, tx| merging::merge(cx, tx, "account", a, None, &stale));
        assert!(matches!(refused, Err(Error::Conflict { record }) if record["id"] == json!(b)));
    });
}

#[test]
fn any_merges_and_undos_leave_everything_in_agreement() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let mut dice = 20_261_126_u64;
        let mut roll = |n: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) as usize % n
        };
        let accounts: Vec<Id> = (0..10).map(|n| office.account(kim, json!({"name": format!("Account {n}")}))).collect();
        for n in 0..24 {
            let account = accounts[roll(accounts.len())];
            match n % 3 {
                0 => office.creates(kim, "contact", json!({"name": format!("Person {n}"), "account": account})),
                1 => office.creates(kim, "opportunity", json!({"name": format!("Deal {n}"), "account": account, "amount": "10"})),
                _ => match office.edits(kim, "account", account, json!({"parent": accounts[(n + 1) % accounts.len()]})) {
                    // Nobody stands above himself.
                    Err(Error::Invalid(found)) if found.iter().all(|one| one.code == "account.circle") => continue,
                    other => other,
                },
            }
            .unwrap();
        }
        let (mut open, mut merges, mut undos): (Vec<Json>, usize, usize) = (Vec::new(), 0, 0);
        for _ in 0..40 {
            if roll(3) == 0 && !open.is_empty() {
                let merge = open.remove(roll(open.len()));
                undos += usize::from(office.unmerges(office.mona, &merge).is_ok());
            } else {
                let (a, b) = (accounts[roll(accounts.len())], accounts[roll(accounts.len())]);
                if let Ok(merged) = office.merges(office.mona, "account", a, &[b], json!({"name": b})) {
                    merges += 1;
                    open.push(merged);
                }
            }
        }
        assert!(merges > 5 && undos > 2, "{merges} merges, {undos} undone");
        office.agrees();
        // From the last to the first all of them can be taken back.
        while let Some(merge) = open.pop() {
            office.unmerges(office.mona, &merge).ok();
        }
        office.agrees();
    });
}

/// Groups of the leads as somebody sees them: the names of each, sorted.
fn groups_of(office: &Office, who: Id, state: &str) -> Vec<(Id, Vec<String>)> {
    let wanted = serde_json::from_value(json!({"object": "lead", "state": state})).unwrap();
    let list = office.read(who, |cx, tx| groups::list(cx, tx, &wanted)).unwrap();
    let of = |group: &Json| {
        let mut names: Vec<String> =
            group["records"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        (group["id"].as_str().unwrap().parse().unwrap(), names)
    };
    list["items"].as_array().unwrap().iter().map(of).collect()
}

fn scans(office: &Office, who: Id) -> Result<Json> {
    let asked = office.write(who, |cx, tx| groups::scan(cx, tx, &Scan { object: "lead".into() }))?;
    office.works();
    Ok(asked)
}

fn keeps_mail_rule(office: &Office) {
    let rule = json!({"object": "lead", "name": "Same mail", "groups": [{"rows": [{"field": "email", "method": "exact"}]}], "strictness": {"new": "warn", "import": "warn"}});
    let wanted: duplicates::WantedRule = serde_json::from_value(rule).unwrap();
    office.write(office.ada, |cx, tx| duplicates::save(cx, tx, None, None, &wanted)).unwrap();
    office.works();
}

#[test]
fn a_scan_finds_what_is_there_twice_and_what_was_dismissed_does_not_come_back() {
    both(|database| {
        let office = Office::new(database);
        let (mona, kim, lee) = (office.mona, office.kim, office.lee);
        for (who, name, email) in [
            (kim, "Anna", "anna@example.com"),
            (kim, "Anna 2", "anna@example.com"),
            (office.karl, "Anna 3", "anna@example.com"),
            (kim, "Bert", "bert@example.com"),
            (kim, "Bert 2", "bert@example.com"),
            (lee, "Bert 3", "bert@example.com"),
            (kim, "Cleo", "cleo@example.com"),
            (lee, "Cleo 2", "cleo@example.com"),
        ] {
            office.system("lead", json!({"name": name, "email": email, "owner": who}));
        }
        for rule in office.read(office.ada, duplicates::list).unwrap()["items"].as_array().unwrap() {
            let id: Id = rule["id"].as_str().unwrap().parse().unwrap();
            office.write(office.ada, |cx, tx| duplicates::delete(cx, tx, id, None)).unwrap();
        }
        assert_eq!(refusals(scans(&office, mona)), ["duplicate.no_rule:object"]);
        keeps_mail_rule(&office);
        assert!(matches!(scans(&office, kim), Err(Error::Forbidden { .. })));
        scans(&office, mona).unwrap();
        // Of what one does not see nothing is told: not the third Bert, and of one Cleo no group.
        let names = |groups: Vec<(Id, Vec<String>)>| groups.into_iter().map(|(_, names)| names.join(", ")).collect::<Vec<_>>();
        let sorted = |who: Id, state: &str| {
            let mut all = names(groups_of(&office, who, state));
            all.sort();
            all
        };
        assert_eq!(sorted(mona, "open"), ["Anna, Anna 2, Anna 3", "Bert, Bert 2"]);
        assert_eq!(sorted(office.hanna, "open"), ["Anna, Anna 2, Anna 3", "Bert, Bert 2, Bert 3", "Cleo, Cleo 2"]);
        let of = |name: &str| groups_of(&office, office.hanna, "open").into_iter().find(|(_, names)| names[0] == name).unwrap().0;
        let (annas, cleos) = (of("Anna"), of("Cleo"));
        assert!(matches!(office.write(mona, |cx, tx| groups::dismiss(cx, tx, cleos)), Err(Error::NotFound)));
        office.write(office.hanna, |cx, tx| groups::dismiss(cx, tx, cleos)).unwrap();
        scans(&office, office.hanna).unwrap();
        assert_eq!(sorted(office.hanna, "open"), ["Anna, Anna 2, Anna 3", "Bert, Bert 2, Bert 3"]);
        assert_eq!(sorted(office.hanna, "dismissed"), ["Cleo, Cleo 2"]);
        assert_eq!(of("Anna"), annas, "the same records are the same group");
        office.write(office.hanna, |cx, tx| groups::reopen(cx, tx, cleos)).unwrap();
        assert_eq!(sorted(office.hanna, "open").len(), 3);

        // Made one they are done with, as far as fewer than two are left; taken back they are open again.
        let leads = office.read(mona, |cx, tx| groups::list(cx, tx, &serde_json::from_value(json!({"object": "lead"})).unwrap())).unwrap();
        let group = leads["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(annas)).unwrap().clone();
        let ids: Vec<Id> = group["records"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().parse().unwrap()).collect();
        let first = office.merges(mona, "lead", ids[0], &ids[1..2], json!({})).unwrap();
        assert_eq!(groups_of(&office, mona, "open").iter().find(|(id, _)| *id == annas).unwrap().1.len(), 2);
        let second = office.merges(mona, "lead", ids[0], &ids[2..], json!({})).unwrap();
        assert_eq!(groups_of(&office, mona, "merged")[0].0, annas);
        office.unmerges(mona, &second).unwrap();
        office.unmerges(mona, &first).unwrap();
        assert_eq!(groups_of(&office, mona, "open").iter().find(|(id, _)| *id == annas).unwrap().1.len(), 3);
        // A week later it is looked again by itself.
        let scans_made = || {
            let wanted = serde_json::from_value(json!({"kind": "scan_duplicates"})).unwrap();
            office.read(office.ada, |cx, tx| jobs::list(cx, tx, &wanted)).unwrap()["items"].as_array().unwrap().len()
        };
        let before = scans_made();
        housekeeping::round(&office.house).unwrap();
        assert_eq!(scans_made(), before);
        database.advance(7 * 86_400);
        housekeeping::round(&office.house).unwrap();
        housekeeping::round(&office.house).unwrap();
        assert_eq!(scans_made(), before + 1);
        office.agrees();
    });
}

#[test]
fn a_rule_that_blocks_does_not_stand_in_the_way_of_becoming_one() {
    both(|database| {
        let office = Office::new(database);
        let (a, b) = (
            office.system("account", json!({"name": "Nordwind Logistik", "owner": office.kim})),
            office.system("account", json!({"name": "Nordwind Spedition", "owner": office.kim})),
        );
        let merged = office.merges(office.mona, "account", a, &[b], json!({"name": b})).unwrap();
        assert_eq!(merged["record"]["fields"]["name"], "Nordwind Spedition");
        office.unmerges(office.mona, &merged).unwrap();
        assert_eq!(office.reads(office.kim, "account", a).unwrap()["fields"]["name"], "Nordwind Logistik");
        office.agrees();
    });
}

/// Whoever keeps the record that is left gets nothing over his limit by it: neither the record, nor what makes it count, nor by taking it back.
#[test]
fn merging_gives_nobody_more_than_he_has_room_for() {
    both(|database| {
        let office = Office::new(database);
        let large = json!({"field": "amount", "op": "ge", "value": {"amount": "1000", "currency": "USD"}});
        office.limits(crate::holding::each("One large", 1, large)).unwrap();
        let deal = |who: Id, name: &str, amount: &str| {
            id_of(&office.creates(who, "opportunity", json!({"name": name, "amount": amount})).unwrap())
        };
        let (large_one, small) = (deal(office.kim, "Rail", "1000"), deal(office.kim, "Bridge", "10"));
        let karls = deal(office.karl, "Bridges", "5000");
        let full = ["holding.limit_reached:owner"];
        // The amount of Karl's would make Kim's small one large.
        assert_eq!(refusals(office.merges(office.mona, "opportunity", small, &[karls], json!({"amount": karls}))), full);
        assert_eq!(refusals(office.merges(office.mona, "opportunity", karls, &[small], json!({"owner": small}))), full);
        // Of his own two it is one large record as before.
        let own = office.merges(office.mona, "opportunity", small, &[large_one], json!({"amount": large_one})).unwrap();
        office.holdings_are_right();
        office.unmerges(office.mona, &own).unwrap();
        // What came free meanwhile is not there any more when it is taken back.
        let merged = office.merges(office.mona, "opportunity", small, &[large_one], json!({})).unwrap();
        deal(office.kim, "Tunnel", "2000");
        assert_eq!(refusals(office.unmerges(office.mona, &merged)), full);
        office.holdings_are_right();
    });
}
