//! The API's description, OpenAPI 3.1.
//!
//! The paths come from the handlers, the shapes from [`schemas`], the fields of objects from their definitions: the committed file
//! has the preset ones, the one that an installation serves its own as well, as far as one may know of them.

mod fields;
mod page;
mod refusals;
pub mod schemas;

use model::Object;
use serde_json::{Map, Value as Json, json};
use stagecraft_core::Ctx;
use utoipa::OpenApi;

use crate::router;

pub use page::{STYLE, page};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stagecraft",
        version = "1",
        description = "Everything that the screens do. Conventions, among them errors, paging, versions and retries, are in docs/api-design.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    components(schemas(
        schemas::Hint, schemas::Gone, schemas::MetaNews, schemas::NoticeNews, schemas::ImportOptions, schemas::Condition, schemas::Regarding
    )),
    tags(
        (name = "Signing in"),
        (name = "Me", description = "The signed-in person."),
        (name = "People"),
        (name = "Objects", description = "What the screens are drawn from."),
        (name = "Records"),
        (name = "Opportunities", description = "What only opportunities have: stages."),
        (name = "Accounts", description = "What only accounts have: those above and below."),
        (name = "Orders", description = "What customers have ordered."),
        (name = "Prices", description = "What things cost, and grids of lines."),
        (name = "Leads", description = "What only leads have."),
        (name = "Quotes", description = "What is offered to a customer in a deal."),
        (name = "Duplicates", description = "Records that there are already: rules, what they find, asking to join."),
        (name = "Timeline", description = "What happened about a record, and what people say of it."),
        (name = "Tasks", description = "What is to be done, and was."),
        (name = "Approvals", description = "Who must agree before something is done."),
        (name = "Views", description = "Saved lists."),
        (name = "Definitions"),
        (name = "Calendars", description = "When people work."),
        (name = "Roles", description = "What people may do."),
        (name = "Sharing", description = "What is given to whom because of what it is."),
        (name = "Pools", description = "Where records lie that nobody has."),
        (name = "Holding", description = "Who may have how much."),
        (name = "Analysis", description = "How deals go through their stages, and what comes of them."),
        (name = "Forecast", description = "What periods are expected to bring, what people say of it, and what is to be reached."),
        (name = "Home", description = "The page with which one begins."),
        (name = "Notices", description = "What one is told, and how."),
        (name = "E-mail", description = "How it leaves the house, and what is on its way."),
        (name = "Webhooks", description = "What programs elsewhere are told."),
        (name = "Jobs", description = "Work that goes on after the answer."),
        (name = "Imports"),
        (name = "Audit", description = "What was changed, done and refused."),
        (name = "System", description = "Whether the installation is well."),
        (name = "Live"),
        (name = "About")
    )
)]
struct Preface;

/// What stands before the paths.
pub fn preface() -> utoipa::openapi::OpenApi {
    Preface::openapi()
}

/// The fixed API with the preset objects: the committed file.
pub fn fixed() -> Json {
    let preset = model::objects::preset();
    document(preset.iter())
}

/// The API of one installation, as the caller may know it.
pub fn of_installation(cx: &Ctx) -> Json {
    let seen = cx.seen_schema();
    document(
        cx.meta
            .order
            .iter()
            .filter_map(|key| seen.object(key).map(AsRef::as_ref))
            .filter(|object| cx.who.rights.may(model::role::Act::Read, &object.key)),
    )
}

/// The fixed API as a text, as it is committed.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&fixed()).unwrap_or_default();
    text.push('\n');
    text
}

fn document<'a>(objects: impl Iterator<Item = &'a Object>) -> Json {
    let mut document = serde_json::to_value(router::described()).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": "A personal access token, made under Me or by `stagecraft token create`."},
        "session": {"type": "apiKey", "in": "cookie", "name": "stagecraft_session", "description": "Set by signing in. Writes carry X-CSRF-Token besides."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "`csrf_token` of GET /me, with every write of a session."},
    });
    document["security"] = json!([{"token": []}, {"session": [], "csrf": []}]);
    document["components"]["responses"] = refusals::described();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, methods) in paths.iter_mut() {
            for (method, operation) in methods.as_object_mut().into_iter().flatten() {
                operation["operationId"] = name(method, path).into();
                finish(method, operation);
            }
        }
    }
    if let Some(components) = document["components"]["schemas"].as_object_mut() {
        let named: Vec<String> = objects.map(|object| insert_object(components, object)).collect();
        let all: Vec<Json> = named.iter().map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).collect();
        components.insert("FieldsOfAnyObject".to_owned(), json!({"description": "The fields of a record, by its object.", "anyOf": all}));
    }
    document
}

/// Whatever a call may be refused with stands with every call, in one wording.
fn finish(method: &str, operation: &mut Json) {
    let has_body = !operation["requestBody"].is_null();
    let takes = |name: &str| operation["parameters"].as_array().is_some_and(|parameters| parameters.iter().any(|one| one["name"] == name));
    let (chosen, tried) = (takes("format"), takes("dry_run"));
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for response in responses.values_mut().filter(|response| response["description"] == "") {
        response["description"] = "Done.".into();
    }
    // What is only tried makes nothing.
    if tried && let Some(made) = responses.get("201").cloned() {
        responses.entry("200").or_insert(made);
    }
    // Where one chooses the `format`, the answer is a file of that kind.
    if let Some(content) = responses.get_mut("200").filter(|_| chosen).and_then(|response| response["content"].as_object_mut()) {
        for kind in ["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] {
            content.entry(kind).or_insert(json!({"schema": {"type": "string"}}));
        }
    }
    responses.extend(refusals::of(method, has_body));
}

/// `get` of `/records/{object}/{id}/team` is `getRecordsObjectIdTeam`.
fn name(method: &str, path: &str) -> String {
    let words = path.split(['/', '-', '_', '.', '{', '}']).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |name, word| name + capital(word).as_str())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The fields of an object as a schema; gives its name, as `OpportunityFields`.
fn insert_object(components: &mut Map<String, Json>, object: &Object) -> String {
    let name = object.key.split('_').map(capital).collect::<String>() + "Fields";
    components.insert(name.clone(), fields::of(object));
    name
}
