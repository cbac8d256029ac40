export const en = {
  title: "Analysis",
  hint: "Figures over the deals you see. Every number opens the deals behind it.",
  pipeline: { name: "Pipeline", what: "What is open now, by stage, owner, department, product or source, and how long it has been open?" },
  forecast: { name: "Forecast", what: "What do we commit to for the period, what is closed, and how far is it to the target?" },
  stageConversion: { name: "Stage conversion", what: "How many deals get from stage to stage, how long do they stay, and where are they lost?" },
  projection: { name: "Projection", what: "What will the open deals come to, judging by our own history, and how sure is that?" },
  past: { name: "Then and now", what: "How did the pipeline stand on a past day, and what has changed between two days?" },
  winLoss: { name: "Won and lost", what: "Why, against whom and where from do we win, and where do we lose?" },
  ageing: { name: "Ageing", what: "Which deals have stood in their stage for too long?" },
  leaderboard: { name: "Leaderboard", what: "Who has won most, and who does most for it?" },
  targets: { name: "Targets", what: "What are people and departments to reach, month by month?" },
};

export const zh: typeof en = {
  title: "分析",
  hint: "针对您可见商机的统计。点击任一数字即可查看其背后的商机。",
  pipeline: { name: "销售管道", what: "目前有哪些商机在进行中？按阶段、负责人、部门、产品或来源统计，已进行多久？" },
  forecast: { name: "销售预测", what: "本期我们承诺多少、已成交多少、距目标还差多少？" },
  stageConversion: { name: "阶段转化", what: "有多少商机逐阶段推进、停留多久、在哪里丢失？" },
  projection: { name: "结果推算", what: "依据我们自己的历史，进行中的商机最终会带来多少，把握有多大？" },
  past: { name: "今昔对比", what: "过去某一天的管道是什么样，两天之间发生了哪些变化？" },
  winLoss: { name: "赢单与输单", what: "我们为何、对谁、从何处赢单，又在哪里输单？" },
  ageing: { name: "阶段停留", what: "哪些商机在当前阶段停留过久？" },
  leaderboard: { name: "排行榜", what: "谁赢得最多，谁付出最多？" },
  targets: { name: "目标", what: "人员与部门每月应达到多少？" },
};
