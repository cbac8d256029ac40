//! What stands in e-mails besides the notices that they tell.

use super::Language;

/// Words around what is told.
pub struct MailWords {
    pub greeting: &'static str,
    pub digest_subject: &'static str,
    /// A title told to a deputy.
    pub on_behalf_of: &'static str,
    /// Of what is not told one by one.
    pub more: &'static str,
    pub why: &'static str,
    /// The link to where one chooses.
    pub choose: &'static str,
    pub test_subject: &'static str,
    pub test_text: &'static str,
}

/// In a language.
pub fn mail_words(language: Language) -> MailWords {
    match language {
        Language::English => MailWords {
            greeting: "Hello {name},",
            digest_subject: "Unread for you: {count}",
            on_behalf_of: "For {name}: {title}",
            more: "And {count} more.",
            why: "You get this e-mail because of how you wish to be told of things in Stagecraft.",
            choose: "Change that",
            test_subject: "A test from Stagecraft",
            test_text: "E-mail from Stagecraft arrives.",
        },
        Language::Chinese => MailWords {
            greeting: "{name}，您好：",
            digest_subject: "您有 {count} 条未读通知",
            on_behalf_of: "代{name}：{title}",
            more: "另有 {count} 条。",
            why: "您收到此邮件，是因为您在 Stagecraft 中选择了以邮件接收通知。",
            choose: "更改设置",
            test_subject: "来自 Stagecraft 的测试邮件",
            test_text: "Stagecraft 的邮件可以送达。",
        },
    }
}
