//! Who stands above whom: managers by default, trees without circles, departments that go when they are empty.

use std::sync::Barrier;
use std::thread;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save, save_all};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    fn manager(&self, person: Id) -> Json {
        self.field_of(self.ada, "employee", person, "manager")
    }

    fn hires(&self, name: &str, fields: Json) -> Id {
        let mut fields = fields;
        fields["name"] = name.into();
        id_of(&self.creates(self.ada, "employee", fields).unwrap())
    }

    fn heads(&self, department: &str, head: Id) -> Id {
        let id = self.named("department", department);
        self.edits(self.ada, "department", id, json!({"head": head})).unwrap();
        id
    }

    fn voids_department(&self, id: Id) -> stagecraft_core::Result<()> {
        self.write(self.ada, |cx, tx| save(cx, tx, Change::of("department", id, Deed::Void))).map(|_| ())
    }
}

#[test]
fn who_is_given_no_manager_has_the_head_of_his_department() {
    both(|database| {
        let office = Office::new(database);
        let (north, south, sales) =
            (office.heads("North", office.mona), office.heads("South", office.sven), office.named("department", "Sales"));
        office.edits(office.ada, "department", sales, json!({"head": office.hanna})).unwrap();
        let nora = office.hires("Nora", json!({"department": north, "roles": ["salesperson"]}));
        assert_eq!(office.manager(nora), json!(office.mona));
        let deal = office.deal(nora, "Rail");
        assert!(office.reads(office.mona, "opportunity", deal).is_ok());
        // Moved, he follows; what was set otherwise stays.
        office.edits(office.ada, "employee", nora, json!({"department": south})).unwrap();
        assert_eq!(office.manager(nora), json!(office.sven));
        office.edits(office.ada, "employee", nora, json!({"manager": office.hanna})).unwrap();
        office.edits(office.ada, "employee", nora, json!({"department": north})).unwrap();
        assert_eq!(office.manager(nora), json!(office.hanna));
        office.edits(office.ada, "employee", nora, json!({"manager": null})).unwrap();
        assert_eq!(office.manager(nora), Json::Null, "nobody can be set too");
        office.edits(office.ada, "employee", nora, json!({"department": south})).unwrap();
        assert_eq!(office.manager(nora), json!(office.sven), "who has none gets one when he is moved");
        let otto = office.hires("Otto", json!({"department": north, "manager": office.kim}));
        assert_eq!(office.manager(otto), json!(office.kim));
        assert_eq!(office.manager(office.hires("Olga", json!({"department": north, "manager": null}))), Json::Null);
        // A head himself has the head above; where that is himself again, nobody.
        office.edits(office.ada, "employee", office.mona, json!({"manager": null})).unwrap();
        office.edits(office.ada, "employee", office.mona, json!({"department": sales})).unwrap();
        assert_eq!(office.manager(office.mona), json!(office.hanna));
        office.edits(office.ada, "employee", office.hanna, json!({"department": north})).unwrap();
        assert_eq!(office.manager(office.hanna), Json::Null, "Mona stands below Hanna: no circle");
        // One who no longer works here is nobody's manager by default.
        office.edits(office.ada, "employee", office.sven, json!({"active": false})).unwrap();
        assert_eq!(office.manager(office.hires("Olaf", json!({"department": south}))), json!(office.hanna));
        office.agrees();
    });
}

#[test]
fn no_circle_comes_of_two_changes_in_one_act() {
    both(|database| {
        let office = Office::new(database);
        let (north, south) = (office.named("department", "North"), office.named("department", "South"));
        let under = |child: Id, parent: Id| {
            let mut change = Change::of("department", child, Deed::Edit);
            change.patch.insert("parent".into(), parent.into());
            change
        };
        let results =
            office.write(office.ada, |cx, tx| save_all(cx, tx, "department", vec![under(north, south), under(south, north)])).unwrap();
        let [first, second] = <[_; 2]>::try_from(results).ok().unwrap();
        assert!(first.is_ok());
        assert_eq!(refusals(second), ["people.circle:parent"]);
        assert_eq!(refusals(office.edits(office.ada, "department", south, json!({"parent": south}))), ["people.circle:parent"]);
        assert_eq!(refusals(office.edits(office.ada, "employee", office.hanna, json!({"manager": office.kim}))), ["people.circle:manager"]);
        office.agrees();
    });
}

#[test]
fn of_two_who_move_departments_under_each_other_one_is_refused() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..5 {
            let make = |name: &str| id_of(&office.creates(office.ada, "department", json!({"name": format!("{name} {round}")})).unwrap());
            let (a, b) = (make("A"), make("B"));
            let barrier = Barrier::new(2);
            let under = |child: Id, parent: Id| {
                barrier.wait();
                office.edits(office.ada, "department", child, json!({"parent": parent}))
            };
            let (first, second) = thread::scope(|scope| {
                let first = scope.spawn(|| under(a, b));
                let second = scope.spawn(|| under(b, a));
                (first.join().unwrap(), second.join().unwrap())
            });
            let refused = if first.is_ok() { second } else { first };
            assert_eq!(refusals(refused), ["people.circle:parent"]);
        }
        office.agrees();
    });
}

#[test]
fn a_department_goes_when_nobody_and_nothing_is_in_it() {
    both(|database| {
        let office = Office::new(database);
        let (sales, north) = (office.named("department", "Sales"), office.named("department", "North"));
        assert_eq!(refusals(office.voids_department(sales)), ["department.has_people", "department.has_departments"]);
        for person in [office.mona, office.kim] {
            office.edits(office.ada, "employee", person, json!({"department": sales})).unwrap();
        }
        office.edits(office.ada, "employee", office.karl, json!({"department": sales, "further_departments": [north]})).unwrap();
        assert_eq!(refusals(office.voids_department(north)), ["department.has_people"], "a further department counts");
        office.edits(office.ada, "employee", office.karl, json!({"further_departments": null})).unwrap();
        office.voids_department(north).unwrap();
        let into = |fields: Json| office.edits(office.ada, "employee", office.karl, fields);
        assert_eq!(refusals(into(json!({"department": north}))), ["people.department_voided:department"]);
        assert_eq!(refusals(into(json!({"further_departments": [north]}))), ["people.department_voided:further_departments"]);
        assert_eq!(
            refusals(office.creates(office.ada, "department", json!({"name": "Far North", "parent": north}))),
            ["people.department_voided:parent"]
        );
        office.write(office.ada, |cx, tx| save(cx, tx, Change::of("department", north, Deed::Restore))).unwrap();
        into(json!({"department": north})).unwrap();
        // Voided and filled at the same instant: one of the two is refused.
        for round in 0..5 {
            let empty = id_of(&office.creates(office.ada, "department", json!({"name": format!("Empty {round}")})).unwrap());
            let barrier = Barrier::new(2);
            let (voided, moved) = thread::scope(|scope| {
                let voided = scope.spawn(|| {
                    barrier.wait();
                    office.voids_department(empty)
                });
                let moved = scope.spawn(|| {
                    barrier.wait();
                    into(json!({"department": empty}))
                });
                (voided.join().unwrap(), moved.join().unwrap())
            });
            assert!(voided.is_ok() != moved.is_ok(), "{voided:?} {moved:?}");
        }
        office.agrees();
    });
}

#[test]
fn what_one_owns_follows_one_to_another_department_while_it_is_open() {
    both(|database| {
        let office = Office::new(database);
        let (north, south) = (office.named("department", "North"), office.named("department", "South"));
        let (open, closed) = (office.deal(office.kim, "Open"), office.deal(office.kim, "Closed"));
        office.moves(office.kim, closed, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Nordwind"})).unwrap());
        let version = office.reads(office.ada, "opportunity", open).unwrap()["version"].clone();
        office.edits(office.ada, "employee", office.kim, json!({"department": south})).unwrap();
        let of = |object: &str, id: Id| office.field_of(office.ada, object, id, "owner_department");
        assert_eq!(
            [of("opportunity", open), of("opportunity", closed), of("account", account)],
            [json!(south), json!(north), json!(south)]
        );
        assert_eq!(office.reads(office.ada, "opportunity", open).unwrap()["version"], version, "nobody's open form is disturbed");
        let filter = json!({"field": "owner_department", "op": "eq", "value": south}).to_string();
        assert_eq!(office.lists(office.ada, "opportunity", json!({"filter": filter})).unwrap().0, ["Open"]);
        office.edits(office.ada, "employee", office.kim, json!({"department": null})).unwrap();
        assert_eq!(of("opportunity", open), Json::Null);
        office.agrees();
    });
}
