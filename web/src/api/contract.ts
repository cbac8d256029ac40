// The types the screens use are narrower than what can be said in OpenAPI: a stage's type is one of four words, not any text. Here the
// compiler proves that they agree with those generated from openapi.json: the screens read no field that the server does not send, and
// each is of the same kind, be it text, number, truth, list or structure.
import type * as Analysis from "./analysis";
import type * as Approvals from "./approvals";
import type * as Access from "./access";
import type * as Flows from "./approvalFlows";
import type * as Bulk from "./bulk";
import type * as Charts from "./charts";
import type * as Shape from "./definitions";
import type * as Duplicates from "./duplicates";
import type * as Holdings from "./holdings";
import type * as Home from "./home";
import type * as First from "./firstSteps";
import type * as Imports from "./imports";
import type * as Jobs from "./jobs";
import type * as LeadAdmin from "./leadAdmin";
import type * as Leads from "./leads";
import type * as Mail from "./mail";
import type * as Merging from "./merging";
import type * as Notices from "./notifications";
import type * as Path from "./path";
import type * as Pools from "./pools";
import type * as Processes from "./processes";
import type * as Roles from "./roles";
import type * as Sharing from "./sharing";
import type * as SlipLedger from "./slips";
import type * as StageTasks from "./stageTasks";
import type * as Timeline from "./timeline";
import type * as Todo from "./todo";
import type * as Ours from "./types";
import type * as Views from "./views";
import type * as Webhooks from "./webhooks";
import type { Server } from "./server";

type Kind<T> = T extends string ? "text" : T extends number ? "number" : T extends boolean ? "truth" : T extends readonly unknown[] ? "list" : "structure";
type KindOf<T> = unknown extends T ? "anything" : Kind<NonNullable<T>>;
type Differences<Mine, Theirs> = {
  [Key in keyof Mine]-?: Key extends keyof Theirs
    ? "anything" extends KindOf<Mine[Key]> | KindOf<Theirs[Key]>
      ? never
      : KindOf<Theirs[Key]> extends KindOf<Mine[Key]>
        ? never
        : Key
    : Key;
}[keyof Mine];
type Agree<None extends never> = None;

export type Agreement = [
  Agree<Differences<Ours.Setup, Server["SetupState"]>>,
  Agree<Differences<Ours.Me, Server["Me"]>>,
  Agree<Differences<Omit<Ours.Rec, "veiled">, Server["Record"]>>,
  Agree<Differences<Ours.Saved, Server["Saved"]>>,
  Agree<Differences<Ours.RecPage, Server["Page"]>>,
  Agree<Differences<Ours.Board, Server["Board"]>>,
  Agree<Differences<Ours.BoardColumn, Server["BoardColumn"]>>,
  Agree<Differences<Ours.Path, Server["Path"]>>,
  Agree<Differences<Ours.PathStage, Server["PathStage"]>>,
  Agree<Differences<Ours.Requirement, Server["Requirement"]>>,
  Agree<Differences<Ours.AskedRecord, Server["AskedRecord"]>>,
  Agree<Differences<Path.OtherProcess, Server["OtherProcess"]>>,
  Agree<Differences<StageTasks.StageTask, Server["StageTask"]>>,
  Agree<Differences<StageTasks.StageTasks, Server["StageTasks"]>>,
  Agree<Differences<StageTasks.TaskDone, Server["DoneStageTask"]>>,
  Agree<Differences<StageTasks.Completion, Server["CompleteStageTask"]>>,
  Agree<Differences<Ours.Stay, Server["Stay"]>>,
  Agree<Differences<Ours.Process, Server["Process"]>>,
  Agree<Differences<Ours.ProcessStage, Server["StageRules"]>>,
  Agree<Differences<Processes.StageTask, Server["StageTaskRules"]>>,
  Agree<Differences<Processes.Reminder, Server["StageReminder"]>>,
  Agree<Differences<Processes.Fill, Server["Fill"]>>,
  Agree<Differences<Processes.CreateOnEntry, Server["CreateOnEntry"]>>,
  Agree<Differences<Processes.StageLink, Server["Link"]>>,
  Agree<Differences<Processes.Who, Server["Who"]>>,
  Agree<Differences<Processes.ProcessList, Server["Processes"]>>,
  Agree<Differences<Processes.DraftSummary, Server["DraftInShort"]>>,
  Agree<Differences<Processes.ProcessDraft, Server["ProcessDraft"]>>,
  Agree<Differences<Processes.Difference, Server["ProcessDifference"]>>,
  Agree<Differences<Processes.Publication, Server["PublishedProcess"]>>,
  Agree<Differences<Processes.RunningOutcome, Server["RunningDeals"]>>,
  Agree<Differences<Processes.MovedDeals, Server["MovedDeals"]>>,
  Agree<Differences<Processes.ProcessVersions, Server["ProcessVersions"]>>,
  Agree<Differences<Processes.ProcessVersion, Server["ProcessVersionInShort"]>>,
  Agree<Differences<Ours.History, Server["History"]>>,
  Agree<Differences<Ours.HistoryItem, Server["HistoryItem"]>>,
  Agree<Differences<Ours.TeamMember, Server["TeamMember"]>>,
  Agree<Differences<Ours.SearchHit, Server["Hit"]>>,
  Agree<Differences<Ours.Token, Server["Token"]>>,
  Agree<Differences<Ours.Organisation, Server["Organisation"]>>,
  Agree<Differences<Ours.CurrencyRate, Server["Rate"]>>,
  Agree<Differences<Ours.Role, Server["Role"]>>,
  Agree<Differences<Imports.Import, Server["Import"]>>,
  Agree<Differences<Imports.ImportStep, Server["ImportStep"]>>,
  Agree<Differences<Imports.ImportFile, Server["ImportFile"]>>,
  Agree<Differences<Imports.FileColumn, Server["ImportColumn"]>>,
  Agree<Differences<Imports.FirstRow, Server["ImportFirstRow"]>>,
  Agree<Differences<Imports.FileCorrection, Server["ImportFileWanted"]>>,
  Agree<Differences<Imports.ImportOptions, Server["ImportOptions"]>>,
  Agree<Differences<Imports.DuplicateOptions, Server["ImportDuplicates"]>>,
  Agree<Differences<Imports.ImportProblem, Server["ImportProblem"]>>,
  Agree<Differences<Imports.ImportAdvice, Server["ImportAdvice"]>>,
  Agree<Differences<First.FirstSteps, Server["FirstSteps"]>>,
  Agree<Differences<Imports.OfferedValue, Server["OfferedValue"]>>,
  Agree<Differences<Imports.ProblemGroup, Server["ImportProblemGroup"]>>,
  Agree<Differences<Imports.Template, Server["ImportTemplate"]>>,
  Agree<Differences<Timeline.TimelinePage, Server["Timeline"]>>,
  Agree<Differences<Timeline.TimelineItem, Server["TimelineItem"]>>,
  Agree<Differences<Timeline.TimelineMove, Server["TimelineMove"]>>,
  Agree<Differences<Timeline.TimelineStageTask, Server["TimelineStageTask"]>>,
  Agree<Differences<SlipLedger.Slip, Server["Slip"]>>,
  Agree<Differences<SlipLedger.Slips, Server["Slips"]>>,
  Agree<Differences<Ours.StayTask, Server["StayTask"]>>,
  Agree<Differences<Timeline.RecordComment, Server["Comment"]>>,
  Agree<Differences<Timeline.Mentionable, Server["MentionableOne"]>>,
  Agree<Differences<Todo.TodoPage, Server["Todo"]>>,
  Agree<Differences<Todo.TodoItem, Server["TodoItem"]>>,
  Agree<Differences<Todo.TodoCounts, Server["TodoCounts"]>>,
  Agree<Differences<Notices.NoticePage, Server["Notices"]>>,
  Agree<Differences<Notices.Notice, Server["Notice"]>>,
  Agree<Differences<Notices.NoticePreferences, Server["NoticePreferences"]>>,
  Agree<Differences<Notices.Deputy, Server["Deputy"]>>,
  Agree<Differences<Notices.DeputyOf, Server["DeputyOf"]>>,
  Agree<Differences<Mail.MailSettings, Server["MailSettings"]>>,
  Agree<Differences<Mail.MailPage, Server["Mails"]>>,
  Agree<Differences<Mail.Mail, Server["Mail"]>>,
  Agree<Differences<Leads.ConversionOffer, Server["ConversionOffer"]>>,
  Agree<Differences<Leads.Offered, Server["ConversionOffered"]>>,
  Agree<Differences<Leads.Candidate, Server["ConversionCandidate"]>>,
  Agree<Differences<Leads.Converted, Server["Converted"]>>,
  Agree<Differences<Leads.Mapping, Server["LeadConversion"]>>,
  Agree<Differences<LeadAdmin.LeadRule, Server["LeadRule"]>>,
  Agree<Differences<LeadAdmin.LeadTrial, Server["LeadRuleTried"]>>,
  Agree<Differences<LeadAdmin.WebForm, Server["WebForm"]>>,
  Agree<Differences<Ours.Problem, Server["Problem"]>>,
  Agree<Differences<Ours.Violation, Server["Violation"]>>,
  Agree<Differences<Shape.Definition, Server["Definition"]>>,
  Agree<Differences<Shape.DefinitionSummary, Server["Definition"]>>,
  Agree<Differences<Shape.FieldDefinition, Server["FieldDefinition"]>>,
  Agree<Differences<Shape.Layout, Server["ObjectLayout"]>>,
  Agree<Differences<Shape.Validation, Server["Validation"]>>,
  Agree<Differences<Jobs.Job, Server["Job"]>>,
  Agree<Differences<Shape.Job, Server["Job"]>>,
  Agree<Differences<Shape.Use, Server["FieldUse"]>>,
  Agree<Differences<Shape.FormulaFunction, Server["FormulaFunction"]>>,
  Agree<Differences<Shape.FormulaAnswer, Server["TriedFormula"]>>,
  Agree<Differences<Shape.NewObject, Server["CreateObject"]>>,
  Agree<Differences<Shape.ObjectBody, Server["UpdateObject"]>>,
  Agree<Differences<Bulk.Bulk, Server["BulkState"]>>,
  Agree<Differences<Bulk.BulkResult, Server["BulkResult"]>>,
  Agree<Differences<Roles.Role, Server["Role"]>>,
  Agree<Differences<Roles.RoleDocument, Server["SaveRole"]>>,
  Agree<Differences<Roles.ObjectActs, Server["ActsOfObject"]>>,
  Agree<Differences<Duplicates.DuplicateRule, Server["DuplicateRule"]>>,
  Agree<Differences<Duplicates.DuplicateRuleDocument, Server["SaveDuplicateRule"]>>,
  Agree<Differences<Duplicates.Row, Server["DuplicateRow"]>>,
  Agree<Differences<Duplicates.MatchGroup, Server["DuplicateGroup"]>>,
  Agree<Differences<Duplicates.Scope, Server["DuplicateScope"]>>,
  Agree<Differences<Duplicates.RuleHit, Server["DuplicateHit"]>>,
  Agree<Differences<Duplicates.Found, Server["DuplicatesFound"]>>,
  Agree<Differences<Duplicates.JoinRequest, Server["JoinRequest"]>>,
  Agree<Differences<Duplicates.RecordDuplicates, Server["DuplicatesOfRecord"]>>,
  Agree<Differences<Duplicates.RulePreview, Server["DuplicatePreview"]>>,
  Agree<Differences<Merging.Merged, Server["Merged"]>>,
  Agree<Differences<Merging.Unmerged, Server["Unmerged"]>>,
  Agree<Differences<Merging.DuplicateGroup, Server["DuplicateGroupTold"]>>,
  Agree<Differences<Merging.GroupRecord, Server["GroupRecord"]>>,
  Agree<Differences<Merging.ScanTold, Server["ScanTold"]>>,
  Agree<Differences<Holdings.Definition, Server["HoldingDefinition"]>>,
  Agree<Differences<Holdings.HoldingRule, Server["HoldingRule"]>>,
  Agree<Differences<Holdings.HoldingRuleDocument, Server["SaveHoldingRule"]>>,
  Agree<Differences<Holdings.Variable, Server["HoldingVariable"]>>,
  Agree<Differences<Holdings.Reached, Server["HoldingUser"]>>,
  Agree<Differences<Holdings.Usage, Server["HoldingUsage"]>>,
  Agree<Differences<Holdings.DefinitionUsage, Server["HoldingDefinitionUsage"]>>,
  Agree<Differences<Holdings.Holding, Server["Holding"]>>,
  Agree<Differences<Holdings.TeamPage, Server["TeamHoldings"]>>,
  Agree<Differences<Holdings.Checked, Server["HoldingCheck"]>>,
  Agree<Differences<Holdings.CheckAsked, Server["CheckHoldings"]>>,
  Agree<Differences<Approvals.Approval, Server["Approval"]>>,
  Agree<Differences<Approvals.ApprovalSummary, Server["ApprovalSummary"]>>,
  Agree<Differences<Approvals.ApprovalStep, Server["ApprovalStep"]>>,
  Agree<Differences<Approvals.ApprovalPerson, Server["ApprovalPerson"]>>,
  Agree<Differences<Approvals.ApprovalEntry, Server["ApprovalEntry"]>>,
  Agree<Differences<Approvals.ApprovalPage, Server["Approvals"]>>,
  Agree<Differences<Pools.Pool, Server["Pool"]>>,
  Agree<Differences<Pools.PoolDocument, Server["SavePool"]>>,
  Agree<Differences<Pools.Reclaim, Server["Reclaim"]>>,
  Agree<Differences<Pools.PoolLogItem, Server["PoolEntry"]>>,
  Agree<Differences<Sharing.SharingRule, Server["SharingRule"]>>,
  Agree<Differences<Sharing.SharingRuleDocument, Server["SaveSharingRule"]>>,
  Agree<Differences<Access.RecordAccess, Server["RecordAccess"]>>,
  Agree<Differences<Access.PersonAccess, Server["SeeingPerson"]>>,
  Agree<Differences<Access.PersonAnswer, Server["PersonAccess"]>>,
  Agree<Differences<Access.Reason, Server["AccessReason"]>>,
  Agree<Differences<Access.PersonSight, Server["Sight"]>>,
  Agree<Differences<Access.SightObject, Server["SightOfObject"]>>,
  Agree<Differences<Access.SightRecord, Server["SeenRecord"]>>,
  Agree<Differences<Webhooks.Webhook, Server["Webhook"]>>,
  Agree<Differences<Webhooks.WebhookDocument, Server["SaveWebhook"]>>,
  Agree<Differences<Webhooks.Delivery, Server["WebhookDelivery"]>>,
  Agree<Differences<Webhooks.Attempt, Server["WebhookAttempt"]>>,
  Agree<Differences<Flows.Flow, Server["ApprovalFlow"]>>,
  Agree<Differences<Flows.FlowDocument, Server["SaveApprovalFlow"]>>,
  Agree<Differences<Flows.FlowNode, Server["ApprovalNode"]>>,
  Agree<Differences<Flows.Approve, Server["ApprovalNodeDoes"]>>,
  Agree<Differences<Flows.Task, Server["ApprovalNodeDoes"]>>,
  Agree<Differences<Flows.Limit, Server["ApprovalLimit"]>>,
  Agree<Differences<Flows.Flows, Server["ApprovalFlows"]>>,
  Agree<Differences<Flows.FlowObject, Server["ApprovalObject"]>>,
  Agree<Differences<Flows.FlowVersions, Server["ApprovalFlowVersions"]>>,
  Agree<Differences<Flows.FlowVersion, Server["ApprovalFlowVersion"]>>,
  Agree<Differences<Flows.Asked, Server["ApprovalSimulation"]>>,
  Agree<Differences<Flows.Simulated, Server["ApprovalSimulated"]>>,
  Agree<Differences<Flows.StepAhead, Server["ApprovalStepAhead"]>>,
  Agree<Differences<Views.View, Server["View"]>>,
  Agree<Differences<Views.Sharing, Server["Sharing"]>>,
  Agree<Differences<Views.ListGroup, Server["Group"]>>,
  Agree<Differences<Views.GroupTotal, Server["GroupTotal"]>>,
  Agree<Differences<Analysis.BehindPage, Server["RecordsBehind"]>>,
  Agree<Differences<Analysis.StageConversion, Server["StageConversion"]>>,
  Agree<Differences<Analysis.ConversionStage, Server["ConversionStage"]>>,
  Agree<Differences<Charts.ChartDocument, Server["Chart"]>>,
  Agree<Differences<Charts.OwnChart, Server["KeptChart"]>>,
  Agree<Differences<Home.HomePage, Server["Home"]>>,
  Agree<Differences<Home.HomeCard, Server["HomeCard"]>>,
  Agree<Differences<Home.GalleryFolder, Server["GalleryFolder"]>>,
  Agree<Differences<Home.GalleryEntry, Server["GalleryEntry"]>>,
];
