export const en = {
  name: "Ageing",
  title: "How long open deals have stood in their stage",
  hint: "The darker, the longer.",
  table: "Open deals by stage and time in it",
  stage: "Stage",
  deals: "Deals",
  days: "{{from}} to {{to}} days",
  longer: "Over {{days}} days",
  all: "All",
  overdue: "Overdue",
  overdueHint: "They have stood in their stage for longer than it may take",
  total: "All stages",
};

export const zh: typeof en = {
  name: "阶段停留",
  title: "进行中商机在当前阶段停留的时间",
  hint: "颜色越深，停留越久。",
  table: "进行中商机（按阶段与停留时间）",
  stage: "阶段",
  deals: "商机数",
  days: "{{from}} 至 {{to}} 天",
  longer: "超过 {{days}} 天",
  all: "全部",
  overdue: "超期",
  overdueHint: "停留时间已超过该阶段的时限",
  total: "全部阶段",
};
