//! The whole API on one page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::app::App;
use crate::http::{
    accounts, activities, analysis, approval_flows, approvals, audit, bulk, calendars, charts, comments, deals, deputies, docs,
    duplicate_rules, duplicates, events, exports, files, forecast, health, holding, homes, import_templates, import_told, imports, jobs,
    lead_rules, leads, mail, me, merging, notices, objects, orders, organisation, past, people, pools, prices, printing, process_versions,
    processes, projection, provider, public_leads, quotes, records, records_acts as acts, roles, second_factor, security, seeing, session,
    sessions, sharing, stage_tasks, todo, views, web_forms, webhooks,
};
use crate::problem::Problem;
use crate::{assets, edge, guides, mcp, openapi};

/// Bytes of a body.
const BODY: usize = 1 << 20;
/// Bytes of a file that is to hang on a record, with its wrapping.
const ATTACHMENT: usize = (10 << 20) + (64 << 10);
/// Bytes of a letterhead with its logo, which is a third larger in base64.
const LETTERHEAD: usize = 2 << 20;

/// Every call. In several lists, so that none outgrows the stack of a thread.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::preface())
        .merge(screens_calls())
        .merge(records_calls())
        .merge(definitions_calls())
        .merge(rules_calls())
        .merge(messages_calls())
        .merge(analysis_calls())
        .merge(watching_calls())
        .routes(routes!(docs::description))
}

/// Signing in, and what screens are drawn from.
fn screens_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Signing in
        .routes(routes!(session::setup_state, session::set_up))
        .routes(routes!(session::log_in))
        .routes(routes!(session::second_factor))
        .routes(routes!(provider::begin))
        .routes(routes!(provider::callback))
        .routes(routes!(session::log_out))
        .routes(routes!(me::me, me::update_me))
        .routes(routes!(me::change_password))
        .routes(routes!(me::tokens, me::create_token))
        .routes(routes!(me::revoke_token))
        .routes(routes!(me::recent, me::look_at))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(second_factor::read, second_factor::begin))
        .routes(routes!(second_factor::confirm))
        .routes(routes!(second_factor::disable))
        .routes(routes!(second_factor::recovery_codes))
        .routes(routes!(me::set_password))
        .routes(routes!(people::departments))
        .routes(routes!(people::person))
        .routes(routes!(people::disable))
        .routes(routes!(people::enable))
        .routes(routes!(security::security))
        .routes(routes!(security::end_sessions))
        .routes(routes!(security::end_session))
        .routes(routes!(security::unlock))
        .routes(routes!(security::reset_second_factor))
        .routes(routes!(security::unlink))
        // What the screens are drawn from
        .routes(routes!(objects::list, objects::create))
        .routes(routes!(objects::one, objects::update))
        // Shaping them
        .routes(routes!(objects::definitions))
        .routes(routes!(objects::definition))
        .routes(routes!(objects::act))
        .routes(routes!(objects::add_field))
        .routes(routes!(objects::update_field))
        .routes(routes!(objects::act_on_field))
        .routes(routes!(objects::uses))
        .routes(routes!(objects::set_options))
        .routes(routes!(objects::try_formula))
        .routes(routes!(objects::functions))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one))
        .routes(routes!(jobs::retry))
        .routes(routes!(jobs::cancel))
}

/// Records.
fn records_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Records
        .routes(routes!(records::board))
        .routes(routes!(acts::move_stage))
        .routes(routes!(acts::reopen))
        .routes(routes!(acts::change_process))
        .routes(routes!(acts::other_processes))
        .routes(routes!(accounts::hierarchy))
        .routes(routes!(deals::decision_map))
        .routes(routes!(orders::of_deal))
        .routes(routes!(orders::of_quote))
        .routes(routes!(orders::set_status))
        .routes(routes!(acts::path))
        .routes(routes!(activities::complete))
        .routes(routes!(activities::reopen_task))
        .routes(routes!(activities::timeline))
        .routes(routes!(comments::list, comments::create))
        .routes(routes!(comments::edit, comments::remove))
        .routes(routes!(comments::mentionable))
        .routes(routes!(acts::stays))
        .routes(routes!(acts::slips))
        .routes(routes!(acts::explain))
        .routes(routes!(records::list, records::create))
        .routes(routes!(records::groups))
        .routes(routes!(exports::export))
        .routes(routes!(records::by_external))
        .routes(routes!(records::read, records::update))
        .routes(routes!(records::history))
        .routes(routes!(prices::put_lines))
        .routes(routes!(prices::offer))
        .routes(routes!(bulk::begin))
        .routes(routes!(bulk::one))
        .routes(routes!(bulk::undo))
        .routes(routes!(acts::change_owner))
        .routes(routes!(leads::assign))
        .routes(routes!(pools::claim))
        .routes(routes!(pools::give_back))
        .routes(routes!(pools::move_pool))
        .routes(routes!(leads::mark_invalid))
        .routes(routes!(leads::take_up))
        .routes(routes!(leads::offer))
        .routes(routes!(leads::convert))
        .routes(routes!(leads::mapping, leads::save_mapping))
        .routes(routes!(quotes::from_deal))
        .routes(routes!(quotes::version))
        .routes(routes!(quotes::turn))
        .routes(routes!(lead_rules::list, lead_rules::create))
        .routes(routes!(lead_rules::order))
        .routes(routes!(lead_rules::trial))
        .routes(routes!(lead_rules::one, lead_rules::replace, lead_rules::remove))
        .routes(routes!(duplicate_rules::list, duplicate_rules::create))
        .routes(routes!(duplicates::preview))
        .routes(routes!(duplicates::check))
        .routes(routes!(duplicates::search))
        .routes(routes!(duplicates::of_record))
        .routes(routes!(duplicates::join))
        .routes(routes!(duplicates::requests))
        .routes(routes!(duplicates::accept))
        .routes(routes!(duplicates::decline))
        .routes(routes!(duplicates::withdraw))
        .routes(routes!(duplicate_rules::one, duplicate_rules::replace, duplicate_rules::remove))
        .routes(routes!(web_forms::list, web_forms::create))
        .routes(routes!(web_forms::one, web_forms::replace, web_forms::remove))
        .routes(routes!(web_forms::snippet))
        .routes(routes!(public_leads::show, public_leads::ask, public_leads::send))
        .routes(routes!(stage_tasks::list))
        .routes(routes!(stage_tasks::one))
        .routes(routes!(stage_tasks::choices))
        .routes(routes!(stage_tasks::complete))
        .routes(routes!(stage_tasks::reopen))
        .routes(routes!(stage_tasks::reassign))
        .routes(routes!(approvals::list))
        .routes(routes!(approvals::act_many))
        .routes(routes!(approvals::one))
        .routes(routes!(approvals::act))
        .routes(routes!(approvals::of_record))
        .routes(routes!(printing::record))
        .routes(routes!(acts::void))
        .routes(routes!(acts::submit))
        .routes(routes!(acts::restore))
        .routes(routes!(acts::delete))
        .routes(routes!(acts::clone))
        .routes(routes!(merging::merge))
        .routes(routes!(merging::of_record))
        .routes(routes!(merging::one))
        .routes(routes!(merging::undo))
        .routes(routes!(merging::scan))
        .routes(routes!(merging::groups))
        .routes(routes!(merging::dismiss))
        .routes(routes!(merging::reopen))
        .routes(routes!(acts::lock))
        .routes(routes!(acts::unlock))
        .routes(routes!(acts::team, acts::set_team))
        .routes(routes!(records::search))
        .routes(routes!(views::list, views::create))
        .routes(routes!(views::one, views::replace, views::remove))
        .routes(routes!(files::keep).map(|keep| keep.layer(DefaultBodyLimit::max(ATTACHMENT))))
        .routes(routes!(files::read))
}

/// What administrators define.
fn definitions_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Definitions
        .routes(routes!(processes::list, processes::create))
        .routes(routes!(processes::one, processes::replace, process_versions::remove))
        .routes(routes!(process_versions::begin))
        .routes(routes!(process_versions::order))
        .routes(routes!(process_versions::draft, process_versions::save_draft, process_versions::discard_draft))
        .routes(routes!(process_versions::publish))
        .routes(routes!(process_versions::versions))
        .routes(routes!(process_versions::version))
        .routes(routes!(process_versions::revert))
        .routes(routes!(process_versions::activate))
        .routes(routes!(process_versions::deactivate))
        .routes(routes!(processes::try_out))
        .routes(routes!(processes::try_out_export))
        .routes(routes!(organisation::read, organisation::update))
        .routes(routes!(organisation::rates, organisation::add_rate))
        .routes(routes!(organisation::add_rates))
        .routes(routes!(organisation::remove_rate))
        .routes(routes!(printing::letterhead, printing::save_letterhead).map(|both| both.layer(DefaultBodyLimit::max(LETTERHEAD))))
        .routes(routes!(printing::sample).map(|sample| sample.layer(DefaultBodyLimit::max(LETTERHEAD))))
        // When people work
        .routes(routes!(calendars::list, calendars::create))
        .routes(routes!(calendars::days))
        .routes(routes!(calendars::holding))
        .routes(routes!(calendars::one, calendars::replace, calendars::remove))
        .routes(routes!(calendars::reckon))
        // Who may do what
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::acts))
        .routes(routes!(roles::one, roles::replace, roles::remove))
        .routes(routes!(seeing::everyone))
        .routes(routes!(seeing::one))
        .routes(routes!(seeing::person))
        .routes(routes!(seeing::seen_by))
        .routes(routes!(sharing::list, sharing::create))
        .routes(routes!(sharing::preview))
        .routes(routes!(sharing::one, sharing::replace, sharing::remove))
        .routes(routes!(pools::list, pools::create))
        .routes(routes!(pools::one, pools::replace, pools::remove))
        .routes(routes!(pools::log))
}

/// Who must agree, who may have how much, and who is told.
fn rules_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Who must agree before something is done
        .routes(routes!(approval_flows::list, approval_flows::create))
        .routes(routes!(approval_flows::order))
        .routes(routes!(approval_flows::check))
        .routes(routes!(approval_flows::simulate))
        .routes(routes!(approval_flows::one, approval_flows::replace, approval_flows::remove))
        .routes(routes!(approval_flows::versions))
        // Who may have how much
        .routes(routes!(holding::definition, holding::define))
        .routes(routes!(holding::preview_definition))
        .routes(routes!(holding::list, holding::create))
        .routes(routes!(holding::variables))
        .routes(routes!(holding::preview))
        .routes(routes!(holding::one, holding::replace, holding::remove))
        .routes(routes!(holding::usage))
        .routes(routes!(holding::me))
        .routes(routes!(holding::team))
        .routes(routes!(holding::person))
        .routes(routes!(holding::check))
        .routes(routes!(holding::waits, holding::wait))
        .routes(routes!(holding::leave))
        // What is told to programs elsewhere
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::delivery))
        .routes(routes!(webhooks::replay))
        .routes(routes!(webhooks::one, webhooks::replace, webhooks::remove))
        .routes(routes!(webhooks::roll))
        .routes(routes!(webhooks::resume))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::replay_span))
        // What was changed, done and refused
        .routes(routes!(audit::log))
        .routes(routes!(audit::export))
        .routes(routes!(security::settings, security::update_settings))
        .routes(routes!(provider::try_out))
}

/// What comes in and goes out.
fn messages_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // Imports, live changes
        .routes(routes!(imports::files))
        // How large one may be is said by the settings.
        .routes(routes!(imports::send).map(|send| send.layer(DefaultBodyLimit::disable())))
        .routes(routes!(imports::file, imports::correct, imports::let_go))
        .routes(routes!(imports::propose))
        .routes(routes!(imports::propose_plan))
        .routes(routes!(import_templates::list, import_templates::create))
        .routes(routes!(import_templates::one, import_templates::replace, import_templates::remove))
        .routes(routes!(imports::list))
        .routes(routes!(imports::import).map(|import| import.layer(DefaultBodyLimit::disable())))
        .routes(routes!(imports::one))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::resume))
        .routes(routes!(imports::undo))
        .routes(routes!(import_told::problems))
        .routes(routes!(import_told::rows))
        .routes(routes!(import_told::values))
        .routes(routes!(import_told::advice))
        .routes(routes!(imports::problems))
        .routes(routes!(imports::failed))
        .routes(routes!(imports::result))
        .routes(routes!(events::events))
        // E-mail
        .routes(routes!(mail::settings, mail::update))
        .routes(routes!(mail::test))
        .routes(routes!(mail::list))
        .routes(routes!(mail::retry))
        // What one is told
        .routes(routes!(notices::list))
        .routes(routes!(notices::read))
        .routes(routes!(notices::unread))
        .routes(routes!(notices::preferences, notices::choose))
        .routes(routes!(deputies::deputy, deputies::name))
        .routes(routes!(deputies::standing_in))
        .routes(routes!(todo::list))
}

/// What managers look at.
fn analysis_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(analysis::stage_conversion))
        .routes(routes!(analysis::stage_conversion_deals))
        .routes(routes!(analysis::figures))
        .routes(routes!(analysis::records))
        .routes(routes!(analysis::win_loss))
        .routes(routes!(analysis::ageing))
        .routes(routes!(analysis::leaderboard))
        .routes(routes!(analysis::activity))
        .routes(routes!(charts::list, charts::create))
        .routes(routes!(charts::one, charts::replace, charts::remove))
        // With what one begins
        .routes(routes!(homes::mine, homes::save, homes::reset))
        .routes(routes!(homes::gallery))
        .routes(routes!(homes::first_steps, homes::dismiss_first_steps))
        .routes(routes!(homes::of_role, homes::save_role, homes::reset_role))
        .routes(routes!(forecast::pipeline))
        .routes(routes!(forecast::pipeline_deals))
        .routes(routes!(past::as_of))
        .routes(routes!(past::as_of_deals))
        .routes(routes!(past::waterfall))
        .routes(routes!(past::waterfall_deals))
        .routes(routes!(forecast::forecast))
        .routes(routes!(forecast::forecast_deals))
        .routes(routes!(forecast::forecast_history))
        .routes(routes!(forecast::submit))
        .routes(routes!(forecast::adjust))
        .routes(routes!(forecast::withdraw))
        .routes(routes!(forecast::targets, forecast::set_targets))
        .routes(routes!(projection::projection))
        .routes(routes!(projection::projection_deals))
        .routes(routes!(projection::projection_back_test))
}

/// For those who watch over the installation.
fn watching_calls() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health::system))
}

/// The routes' part of the description.
pub fn described() -> OpenApi {
    api().into_openapi()
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    let (api, _) = api().split_for_parts();
    let unknown = || async { Problem::not_found() };
    let api = api.layer(DefaultBodyLimit::max(BODY)).fallback(unknown);
    // Assistants ask the very same calls, inside.
    let inside = api.clone().with_state(app.clone());
    Router::new()
        .nest("/api/v1", api)
        .merge(mcp::routes(app.clone(), inside))
        .route("/api/docs", get(docs::page))
        .route("/api/openapi.json", get(docs::fixed))
        .route("/docs", get(guides::index))
        .route("/docs/{*path}", get(guides::page))
        .route("/api", get(unknown))
        .route("/api/{*path}", get(unknown).fallback(unknown))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(assets::serve)
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_| {
            use axum::response::IntoResponse;
            tracing::error!("a handler panicked");
            Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "server.internal").into_response()
        }))
        .layer(from_fn_with_state(app.clone(), edge::outer))
        .with_state(app)
}
