//! A form as HTML: its own page, the page of thanks, and the snippet for other sites.

use std::fmt::Write as _;

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use model::field::FieldType;
use model::{Field, Label};
use ring::hmac;
use serde_json::{Map, Value as Json};
use stagecraft_core::Meta;
use stagecraft_core::web_forms::{Form, Offered};

use super::{ELAPSED, Met, STAMP, TRAP};
use crate::edge::policy;

const STYLE: &str = "*{box-sizing:border-box}body{margin:0;background:#f6f6f4;color:#1d1d1b;font:16px/1.5 system-ui,'Noto Sans SC',sans-serif}\
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 1.25rem}\
form,.thanks{display:grid;gap:1rem;background:#fff;border:1px solid #dededa;border-radius:12px;padding:1.5rem}\
label{display:grid;gap:.3rem;font-weight:600;font-size:.95rem}fieldset{border:0;margin:0;padding:0;display:grid;gap:.3rem}\
legend{font-weight:600;font-size:.95rem;padding:0}.one{display:flex;gap:.5rem;align-items:center;font-weight:400}\
input,select,textarea{font:inherit;font-weight:400;color:inherit;background:#fff;border:1px solid #8b8b86;border-radius:8px;padding:.55rem .7rem;width:100%}\
input[type=checkbox]{width:auto;accent-color:#0b6b50}textarea{min-height:7rem}\
button{font:inherit;font-weight:600;color:#fff;background:#0b6b50;border:0;border-radius:8px;padding:.7rem 1.2rem;cursor:pointer;justify-self:start}\
:focus-visible{outline:3px solid #0b6b50;outline-offset:2px}.wrong{color:#b3261e;font-weight:600;font-size:.9rem;margin:0}\
[aria-invalid=true]{border-color:#b3261e}.trap{position:absolute;left:-100vw}p{margin:0}\
@media(prefers-color-scheme:dark){body{background:#171716;color:#ededea}form,.thanks{background:#201f1e;border-color:#3a3937}\
input,select,textarea{background:#171716;border-color:#77766f}button{background:#7fd6b8;color:#10201a}.wrong{color:#ffb4ab}\
[aria-invalid=true]{border-color:#ffb4ab}:focus-visible{outline-color:#7fd6b8}input[type=checkbox]{accent-color:#7fd6b8}}";

fn zh(form: &Form) -> bool {
    form.language.starts_with("zh")
}

fn say<'a>(form: &Form, en: &'a str, zh_text: &'a str) -> &'a str {
    if zh(form) { zh_text } else { en }
}

/// What visitors are told when it has come in.
pub(super) fn thanks_text(form: &Form) -> String {
    let own = form.thanks.trim();
    if own.is_empty() {
        say(form, "Thank you. We will get in touch.", "谢谢！我们会尽快与您联系。").to_owned()
    } else {
        own.to_owned()
    }
}

/// The form's own page, with what was filled in and what is wrong with it, by field.
pub(super) fn form(met: &Met, sent: &Map<String, Json>, wrong: &[(String, String)], status: StatusCode) -> Response {
    let form = &met.form;
    let mut body = String::new();
    let of_none = wrong.iter().filter(|(path, _)| !form.fields.iter().any(|offered| offered.field == *path));
    for (_, message) in of_none {
        let _ = write!(body, "<p class=\"wrong\" role=\"alert\">{}</p>", escaped(message));
    }
    inputs(&mut body, form, &met.meta, sent, wrong, "");
    let _ = write!(body, "<input type=\"hidden\" name=\"{STAMP}\" value=\"{}\">", stamp(met));
    let action = format!("/api/v1/public/leads/{}", form.public_key);
    let _ = write!(body, "<button>{}</button>", say(form, "Send", "提交"));
    page(form, &format!("<form method=\"post\" action=\"{action}\">{body}</form>"), status)
}

/// The page of thanks.
pub(super) fn thanks(met: &Met, message: &str) -> Response {
    page(&met.form, &format!("<div class=\"thanks\" role=\"status\"><p>{}</p></div>", escaped(message)), StatusCode::OK)
}

fn page(form: &Form, inner: &str, status: StatusCode) -> Response {
    let title = if form.title.is_empty() { &form.name } else { &form.title };
    let html = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1>{inner}</main></body></html>",
        lang = escaped(&form.language),
        title = escaped(title),
    );
    let mut response = (status, Html(html)).into_response();
    // A visitor is led to where he is thanked, and a browser asks the page that he came from.
    let thanks = form.thanks_url.as_deref().and_then(origin_of).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy::of_page(STYLE, &thanks));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split(['/', '?', '#']).next()?))
}

/// HTML for another site's page: no styles, and a line of script that says how long the page was open.
pub(crate) fn snippet(form: &Form, meta: &Meta, address: &str) -> String {
    let mut body = String::new();
    inputs(&mut body, form, meta, &Map::new(), &[], " style=\"position:absolute;left:-100vw\"");
    let lines = body.replace("<label", "\n  <label").replace("<fieldset", "\n  <fieldset").replace("<div class", "\n  <div class");
    let id = &form.public_key[..8];
    format!(
        "<form id=\"lead-{id}\" method=\"post\" action=\"{address}\" accept-charset=\"utf-8\">{lines}\n  <input type=\"hidden\" name=\"{ELAPSED}\">\n  \
         <button>{send}</button>\n</form>\n<script>\n  (function (form, since) {{\n    form.addEventListener(\"submit\", function () {{\n      \
         form.elements[\"{ELAPSED}\"].value = Date.now() - since;\n    }});\n  }})(document.getElementById(\"lead-{id}\"), Date.now());\n</script>\n",
        address = escaped(address),
        send = say(form, "Send", "提交"),
    )
}

/// The inputs, and one that people do not see: a page of ours has a style for it, another site's brings `hidden` along.
fn inputs(body: &mut String, form: &Form, meta: &Meta, sent: &Map<String, Json>, wrong: &[(String, String)], hidden: &str) {
    let Some(object) = meta.schema.object("lead") else { return };
    for offered in &form.fields {
        let Some(field) = form.field(object, offered) else { continue };
        let found = wrong.iter().find(|(path, _)| *path == offered.field).map(|(_, message)| message.as_str());
        input(body, form, field, offered, sent.get(&offered.field).unwrap_or(&Json::Null), found);
    }
    let trap = say(form, "Leave this empty", "请勿填写");
    let _ = write!(
        body,
        "<div class=\"trap\"{hidden} aria-hidden=\"true\"><label>{trap} <input name=\"{TRAP}\" tabindex=\"-1\" autocomplete=\"off\"></label></div>"
    );
}

fn input(body: &mut String, form: &Form, field: &Field, offered: &Offered, value: &Json, wrong: Option<&str>) {
    let key = escaped(&offered.field);
    let required = if offered.required || field.required { " required" } else { "" };
    let star = if required.is_empty() { "" } else { " *" };
    let label = escaped(&form.label(field, offered));
    let told = wrong.map(|message| format!("<p class=\"wrong\" id=\"wrong-{key}\">{}</p>", escaped(message))).unwrap_or_default();
    let invalid = wrong.map(|_| format!(" aria-invalid=\"true\" aria-describedby=\"wrong-{key}\"")).unwrap_or_default();
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string)).unwrap_or_default();
    let simple = |kind: &str, more: &str| {
        format!(
            "<label>{label}{star}<input type=\"{kind}\" name=\"{key}\" value=\"{}\"{more}{required}{invalid}>{told}</label>",
            escaped(&text)
        )
    };
    let options = |chosen: &dyn Fn(&str) -> bool| -> Vec<(String, String, bool)> {
        let all = field.kind.options().unwrap_or(&[]).iter().filter(|option| option.active);
        all.map(|option| (option.key.clone(), Label::in_language(&option.label, &form.language).to_owned(), chosen(&option.key))).collect()
    };
    let html = match &field.kind {
        FieldType::LongText => {
            format!(
                "<label>{label}{star}<textarea name=\"{key}\" rows=\"5\"{required}{invalid}>{}</textarea>{told}</label>",
                escaped(&text)
            )
        }
        FieldType::Boolean => {
            let checked = if text == "true" || *value == Json::Bool(true) { " checked" } else { "" };
            format!(
                "<label class=\"one\"><input type=\"checkbox\" name=\"{key}\" value=\"true\"{checked}{required}{invalid}>{label}{star}</label>{told}"
            )
        }
        FieldType::Select { .. } => {
            let each = options(&|option| option == text).into_iter().map(|(option, name, chosen)| {
                format!("<option value=\"{}\"{}>{}</option>", escaped(&option), if chosen { " selected" } else { "" }, escaped(&name))
            });
            let each: String = each.collect();
            format!(
                "<label>{label}{star}<select name=\"{key}\"{required}{invalid}><option value=\"\"></option>{each}</select>{told}</label>"
            )
        }
        FieldType::MultiSelect { .. } => {
            let chosen = |option: &str| value.as_array().is_some_and(|keys| keys.iter().any(|key| key == option));
            let each: String = options(&chosen)
                .into_iter()
                .map(|(option, name, chosen)| {
                    let checked = if chosen { " checked" } else { "" };
                    format!(
                        "<label class=\"one\"><input type=\"checkbox\" name=\"{key}\" value=\"{}\"{checked}>{}</label>",
                        escaped(&option),
                        escaped(&name)
                    )
                })
                .collect();
            format!("<fieldset><legend>{label}{star}</legend>{each}{told}</fieldset>")
        }
        FieldType::Email => simple("email", " autocomplete=\"email\""),
        FieldType::Phone => simple("tel", " autocomplete=\"tel\""),
        FieldType::Url => simple("url", ""),
        FieldType::Date => simple("date", ""),
        FieldType::Number { .. } | FieldType::Percent { .. } | FieldType::Currency => simple("text", " inputmode=\"decimal\""),
        _ => simple(
            "text",
            match offered.field.as_str() {
                "name" => " autocomplete=\"name\"",
                "company" => " autocomplete=\"organization\"",
                _ => "",
            },
        ),
    };
    body.push_str(&html);
}

/// What a plain form has sent: several values of a field that has several, texts otherwise. Blank is nothing.
pub(super) fn fields_of(text: &Bytes, met: &Met) -> Map<String, Json> {
    let several = |key: &str| {
        let field = met.meta.schema.object("lead").and_then(|object| object.field(key));
        field.is_some_and(|field| matches!(field.kind, FieldType::MultiSelect { .. }))
    };
    let mut sent: Map<String, Json> = Map::new();
    for (key, value) in form_urlencoded::parse(text) {
        if several(&key) {
            let list = sent.entry(key.into_owned()).or_insert_with(|| Json::Array(Vec::new()));
            if let Json::Array(list) = list {
                list.push(value.into_owned().into());
            }
        } else if !value.is_empty() {
            sent.insert(key.into_owned(), value.into_owned().into());
        }
    }
    sent
}

fn signed(met: &Met, seconds: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &met.key);
    let tag = hmac::sign(&key, format!("{} {seconds}", met.form.public_key).as_bytes());
    tag.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn stamp(met: &Met) -> String {
    format!("{}.{}", met.now, signed(met, met.now))
}

/// Seconds since a page was made, if it was made here.
pub(super) fn age(met: &Met, stamp: &str) -> Option<i64> {
    let (seconds, tag) = stamp.split_once('.')?;
    let seconds: i64 = seconds.parse().ok()?;
    (signed(met, seconds) == tag).then_some(met.now - seconds)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
