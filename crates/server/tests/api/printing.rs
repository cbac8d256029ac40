//! Papers, as a browser is given them.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::one;

#[test]
fn a_quote_comes_as_a_pdf_with_a_name_and_is_noted() {
    one(|office| {
        let deal = office.kim().opens_a_deal(&json!({"name": "Rail"}));
        let quote = office.kim().creates("quote", &json!({"name": "Rails", "opportunity": deal.id, "currency": "USD"}));
        office.kim().creates("quote_line", &json!({"quote": quote.id, "name": "Rail", "quantity": "2", "price": "100"}));
        let printed = office.kim().gets(&format!("{}/print?language=zh-CN", quote.path())).is_ok();
        let header = |name: &str| printed.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(header("content-type"), "application/pdf");
        assert!(header("content-disposition").starts_with("inline; filename=\"") && header("content-disposition").contains("-v1.pdf"));
        assert_eq!(header("cache-control"), "no-store");
        assert!(printed.text.starts_with("%PDF-"), "{}", &printed.text[..40]);
        let noted = office.ada().gets("/audit?act=print").is_ok().body["items"].clone();
        assert_eq!((noted.as_array().unwrap().len(), &noted[0]["record"]), (1, &json!(quote.id)));
        office.lee().gets(&format!("{}/print", quote.path())).is_not_found();
        office.kim().gets(&format!("{}/print", deal.path())).is_not_found();
        office.kim().gets(&format!("{}/print?language=fr", quote.path())).is_invalid(&["field.not_an_option:language"]);
    });
}

#[test]
fn a_letterhead_is_looked_at_before_it_is_saved() {
    one(|office| {
        let ada = office.ada();
        let mut letterhead = ada.gets("/organisation/letterhead").is_ok().body;
        letterhead["en"]["name"] = json!("Northwind Ltd.");
        assert!(ada.posts("/organisation/letterhead/sample?language=en", &letterhead).is_ok().text.starts_with("%PDF-"));
        assert_eq!(ada.gets("/organisation/letterhead").body["version"], 0);
        let saved = ada.asks(Method::PUT, "/organisation/letterhead", &[("if-match", "\"0\"")], Some(&letterhead)).is_ok();
        assert_eq!((&saved.body["version"], &saved.body["en"]["name"]), (&json!(1), &json!("Northwind Ltd.")));
        let late = ada.asks(Method::PUT, "/organisation/letterhead", &[("if-match", "\"0\"")], Some(&letterhead));
        late.refused(StatusCode::CONFLICT, "record.version_conflict");
        // A logo of a megabyte is larger than other bodies may be; a body that is larger still is not read.
        let picture = |bytes: usize| json!({"logo": "A".repeat(bytes)});
        ada.puts("/organisation/letterhead", &picture(1_300_000)).is_invalid(&["letterhead.logo:logo"]);
        ada.puts("/organisation/letterhead", &picture(3 << 20)).refused(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large");
        office.kim().posts("/organisation/letterhead/sample", &json!({})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}
