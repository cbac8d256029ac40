//! Past days, what became of the pipeline between two, and what is to come: every figure opens its deals, and each is a file for those who may export.

use axum::http::StatusCode;

use crate::behind::{opens_every_figure, some_deals};
use crate::office::{both, one};

#[test]
fn figures_of_the_past_and_of_what_is_to_come_open_their_deals() {
    both(|office| {
        some_deals(office);
        for who in [office.kim(), office.mona(), office.ada()] {
            for by in ["stage", "owner", "owner_department", "forecast_category"] {
                assert!(opens_every_figure(who, &format!("/analysis/as-of?by={by}")) > 0);
            }
            assert!(opens_every_figure(who, "/analysis/projection") > 0);
            let fell = who.gets("/analysis/waterfall").is_ok().body;
            let sum: i64 = fell["parts"].as_array().unwrap().iter().map(|part| part["count"].as_i64().unwrap()).sum();
            assert_eq!(fell["opening"]["count"].as_i64().unwrap() + sum, fell["closing"]["count"].as_i64().unwrap(), "{fell}");
            let named = fell["closing"]["behind"]["amount"].as_str().unwrap();
            let page = who.gets(named).is_ok().body;
            assert_eq!((&page["count"], &page["amount"]), (&fell["closing"]["count"], &fell["closing"]["amount"]));
            assert_eq!(who.gets("/analysis/projection/back-test").is_ok().body["summary"]["why"], "too_few_closed");
        }
        office.ada().gets("/analysis/as-of?day=2100-01-01").refused(StatusCode::UNPROCESSABLE_ENTITY, "record.invalid");
        office.ada().gets("/analysis/as-of?day=soon").refused(StatusCode::BAD_REQUEST, "request.malformed");
        office.ada().gets("/analysis/projection?period=soon").refused(StatusCode::BAD_REQUEST, "request.malformed");
    });
}

#[test]
fn whoever_may_export_takes_them_away() {
    one(|office| {
        some_deals(office);
        for path in ["/analysis/as-of?by=owner", "/analysis/waterfall?", "/analysis/projection?", "/analysis/projection/back-test?"] {
            for (format, kind) in
                [("csv", "text/csv; charset=utf-8"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
            {
                let file = office.ada().gets(&format!("{path}&format={format}")).is_ok();
                assert_eq!(file.headers["content-type"], kind, "{path}");
            }
            office.kim().gets(&format!("{path}&format=csv")).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        }
        let file = office.ada().gets("/analysis/waterfall?format=csv").is_ok().text;
        assert!(file.contains("Part,Deals behind it,Change in number,Amount,Weighted amount,Currency\r\nAt the beginning,"), "{file}");
    });
}
