export const en = {
  filters: "Which deals",
  process: "Sales process",
  anyProcess: "Any process",
  owner: "Owner",
  anyOwner: "Any owner",
  department: "Department",
  anyDepartment: "Any department",
  withSub: "Departments below are included",
  clear: "Clear",
};

export const zh: typeof en = {
  filters: "商机范围",
  process: "销售流程",
  anyProcess: "全部流程",
  owner: "负责人",
  anyOwner: "全部负责人",
  department: "部门",
  anyDepartment: "全部部门",
  withSub: "包含下级部门",
  clear: "清除",
};
