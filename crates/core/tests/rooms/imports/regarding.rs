//! Activities from elsewhere, each about a record of some object.

use serde_json::json;
use testkit::both;

use super::{count, import, records};
use crate::office::Office;

#[test]
fn activities_find_what_they_regard() {
    both(|database| {
        let office = Office::new(database);
        let rail = office.deal(office.kim, "Rail");
        office.system("account", json!({"name": "Lindenthal", "owner": office.kim}));
        office.system("account", json!({"name": "Harbour", "owner": office.kim}));
        office.deal(office.kim, "Harbour");
        let text = format!(
            "Subject,Type,Regarding,Happened at\n\
             One,Call,Rail,2020-01-02\nTwo,Visit,Account: Lindenthal,2020-01-03\nThree,Note,opportunity:{rail},2020-01-04\n\
             Four,Call,Harbour,2020-01-05\nFive,Call,客户：Harbour,2020-01-06\nSix,Call,Nowhere,2020-01-07\n"
        );
        let done = import(&office.house, json!({"object": "activity"}), text.as_bytes()).unwrap();
        assert_eq!(count(&done, "created"), 4, "{done:#}");
        let told: Vec<&str> = done["problems"].as_array().unwrap().iter().filter_map(|problem| problem["code"].as_str()).collect();
        assert!(told.contains(&"import.ambiguous") && told.contains(&"field.reference_not_found"), "{told:?}");
        let mut about: Vec<(String, String)> = records(&office.house, "activity")
            .iter()
            .map(|one| {
                (one["fields"]["name"].as_str().unwrap().to_owned(), one["fields"]["regarding"]["object"].as_str().unwrap().to_owned())
            })
            .collect();
        about.sort();
        let due = [("Five", "account"), ("One", "opportunity"), ("Three", "opportunity"), ("Two", "account")];
        assert_eq!(about, due.map(|(name, object)| (name.to_owned(), object.to_owned())));
        assert_eq!(office.reads(office.kim, "opportunity", rail).unwrap()["fields"]["last_followed_at"], "2020-01-04T00:00:00.000000Z");
        office.agrees();
    });
}
