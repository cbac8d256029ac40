//! What people are told of.

use super::preferences::By;

macro_rules! kinds {
    ($($name:ident $key:literal $by:ident),* $(,)?) => {
        /// What a notice tells of. Its words are the server's, in the reader's language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $(#[doc = concat!("`", $key, "`")] $name),* }

        impl Kind {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// As stored and as the API says it.
            pub fn key(self) -> &'static str {
                match self { $(Kind::$name => $key),* }
            }

            /// The kind of a key.
            pub fn of(key: &str) -> Option<Kind> {
                match key { $($key => Some(Kind::$name),)* _ => None }
            }

            /// How it is told by e-mail as long as a person has not chosen.
            pub fn usually_by(self) -> By {
                match self { $(Kind::$name => By::$by),* }
            }
        }
    };
}
kinds! {
    Mention "mention" AtOnce, Assigned "assigned" Digest, TaskAssigned "task_assigned" Digest, TaskDue "task_due" Digest,
    StageDue "stage_due" AtOnce, StageOverdue "stage_overdue" AtOnce,
    StageTask "stage_task" Digest, StageTaskDue "stage_task_due" Digest,
    Reminder "reminder" AtOnce, FollowUpDue "follow_up_due" Digest, LeadArrived "lead_arrived" AtOnce,
    HoldingRoom "holding_room" AtOnce, PoolWarning "pool_warning" Digest, PoolReclaimed "pool_reclaimed" Digest,
    ImportEnded "import_ended" Never, JobFailed "job_failed" Never, WebhookFailing "webhook_failing" AtOnce,
    ApprovalAsked "approval_asked" AtOnce, ApprovalEnded "approval_ended" AtOnce, ApprovalReturned "approval_returned" AtOnce,
    ApprovalUrged "approval_urged" AtOnce, ApprovalDue "approval_due" AtOnce, ApprovalOverdue "approval_overdue" AtOnce,
    ApprovalTold "approval_told" AtOnce,
    QuoteAccepted "quote_accepted" AtOnce, QuoteRejected "quote_rejected" AtOnce,
    OrderConfirmed "order_confirmed" Digest, OrderCancelled "order_cancelled" AtOnce,
    JoinAsked "join_asked" AtOnce, JoinAnswered "join_answered" AtOnce, JoinExpired "join_expired" AtOnce,
}
