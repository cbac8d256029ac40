//! Several records in one cell.

use serde_json::json;
use testkit::both;

use super::{count, house, import, records};

#[test]
fn cells_name_several_records_and_those_of_later_rows() {
    both(|database| {
        let house = house(database);
        let text = "Name,Parent department\nSales,\nNorth,Sales\nSouth,Sales\n";
        assert_eq!(count(&import(&house, json!({"object": "department"}), text.as_bytes()).unwrap(), "created"), 3);
        let text = "Name,E-mail,Department,Further departments\n\
                    Kim,kim@a.example,North,South; sales\n\
                    Lee,lee@a.example,South,North;Nowhere\n\
                    Pat,pat@a.example,South,\n";
        let answer = import(&house, json!({"object": "employee"}), text.as_bytes()).unwrap();
        assert_eq!((count(&answer, "created"), answer["problems"].as_array().unwrap().len()), (3, 1), "{answer:#}");
        assert_eq!(answer["problems"][0]["line"], 3);
        let departments = records(&house, "department");
        let id = |name: &str| departments.iter().find(|one| one["fields"]["name"] == name).unwrap()["id"].clone();
        let people = records(&house, "employee");
        let of = |name: &str| people.iter().find(|one| one["fields"]["name"] == name).unwrap()["fields"]["further_departments"].clone();
        let mut both_of_kim = [id("South"), id("Sales")];
        both_of_kim.sort_by_key(ToString::to_string);
        assert_eq!(of("Kim"), json!(both_of_kim));
        assert_eq!(of("Lee"), json!(null), "a cell is taken whole or not at all");
        // A group names departments and people; one that names what is below in the same file would be of its own kind.
        let text = "Group name,Members,Departments\nDesk,kim@a.example;Lee,North\n";
        assert_eq!(count(&import(&house, json!({"object": "user_group"}), text.as_bytes()).unwrap(), "created"), 1);
        assert_eq!(records(&house, "user_group")[0]["fields"]["members"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn people_come_with_departments_roles_and_managers_who_come_later() {
    both(|database| {
        let house = house(database);
        let text = "Name,Parent department\nNorth,Sales\nSales,\nOslo,North\n";
        let answer = import(&house, json!({"object": "department"}), text.as_bytes()).unwrap();
        assert_eq!((count(&answer, "created"), answer["problems"].as_array().unwrap().len()), (3, 0), "{answer:#}");
        let departments = records(&house, "department");
        let department = |name: &str| departments.iter().find(|one| one["fields"]["name"] == name).unwrap();
        assert_eq!(department("North")["fields"]["parent"], department("Sales")["id"], "one that comes later is found too");
        let text = "Name,E-mail,Department,Manager,Roles,Password\n\
                    Kim,kim@a.example,North,Mona,salesperson,secret secret\n\
                    Lee,lee@a.example,Oslo,mona@a.example,Salesperson;Sales Manager,secret secret\n\
                    Mona,mona@a.example,North,,销售经理,secret secret\n\
                    Nobody,no@a.example,Oslo,Nowhere,Emperor,secret secret\n";
        let answer = import(&house, json!({"object": "employee"}), text.as_bytes()).unwrap();
        assert_eq!(count(&answer, "created"), 4, "{answer:#}");
        let codes: Vec<&str> = answer["problems"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["field.not_an_option", "field.reference_not_found"], "{answer:#}");
        let password = answer["columns"].as_array().unwrap().iter().find(|one| one["column"] == "Password").unwrap();
        assert_eq!(password["field"], json!(null), "a password is no field, and never taken from a file");
        let people = records(&house, "employee");
        let person = |name: &str| people.iter().find(|one| one["fields"]["name"] == name).unwrap();
        let mona = &person("Mona")["id"];
        assert_eq!((&person("Kim")["fields"]["manager"], &person("Lee")["fields"]["manager"]), (mona, mona));
        assert_eq!(person("Lee")["fields"]["roles"], json!(["sales_manager", "salesperson"]));
        assert_eq!(person("Mona")["fields"]["roles"], json!(["sales_manager"]));
        // The same file again changes nothing.
        let again = import(&house, json!({"object": "employee"}), text.as_bytes()).unwrap();
        assert_eq!((count(&again, "created"), count(&again, "updated")), (0, 0), "{again:#}");
    });
}
