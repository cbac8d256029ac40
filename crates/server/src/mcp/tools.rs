//! The tools: which call of the API each is, and what an assistant is told of it.

use serde_json::{Map, Value as Json, json};

use super::asking::Asking;
use super::schema;
use crate::messages::Language;

/// A tool.
pub struct Tool {
    pub name: &'static str,
    /// As people see it, in English and Chinese.
    title: [&'static str; 2],
    /// What the assistant is told.
    about: &'static str,
    pub effect: Effect,
    pub does: Does,
}

/// What a tool leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Nothing,
    /// Something new; what is there stays as it is.
    Adds,
    /// It changes or takes away what is there.
    Changes,
}

/// How a tool does what it does.
pub enum Does {
    Call(Call),
    WhoAmI,
    ListObjects,
    DescribeObject,
    GetRecord,
    LogActivity,
}

/// A call of the API.
pub struct Call {
    pub method: &'static str,
    pub path: &'static str,
    /// Where what it is about is read, with its version; empty where there is none.
    pub before: &'static str,
    /// What of the call is none of an assistant's business.
    pub left_out: &'static [&'static str],
    /// It may go on over records that are alike.
    pub may_be_alike: bool,
}

/// A tool that is one call.
const fn calls(
    name: &'static str,
    title: [&'static str; 2],
    effect: Effect,
    (method, path, before): (&'static str, &'static str, &'static str),
    left_out: &'static [&'static str],
    about: &'static str,
) -> Tool {
    Tool { name, title, about, effect, does: Does::Call(Call { method, path, before, left_out, may_be_alike: false }) }
}

/// One that reads.
const fn reads(
    name: &'static str,
    title: [&'static str; 2],
    path: &'static str,
    left_out: &'static [&'static str],
    about: &'static str,
) -> Tool {
    calls(name, title, Effect::Nothing, ("get", path, ""), left_out, about)
}

const fn looks(name: &'static str, title: [&'static str; 2], does: Does, about: &'static str) -> Tool {
    Tool { name, title, about, effect: Effect::Nothing, does }
}

const RECORD: &str = "/records/{object}/{id}";
const DEAL: &str = "/records/opportunity/{id}";
const LEAD: &str = "/records/lead/{id}";
const QUOTE: &str = "/records/quote/{id}";

/// All of them, those that only look first.
pub static TOOLS: &[Tool] = &[
    looks(
        "who_am_i",
        ["Who am I", "我是谁"],
        Does::WhoAmI,
        "The person you act for: name, id, language, time zone, roles, and what he may do with each object.",
    ),
    looks(
        "list_objects",
        ["List kinds of records", "列出对象"],
        Does::ListObjects,
        "The kinds of records there are, the organisation's own included: key, name, and what may be done with each.",
    ),
    looks(
        "describe_object",
        ["Describe a kind of record", "说明对象"],
        Does::DescribeObject,
        "The fields of a kind of record (key, name, type, options, whether it is required or may be written) and, of opportunities, the sales processes with their stages. Look here before you write fields or conditions.",
    ),
    reads(
        "search",
        ["Search", "搜索"],
        "/search",
        &[],
        "Find records of any kind by words: the beginning of words of a name, number, phone or e-mail. The quickest way from a name to an id.",
    ),
    reads(
        "list_records",
        ["List records", "列出记录"],
        "/records/{object}",
        &["voided"],
        "A page of records of one kind, by a condition, words or a saved view; 20 unless limit says otherwise, at most 50. Go on with next_cursor as cursor. Name only the fields that you need in fields.",
    ),
    reads(
        "count_records",
        ["Count records", "统计记录"],
        "/records/{object}/groups",
        &[],
        "How many records there are by the values of one field, and sums over them: over all that match, so do not page through lists to count.",
    ),
    looks(
        "get_record",
        ["Read a record", "查看记录"],
        Does::GetRecord,
        "One record with all that may be known of it. `with` adds more: path (stages of an opportunity and what each asks for), timeline, history, comments, team, tasks (of stages), approvals, duplicates, conversion (what a lead would become).",
    ),
    reads(
        "my_to_do",
        ["My to-do", "我的待办"],
        "/todo",
        &[],
        "What waits for the person: tasks, next steps, leads, overdue deals, stage tasks, approvals. The first due first.",
    ),
    reads(
        "list_approvals",
        ["List approvals", "列出审批"],
        "/approvals",
        &[],
        "Approvals that wait for the person (to_do), that he has answered (done) or asked for (mine).",
    ),
    reads(
        "get_approval",
        ["Read an approval", "查看审批"],
        "/approvals/{id}",
        &[],
        "What is asked for beside what stands there, where the approval stands, who has said what, and what the person may do (can).",
    ),
    calls(
        "check_duplicates",
        ["Look for duplicates", "查重"],
        Effect::Nothing,
        ("post", "/duplicates/check", ""),
        &[],
        "Records that are like the fields given, before one is made. Nothing is stored.",
    ),
    calls(
        "check_holdings",
        ["Check holding limits", "检查持有上限"],
        Effect::Nothing,
        ("post", "/holdings/check", ""),
        &[],
        "Whether somebody has room for more records under the holding rules: for records that are there, or for one that might be (fields). Nothing is stored.",
    ),
    reads(
        "my_holdings",
        ["My holdings", "我的持有"],
        "/holdings/me",
        &[],
        "How many records the person holds under each holding rule, and how many more he may.",
    ),
    reads(
        "pipeline_figures",
        ["Pipeline", "商机管道"],
        "/analysis/pipeline",
        &[],
        "Open deals by stage, owner, product …: count, amount, weighted amount, age; in the main currency.",
    ),
    reads(
        "stage_conversion",
        ["Stage conversion", "阶段转化"],
        "/analysis/stage-conversion",
        &[],
        "How deals get through the stages of a process: how many came, went on, were lost, and how long it took.",
    ),
    reads(
        "win_loss",
        ["Won and lost", "赢单与输单"],
        "/analysis/win-loss",
        &[],
        "Closed deals, won and lost, by reason, competitor, source, product, owner …",
    ),
    reads(
        "forecast",
        ["Forecast", "销售预测"],
        "/analysis/forecast",
        &[],
        "What a period is expected to bring, by person and category, beside targets.",
    ),
    reads("list_prices", ["Prices", "价格"], "/prices", &[], "What products cost in an opportunity, quote or order, by its price book."),
    calls(
        "create_record",
        ["Create a record", "新建记录"],
        Effect::Adds,
        ("post", "/records/{object}", ""),
        &["skip_approval"],
        "Make a record. Fields by their keys, as describe_object tells them; what is alike is told before anything is saved.",
    )
    .over_alike(),
    calls(
        "update_record",
        ["Change a record", "修改记录"],
        Effect::Changes,
        ("patch", RECORD, RECORD),
        &["skip_approval"],
        "Change fields of a record: only those given; null empties one. To move an opportunity use move_stage.",
    )
    .over_alike(),
    calls(
        "move_stage",
        ["Move an opportunity", "推进商机"],
        Effect::Changes,
        ("post", "/records/opportunity/{id}/move", DEAL),
        &["skip_approval", "bypass"],
        "Move an opportunity to another stage. When something stands in the way, all of it is told: give missing fields in `fields`, missing records in `create`, a reason in `reason`, or do the tasks first.",
    )
    .over_alike(),
    calls(
        "reopen_opportunity",
        ["Reopen an opportunity", "重新打开商机"],
        Effect::Changes,
        ("post", "/records/opportunity/{id}/reopen", DEAL),
        &["bypass"],
        "Take a closed opportunity up again, where it was closed or in the stage named.",
    )
    .over_alike(),
    calls(
        "add_comment",
        ["Add a comment", "添加评论"],
        Effect::Adds,
        ("post", "/records/{object}/{id}/comments", ""),
        &[],
        "Write to colleagues about a record. @[Name](employee:ID) mentions and tells a person.",
    ),
    Tool {
        name: "log_activity",
        title: ["Log an activity", "记录跟进"],
        about: "Note what was done about a record: a call, a visit, an e-mail, a note.",
        effect: Effect::Adds,
        does: Does::LogActivity,
    },
    calls(
        "complete_task",
        ["Complete a task", "完成任务"],
        Effect::Changes,
        ("post", "/records/task/{id}/complete", "/records/task/{id}"),
        &["skip_approval"],
        "Say that a task (a record of the object task) is done.",
    ),
    calls(
        "complete_stage_task",
        ["Complete a stage task", "完成阶段任务"],
        Effect::Changes,
        ("post", "/stage-tasks/{id}/complete", "/stage-tasks/{id}"),
        &[],
        "Do a task that a stage asks for (get_record with tasks, or my_to_do, give its id): with the fields, records or rows that it wants.",
    )
    .over_alike(),
    calls(
        "claim_record",
        ["Claim a record", "领取记录"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/claim", RECORD),
        &[],
        "Take a record out of a pool; it is then the person's own.",
    ),
    calls(
        "return_record",
        ["Return a record", "退回记录"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/return", RECORD),
        &[],
        "Give a record back into a pool, with a reason.",
    ),
    calls(
        "assign_record",
        ["Assign a record", "分配记录"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/assign", RECORD),
        &[],
        "Give a record that has no owner to somebody.",
    ),
    calls(
        "change_owner",
        ["Change the owner", "变更负责人"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/change-owner", RECORD),
        &["skip_approval"],
        "Hand a record over to somebody else.",
    ),
    calls(
        "convert_lead",
        ["Convert a lead", "转换线索"],
        Effect::Changes,
        ("post", "/records/lead/{id}/convert", LEAD),
        &["skip_approval"],
        "Make of a lead an account, a contact and an opportunity: each with the id of one that there is, or with fields for a new one. get_record with conversion tells the fields that each would begin with, and which accounts and contacts may be meant.",
    )
    .over_alike(),
    calls(
        "mark_lead_invalid",
        ["Mark a lead as invalid", "标记线索无效"],
        Effect::Changes,
        ("post", "/records/lead/{id}/mark-invalid", LEAD),
        &[],
        "Say that nothing will come of a lead.",
    ),
    calls(
        "submit_record",
        ["Submit again", "重新提交"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/submit", RECORD),
        &["skip_approval"],
        "Submit for approval again what was set aside, or what was agreed to and could not be done.",
    ),
    calls(
        "act_on_approval",
        ["Act on an approval", "处理审批"],
        Effect::Changes,
        ("post", "/approvals/{id}/act", "/approvals/{id}"),
        &["node", "approve", "task"],
        "Answer an approval: agree, reject (with a comment), comment, reassign (to), add_signer (person, place), withdraw, retrieve, urge, resubmit. get_approval tells which are open (can). Decide only what the person has decided.",
    ),
    calls(
        "make_quote",
        ["Make a quote", "生成报价"],
        Effect::Adds,
        ("post", "/records/opportunity/{id}/quotes", DEAL),
        &[],
        "Make a quote of an opportunity, with its lines.",
    ),
    calls(
        "new_quote_version",
        ["New version of a quote", "新建报价版本"],
        Effect::Changes,
        ("post", "/records/quote/{id}/version", QUOTE),
        &[],
        "Make another version of a quote, which takes its place.",
    ),
    calls(
        "set_quote_status",
        ["Send or answer a quote", "更新报价状态"],
        Effect::Changes,
        ("post", "/records/quote/{id}/status", QUOTE),
        &["skip_approval"],
        "Say that a quote was sent, accepted or rejected (with a reason). An acceptance carries its lines and amount into the opportunity.",
    ),
    calls(
        "save_lines",
        ["Save lines", "保存明细"],
        Effect::Changes,
        ("put", "/records/{object}/{id}/lines", RECORD),
        &[],
        "Change the lines of an opportunity, a quote or an order in one go: rows without an id are new, rows with one are changed, removed go to the recycle bin.",
    ),
    calls(
        "make_order",
        ["Make an order", "生成订单"],
        Effect::Adds,
        ("post", "/records/opportunity/{id}/orders", DEAL),
        &["skip_approval"],
        "Make a sales order of a won opportunity, from its accepted quote where there is one.",
    ),
    calls(
        "set_order_status",
        ["Confirm or cancel an order", "更新订单状态"],
        Effect::Changes,
        ("post", "/records/sales_order/{id}/status", "/records/sales_order/{id}"),
        &["skip_approval"],
        "Confirm an order, or cancel it with a reason.",
    ),
    calls(
        "void_record",
        ["Move to the recycle bin", "移入回收站"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/void", RECORD),
        &["skip_approval"],
        "Put a record into the recycle bin: out of every list and count, and read-only.",
    ),
    calls(
        "restore_record",
        ["Restore from the recycle bin", "从回收站恢复"],
        Effect::Changes,
        ("post", "/records/{object}/{id}/restore", RECORD),
        &["skip_approval"],
        "Take a record out of the recycle bin.",
    ),
];

/// What an assistant is told of every tool that changes something.
const PLANNED: &str = " Without `plan` it is only tried: the answer says what would change and gives the plan to call again with.";

/// The tool of a name.
pub fn named(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The tools as the asker has them: whose token may change nothing is shown none that do.
pub fn described(asking: &Asking) -> Vec<Json> {
    TOOLS.iter().filter(|tool| asking.who.writes || tool.effect == Effect::Nothing).map(|tool| tool.described(asking)).collect()
}

impl Tool {
    /// It may go on over records that are alike.
    const fn over_alike(mut self) -> Tool {
        if let Does::Call(call) = &mut self.does {
            call.may_be_alike = true;
        }
        self
    }

    /// True for one that leaves something behind.
    pub fn is_writing(&self) -> bool {
        self.effect != Effect::Nothing
    }

    fn described(&self, asking: &Asking) -> Json {
        let title = self.title[usize::from(asking.language() == Language::Chinese)];
        let planned = if self.is_writing() { PLANNED } else { "" };
        json!({
            "name": self.name,
            "title": title,
            "description": format!("{}{planned}", self.about),
            "inputSchema": self.inputs(&asking.who.objects),
            "annotations": {
                "title": title,
                "readOnlyHint": !self.is_writing(),
                "destructiveHint": self.effect == Effect::Changes,
                // What was planned is done once, however often it is asked for.
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    }

    /// The schema of its arguments, with the objects that there are for the asker.
    pub fn inputs(&self, objects: &[String]) -> Json {
        let (mut properties, mut required) = match &self.does {
            Does::Call(call) => schema::of(call),
            Does::WhoAmI | Does::ListObjects => (Map::new(), Vec::new()),
            Does::DescribeObject => {
                (fields(json!({"object": {"type": "string", "description": schema::OBJECT}})), vec!["object".to_owned()])
            }
            Does::GetRecord => (
                fields(json!({
                    "object": {"type": "string", "description": schema::OBJECT},
                    "id": {"type": "string", "description": "Its id, or its id in another system when `source` is given."},
                    "source": {"type": "string", "description": "The other system by whose id it is looked up."},
                    "with": {"type": "array", "items": {"type": "string", "enum": super::reading::PARTS}, "description": "What to tell besides."},
                })),
                vec!["object".to_owned(), "id".to_owned()],
            ),
            Does::LogActivity => (
                fields(json!({
                    "object": {"type": "string", "description": "The kind of the record that it was about."},
                    "id": {"type": "string", "description": "The record that it was about."},
                    "subject": {"type": "string", "description": "What it was, in a line."},
                    "type": {"type": "string", "description": "Its type: call, visit, email, note, or another option of the field activity_type; note when absent."},
                    "text": {"type": "string", "description": "What happened."},
                    "happened_at": {"type": "string", "description": "When, RFC 3339; now when absent."},
                    "fields": {"type": "object", "description": "Other fields of the activity by their keys: contact, outcome, next_step, next_step_at …"},
                })),
                vec!["object".to_owned(), "id".to_owned(), "subject".to_owned()],
            ),
        };
        if let Some(object) = properties.get_mut("object") {
            object["enum"] = json!(objects);
        }
        if self.is_writing() {
            properties.insert("plan".to_owned(), json!({"type": "string", "description": "The plan that this very call was answered with: it is then done. Without it, it is only tried."}));
        }
        required.sort();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

fn fields(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
