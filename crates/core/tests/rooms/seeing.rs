//! Who sees and who may change what: lists, counts, boards and single reads agree.

use model::Id;
use serde_json::json;
use stagecraft_core::{Error, processes, records};
use testkit::both;

use crate::office::{Office, refusals};

#[test]
fn owners_superiors_and_those_who_see_all_see_a_deal_and_nobody_else() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let expected = [
            (office.kim, true),
            (office.karl, false),
            (office.lee, false),
            (office.mona, true),
            (office.sven, false),
            (office.hanna, true),
            (office.ada, true),
            (office.ines, true),
        ];
        for (who, sees) in expected {
            let count = i64::from(sees);
            assert_eq!(office.reads(who, "opportunity", deal).is_ok(), sees);
            assert_eq!(office.lists(who, "opportunity", json!({})).unwrap().1, count);
            let board = office.read(who, |cx, tx| processes::board(cx, tx, &Default::default())).unwrap();
            assert_eq!(board["columns"][0]["count"].as_i64(), Some(count));
            assert_eq!(board["columns"][0]["items"].as_array().unwrap().len() as i64, count);
            let found = office
                .read(who, |cx, tx| {
                    stagecraft_core::search::search(
                        cx,
                        tx,
                        &stagecraft_core::search::SearchRequest { q: "rail".to_owned(), ..Default::default() },
                    )
                })
                .unwrap();
            assert_eq!(found["items"].as_array().unwrap().len() as i64, count);
        }
        assert!(matches!(office.reads(office.lee, "opportunity", deal), Err(Error::NotFound)));
        assert!(matches!(office.edits(office.lee, "opportunity", deal, json!({"name": "y"})), Err(Error::NotFound)));
        assert!(matches!(office.moves(office.lee, deal, None, json!({"stage": "won"})), Err(Error::NotFound)));
        assert!(matches!(office.edits(office.ines, "opportunity", deal, json!({"name": "y"})), Err(Error::Forbidden { .. })));
    });
}

#[test]
fn a_team_member_sees_and_writes_as_the_team_says() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let team = |person: Id, access: &str| {
            let members =
                serde_json::from_value(json!([{"person": person, "role": "pre_sales", "access": access, "share": "40"}])).unwrap();
            office
                .write(office.kim, move |cx, tx| {
                    records::set_team(cx, tx, "opportunity", deal, &Vec::<records::TeamMember>::clone(&members))
                })
                .unwrap();
        };
        team(office.lee, "read");
        assert_eq!(office.lists(office.lee, "opportunity", json!({})).unwrap().1, 1);
        assert!(matches!(office.edits(office.lee, "opportunity", deal, json!({"name": "y"})), Err(Error::Forbidden { .. })));
        team(office.lee, "read_write");
        office.edits(office.lee, "opportunity", deal, json!({"next_step": "Visit"})).unwrap();
        team(office.karl, "read");
        assert_eq!(office.lists(office.lee, "opportunity", json!({})).unwrap().1, 0, "who leaves the team sees it no more");
        let too_much = serde_json::from_value::<Vec<records::TeamMember>>(json!([
            {"person": office.lee, "access": "read", "share": "60"}, {"person": office.karl, "access": "write", "share": "50"}
        ]))
        .unwrap();
        let refused = refusals(office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &too_much)));
        assert_eq!(refused, ["field.not_an_option:members/1/access", "team.share_over_100:members"]);
    });
}

#[test]
fn of_two_who_change_a_team_at_once_the_second_is_shown_what_the_first_did() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let team = |who: Id| office.read(who, |cx, tx| records::team(cx, tx, "opportunity", deal)).unwrap();
        let puts = |who: Id, seen: &serde_json::Value, person: Id| {
            let members: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": person, "access": "read"}])).unwrap();
            let seen = seen["version"].as_str().map(str::to_owned);
            office.write(who, move |cx, tx| records::set_team_seen(cx, tx, "opportunity", deal, seen.as_deref(), &members))
        };
        let seen = team(office.kim);
        let barrier = std::sync::Barrier::new(2);
        let results = std::thread::scope(|scope| {
            let one = |who: Id, person: Id| {
                let (barrier, seen, puts) = (&barrier, &seen, &puts);
                scope.spawn(move || {
                    barrier.wait();
                    puts(who, seen, person)
                })
            };
            [one(office.kim, office.lee), one(office.mona, office.karl)].map(|thread| thread.join().unwrap())
        });
        let present = team(office.kim);
        assert_eq!(present["members"].as_array().unwrap().len(), 1);
        let shown: Vec<&serde_json::Value> = results
            .iter()
            .filter_map(|result| match result {
                Err(Error::Conflict { record }) => Some(&**record),
                _ => None,
            })
            .collect();
        assert_eq!(shown.len(), 1, "one is first");
        assert_eq!((&shown[0]["members"], &shown[0]["version"]), (&present["members"], &present["version"]));
        puts(office.kim, &present, office.sven).unwrap();
        assert!(matches!(puts(office.lee, &present, office.sven), Err(Error::NotFound)), "who does not see it is not shown its team");
    });
}

#[test]
fn a_new_owner_takes_over_and_the_old_one_may_stay() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let give = |who: Id, to: Id, keep: Option<&str>| {
            let wanted = serde_json::from_value(json!({"owner": to, "keep_as": keep})).unwrap();
            office.write(who, move |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &wanted))
        };
        assert!(matches!(give(office.kim, office.lee, None), Err(Error::Forbidden { .. })));
        give(office.hanna, office.lee, Some("read")).unwrap();
        assert!(office.reads(office.kim, "opportunity", deal).is_ok(), "kept in the team");
        assert!(matches!(office.reads(office.mona, "opportunity", deal), Err(Error::NotFound)));
        let shown = office.reads(office.lee, "opportunity", deal).unwrap();
        let south = office.reads(office.lee, "employee", office.lee).unwrap()["fields"]["department"].clone();
        assert_eq!(shown["fields"]["owner_department"], south);
    });
}

#[test]
fn a_new_manager_sees_at_once() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.lee, "Port");
        assert_eq!(office.lists(office.mona, "opportunity", json!({})).unwrap().1, 0);
        office.edits(office.ada, "employee", office.lee, json!({"manager": office.mona})).unwrap();
        assert_eq!(office.lists(office.mona, "opportunity", json!({})).unwrap().1, 1);
        let circle = office.edits(office.ada, "employee", office.hanna, json!({"manager": office.lee}));
        assert_eq!(refusals(circle), ["people.circle:manager"]);
    });
}

#[test]
fn filters_read_with_the_readers_eyes() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        office.deal(office.mona, "Harbour");
        let names = |who: Id, filter: serde_json::Value| {
            office.lists(who, "opportunity", json!({"filter": filter.to_string(), "sort": "name"})).unwrap().0
        };
        assert_eq!(names(office.mona, json!({"field": "owner", "op": "is_me"})), ["Harbour"]);
        assert_eq!(names(office.mona, json!({"field": "owner", "op": "my_subordinates"})), ["Rail"]);
        assert_eq!(names(office.mona, json!({"field": "owner.manager.name", "op": "eq", "value": "mona"})), ["Rail"]);
        assert_eq!(names(office.mona, json!({"field": "created_at", "op": "within", "value": "today"})), ["Harbour", "Rail"]);
        let unknown = json!({"filter": json!({"field": "account.secret", "op": "is_empty"}).to_string()});
        assert_eq!(refusals(office.lists(office.mona, "opportunity", unknown)), ["field.unknown:account.secret"]);
    });
}

#[test]
fn a_board_adds_up_what_no_single_amount_could_hold() {
    both(|database| {
        let office = Office::new(database);
        for amount in ["900000000000000.99", "900000000000000.99", "-0.01"] {
            office.creates(office.kim, "opportunity", json!({"name": "Rail", "amount": amount})).unwrap();
        }
        let board = office.read(office.hanna, |cx, tx| processes::board(cx, tx, &Default::default())).unwrap();
        let first = &board["columns"][0];
        assert_eq!(first["totals"], json!([{"currency": "USD", "amount": "1800000000000001.97"}]));
        assert_eq!(
            (first["amount_main"].as_str(), first["weighted_main"].as_str()),
            (Some("1800000000000001.97"), Some("180000000000000.20"))
        );
    });
}

#[test]
fn a_place_in_a_list_that_somebody_made_up_is_refused() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        office.deal(office.kim, "Port");
        let page = |cursor: Option<&str>| {
            let wanted = serde_json::from_value(json!({"limit": 1, "cursor": cursor})).unwrap();
            office.read(office.kim, |cx, tx| records::list(cx, tx, "opportunity", &wanted))
        };
        let first = page(None).unwrap();
        let given = first["next_cursor"].as_str().unwrap();
        assert_eq!(page(Some(given)).unwrap()["items"].as_array().unwrap().len(), 1);
        let signature = if given.starts_with("00") { "11" } else { "00" };
        for made_up in [format!("{signature}{}", &given[2..]), given[..given.len() - 2].to_owned(), "x".to_owned()] {
            assert!(matches!(page(Some(&made_up)), Err(Error::Malformed(_))), "{made_up}");
        }
    });
}

#[test]
fn a_former_owner_who_was_in_the_team_keeps_his_share() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let members: Vec<records::TeamMember> =
            serde_json::from_value(json!([{"person": office.kim, "role": "pre_sales", "access": "read", "share": "40"}])).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        let wanted = serde_json::from_value(json!({"owner": office.lee, "keep_as": "read_write"})).unwrap();
        office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &wanted)).unwrap();
        let team = office.read(office.kim, |cx, tx| records::team(cx, tx, "opportunity", deal)).unwrap();
        assert_eq!(team["members"], json!([{"person": office.kim, "role": "pre_sales", "access": "read_write", "share": "40"}]));
    });
}
