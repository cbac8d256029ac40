//! What administrators are told of webhooks.

use db::Write;
use model::Instant;
use serde_json::{Value as Json, json};

use super::store::{Hook, paused};
use crate::notices::{self, Kind, Notice};
use crate::{Ctx, Result, identity};

/// It has been failing for some time: told once for as long as that goes on.
pub(super) fn failing(cx: &Ctx, tx: &mut Write, hook: &Hook, since: Instant) -> Result<()> {
    let text = json!({
        "en": "The receiver has not taken anything for a while. Nothing is lost: what happens waits for it.",
        "zh-CN": "接收方已有一段时间没有接收任何内容。没有丢失：所发生的事件会等待投递。",
    });
    tell(cx, tx, hook, &format!("failing:{}", since.0), &text)
}

/// Nothing is sent any more.
pub(super) fn stopped(cx: &Ctx, tx: &mut Write, hook: &Hook, why: &str) -> Result<()> {
    let text = match why {
        paused::FAILING => json!({
            "en": "It is paused, since the receiver has not answered for days. What happens waits for 30 days; resume it when the receiver is back.",
            "zh-CN": "接收方已多日没有应答，因此已暂停。事件最多保留 30 天；接收方恢复后请继续。",
        }),
        paused::GONE => json!({
            "en": "The receiver answered that it is gone for good (410), so nothing is sent to it any more.",
            "zh-CN": "接收方应答表示已永久停用（410），因此不再向其发送。",
        }),
        paused::EYES => json!({
            "en": "It is paused, since whoever saved it last has left. Resume it, and it sees what you see.",
            "zh-CN": "最后保存它的人员已离职，因此已暂停。继续后将以您的可见范围发送。",
        }),
        _ => json!({
            "en": "It is paused, since its condition cannot be judged any more. Mend the condition, then resume it.",
            "zh-CN": "其条件已无法判断，因此已暂停。请修正条件后继续。",
        }),
    };
    tell(cx, tx, hook, &format!("{why}:{}", cx.at.0), &text)
}

fn tell(cx: &Ctx, tx: &mut Write, hook: &Hook, key: &str, text: &Json) -> Result<()> {
    let params = json!({"name": hook.document.name, "text": text});
    let told = identity::administrators(cx, tx)?;
    let notice = |to| Notice::new(to, Kind::WebhookFailing).with(params.clone()).once(format!("webhook:{}:{key}", hook.id));
    notices::tell_all(cx, tx, told.into_iter().map(notice).collect())
}
