//! A plain page that lists every call: it works without the network and without scripts.

use std::fmt::Write;

use serde_json::Value as Json;

/// Its sheet of styles.
pub const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1d24;background:#fff}\
code{font:14px ui-monospace,monospace}h2{margin-top:2.5rem}details{border-top:1px solid #ddd;padding:.6rem 0}\
summary{cursor:pointer}summary b{display:inline-block;min-width:4.5rem;text-transform:uppercase;color:#1f6feb}p{white-space:pre-line}\
table{border-collapse:collapse}td{padding:.15rem 1rem .15rem 0;vertical-align:top}a{color:#1f6feb}\
@media(prefers-color-scheme:dark){body{color:#e6e8ee;background:#14171d}details{border-color:#333}summary b,a{color:#7ab0ff}}";

/// The page.
pub fn page() -> String {
    let document = super::fixed();
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Stagecraft API</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Stagecraft API</h1>\n<p>{}</p>\n\
         <p>Every address begins with <code>/api/v1</code>. The whole description: <a href=\"/api/openapi.json\">openapi.json</a> \
         (with your own objects, once signed in: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>). Examples that run are in the \
         <a href=\"/docs/api-guide\">API guide</a>, conventions and errors in <a href=\"/docs/api-design\">the API's conventions</a>.</p>\n",
        escape(document["info"]["description"].as_str().unwrap_or(""))
    );
    html.push_str("<h2>Refusals</h2>\n<table>\n");
    for (status, _, says) in super::refusals::all() {
        let _ = writeln!(html, "<tr><td>{status}</td><td>{}</td></tr>", escape(says));
    }
    html.push_str("</table>\n");
    for tag in document["tags"].as_array().into_iter().flatten() {
        let name = tag["name"].as_str().unwrap_or("");
        let _ = write!(html, "<h2>{}</h2>\n<p>{}</p>\n", escape(name), escape(tag["description"].as_str().unwrap_or("")));
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == name)) {
                    html.push_str(&call(method, path, operation));
                }
            }
        }
    }
    html.push_str("</body>\n</html>\n");
    html
}

fn call(method: &str, path: &str, operation: &Json) -> String {
    let text = |key: &str| escape(operation[key].as_str().unwrap_or(""));
    let mut html = format!(
        "<details id=\"{}\"><summary><b>{method}</b> <code>{}</code> {}</summary>\n<p>{}</p>\n<table>\n",
        text("operationId"),
        escape(path),
        text("summary"),
        text("description")
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (parameter["name"].as_str().unwrap_or(""), parameter["in"].as_str().unwrap_or(""));
        let says = parameter["description"].as_str().unwrap_or("");
        let _ = writeln!(html, "<tr><td><code>{}</code></td><td>{place}</td><td>{}</td></tr>", escape(name), escape(says));
    }
    for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
        let _ = writeln!(html, "<tr><td>body</td><td>{}</td><td><code>{}</code></td></tr>", escape(kind), shape(&content["schema"]));
    }
    // Refusals are the same everywhere, and said once above.
    let own = operation["responses"].as_object().into_iter().flatten().filter(|(_, response)| response["$ref"].is_null());
    for (status, response) in own {
        let schema = response["content"].as_object().and_then(|content| content.values().next()).map(|content| shape(&content["schema"]));
        let _ = writeln!(html, "<tr><td>{status}</td><td></td><td><code>{}</code></td></tr>", schema.unwrap_or_default());
    }
    html.push_str("</table></details>\n");
    html
}

fn shape(schema: &Json) -> String {
    schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).map_or_else(String::new, escape)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
