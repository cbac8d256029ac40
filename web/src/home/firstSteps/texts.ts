export const en = {
  title: "First steps",
  progress: "{{done}} of {{of}} done",
  dismiss: "Show no more",
  done: "done",
  steps: {
    organisation: { title: "Company and currency", text: "Its name, the main currency, and rates of other currencies in which you sell.", go: "Organisation" },
    people: { title: "Invite your people", text: "Each with a role and an e-mail address or password to sign in; deals from a file find their owners by name.", go: "People" },
    process: { title: "Set up how you sell", text: "The stages of your pipeline, and what each asks for before a deal goes on.", go: "Pipelines" },
    data: { title: "Bring your own data", text: "Customers and deals from CSV or Excel files; nothing is written before you have seen what would happen.", go: "Imports" },
    limit: { title: "Set a limit", text: "How many deals or customers one person may hold at a time.", go: "Holding rules" },
  },
};

export const zh: typeof en = {
  title: "开始使用",
  progress: "已完成 {{done}} / {{of}}",
  dismiss: "不再显示",
  done: "已完成",
  steps: {
    organisation: { title: "公司与币种", text: "公司名称、本位币，以及其他销售币种的汇率。", go: "组织" },
    people: { title: "邀请同事", text: "为每个人设定角色以及登录用的邮箱或密码；导入的商机按姓名匹配负责人。", go: "人员" },
    process: { title: "设置销售流程", text: "销售流程的各个阶段，以及进入下一阶段前的要求。", go: "销售流程" },
    data: { title: "导入自己的数据", text: "从 CSV 或 Excel 文件导入客户和商机；写入之前可先查看结果。", go: "导入" },
    limit: { title: "设定持有上限", text: "每个人同时可持有多少商机或客户。", go: "持有规则" },
  },
};
