use stagecraft_core::*;
use model::*;
use serde_json::json;
fn main() {
    let url = std::env::args().nth(1).unwrap();
    let db = db::Db::open(&url, db::Options::default()).unwrap();
    let house = House::open(db).unwrap();
    let l = || Limits::default();
    let si = identity::set_up(&house, l(), &serde_json::from_value(json!({"organisation":"Org","main_currency":"USD","time_zone":"Europe/Berlin","language":"en","name":"Ada","email":"ada@x.example","password":"0123456789ab"})).unwrap(), "test").unwrap();
    let cred = Credential::Session{token: si.token.clone(), csrf: Some(si.csrf.clone())};
    let t = std::time::Instant::now();
    println!("{}", house.read(&cred, l(), |cx,_| Ok(identity::me(cx))).unwrap());
    println!("{:?}", t.elapsed());
    let create = |name: &str| house.write(&cred, l(), Via::Api, |cx, tx| { let r = records::create(cx, tx, "opportunity", &serde_json::from_value(json!({"fields":{"name":name,"amount":{"amount":"1000.00","currency":"USD"}}})).unwrap()); println!("statements {}", tx.statements()); r}).unwrap();
    let r = create("Deal A");
    println!("{r:#}");
    let id: Id = r["record"]["id"].as_str().unwrap().parse().unwrap();
    for st in ["qualification", "negotiation", "won"] {
        let r = house.write(&cred, l(), Via::Api, |cx, tx| { let r = processes::move_stage(cx, tx, id, None, &serde_json::from_value(json!({"stage":st, "fields": {"expected_close_date":"2026-12-01"}})).unwrap());println!("statements {}", tx.statements()); r});
        match r { Ok(r) => println!("{} {} {}", r["result"], r["record"]["fields"]["stage"], r["record"]["fields"]["forecast_amount"]), Err(e) => println!("{e:?}") }
    }
    println!("{:#}", house.read(&cred, l(), |cx,tx| processes::stays(cx, tx, id)).unwrap());
    println!("{:#}", house.read(&cred, l(), |cx,tx| processes::board(cx, tx, &Default::default())).unwrap()["columns"][4]["amount_main"]);
    println!("{:#}", house.read(&cred, l(), |cx,tx| processes::path(cx, tx, id)).unwrap()["stages"][2]);
    println!("{:#}", house.read(&cred, l(), |cx,tx| records::history(cx, tx, "opportunity", id, &Default::default())).unwrap());
    println!("{:#}", house.read(&cred, l(), |cx,tx| records::list(cx, tx, "opportunity", &serde_json::from_value(json!({"filter": "{\"field\":\"amount\",\"op\":\"gt\",\"value\":\"10\"}", "count":"exact","q":"deal","sort":"-amount","fields":"name,amount"})).unwrap())).unwrap());
    let r = house.write(&cred, l(), Via::Api, |cx, tx| records::create(cx, tx, "opportunity_line", &serde_json::from_value(json!({"fields":{"opportunity":id.to_string(),"name":"L","quantity":"2","price":"10.50"}})).unwrap())).unwrap();
    println!("{}", r["record"]["fields"]["amount"]);
    let r = house.read(&cred, l(), |cx,tx| records::read(cx, tx, "opportunity", id)).unwrap();
    println!("{} v{} r{}", r["fields"]["lines_total"], r["version"], r["revision"]);
    println!("{}", house.read(&cred, l(), |cx,tx| records::search(cx, tx, "de")).unwrap());
    let t = std::time::Instant::now();
    for i in 0..100 { house.write(&cred, l(), Via::Api, |cx, tx| records::create(cx, tx, "opportunity", &serde_json::from_value(json!({"fields":{"name":format!("D{i}")}})).unwrap())).unwrap(); }
    println!("100 creates {:?}", t.elapsed());
}
