//! The embedded web app.

use axum::http::StatusCode;

use crate::office::one;

#[test]
fn a_path_without_a_file_is_a_place_inside_the_app_and_a_missing_file_is_missing() {
    one(|office| {
        let page = office.asks("GET", "/records/opportunity", &[], None).is_ok();
        assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
        assert_eq!(office.asks("GET", "/assets/none.js", &[], None).status, StatusCode::NOT_FOUND);
        assert_eq!(office.asks("GET", "/favicon-of-nobody.ico", &[], None).status, StatusCode::NOT_FOUND);
        assert_eq!(office.asks("POST", "/records/opportunity", &[], None).status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(office.asks("GET", "/assets/../Cargo.toml", &[], None).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_page_of_the_api_names_every_call_without_any_script() {
    one(|office| {
        let page = office.asks("GET", "/api/docs", &[], None).is_ok();
        assert!(!page.text.contains("<script"));
        let document = server::openapi::fixed();
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(page.text.contains(&format!("<code>{path}</code>")), "{path}");
        }
    });
}
