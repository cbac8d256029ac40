//! Who and what the demo organisation is made of. All of it is invented.

/// Key, name, title, department, manager, role, language.
pub const PEOPLE: [(&str, &str, &str, &str, &str, &str, &str); 12] = [
    ("ada", "Ada Novak", "Administrator", "Operations", "", "administrator", "en"),
    ("jonas", "Jonas Berg", "Head of sales", "Sales", "", "sales_manager", "en"),
    ("mona", "Mona Keller", "Sales manager North", "Sales North", "jonas", "sales_manager", "en"),
    ("sven", "Sven Lindqvist", "Sales manager South", "Sales South", "jonas", "sales_manager", "en"),
    ("kim", "Kim Park", "Salesperson North", "Sales North", "mona", "salesperson", "en"),
    ("tara", "Tara Osei", "Salesperson North", "Sales North", "mona", "salesperson", "en"),
    ("wei", "王伟", "Salesperson North", "Sales North", "mona", "salesperson", "zh-CN"),
    ("lee", "Lee Moreno", "Salesperson South", "Sales South", "sven", "salesperson", "en"),
    ("nina", "Nina Rossi", "Salesperson South", "Sales South", "sven", "salesperson", "en"),
    ("lina", "李娜", "Salesperson South", "Sales South", "sven", "salesperson", "zh-CN"),
    ("omar", "Omar Haddad", "Sales operations", "Operations", "ada", "sales_operations", "en"),
    ("ines", "Ines Duarte", "Auditor", "Operations", "ada", "auditor", "en"),
];

/// Whom the sign-in page offers, in its order.
pub const OFFERED: [&str; 7] = ["kim", "lee", "mona", "sven", "omar", "ada", "ines"];

/// Department, the one above, head.
pub const DEPARTMENTS: [(&str, &str, &str); 4] =
    [("Sales", "", "jonas"), ("Sales North", "Sales", "mona"), ("Sales South", "Sales", "sven"), ("Operations", "", "omar")];

/// Name, code, series, list price in USD.
pub const PRODUCTS: [(&str, &str, &str, i64); 12] = [
    ("Flow meter FM-200", "FM-200", "Flow", 1_450),
    ("Flow meter FM-500 Ex", "FM-500", "Flow", 3_900),
    ("Ultrasonic clamp-on UC-10", "UC-10", "Flow", 5_200),
    ("Pressure transmitter PT-40", "PT-40", "Pressure", 680),
    ("Pressure transmitter PT-80 HART", "PT-80", "Pressure", 1_120),
    ("Level radar LR-6", "LR-6", "Level", 2_340),
    ("Level switch LS-1", "LS-1", "Level", 210),
    ("Gas analyser GA-3", "GA-3", "Analysis", 12_800),
    ("Water quality station WQ-9", "WQ-9", "Analysis", 18_500),
    ("Gateway GW-2", "GW-2", "Connectivity", 990),
    ("Plant view licence, one year", "PV-1Y", "Software", 4_800),
    ("Calibration on site, per day", "CAL-D", "Service", 1_350),
];

/// Names of those who want the same deals.
pub const COMPETITORS: [&str; 4] = ["Meridian Sensors", "Altmess", "Bluepoint Controls", "华测仪控"];

/// Name, city, country, sector.
pub const ACCOUNTS: [(&str, &str, &str, &str); 60] = [
    ("Harbourline Shipyards", "Rotterdam", "Netherlands", "Shipbuilding"),
    ("Westerveld Dairy", "Zwolle", "Netherlands", "Food and drink"),
    ("Noordzout Chemicals", "Delfzijl", "Netherlands", "Chemicals"),
    ("Lindental Brauerei", "Bamberg", "Germany", "Food and drink"),
    ("Stadtwerke Ahrenfeld", "Ahrenfeld", "Germany", "Utilities"),
    ("Kessler & Voss Anlagenbau", "Dortmund", "Germany", "Engineering"),
    ("Rheinpapier", "Neuss", "Germany", "Paper"),
    ("Oberland Pharma", "Rosenheim", "Germany", "Pharmaceuticals"),
    ("Havel Energie", "Potsdam", "Germany", "Energy"),
    ("Fjordkraft Aqua", "Bergen", "Norway", "Fish farming"),
    ("Sölvesborg Steel", "Sölvesborg", "Sweden", "Metals"),
    ("Nordlys Hydrogen", "Esbjerg", "Denmark", "Energy"),
    ("Kallio Timber", "Tampere", "Finland", "Wood"),
    ("Baltic Grain Terminal", "Klaipėda", "Lithuania", "Agriculture"),
    ("Wisła Water Works", "Toruń", "Poland", "Utilities"),
    ("Carrara Ceramica", "Sassuolo", "Italy", "Building materials"),
    ("Olearia del Salento", "Lecce", "Italy", "Food and drink"),
    ("Val di Sole Acque", "Trento", "Italy", "Utilities"),
    ("Papelera del Ebro", "Zaragoza", "Spain", "Paper"),
    ("Cítricos Levante", "Valencia", "Spain", "Food and drink"),
    ("Química Andaluza", "Huelva", "Spain", "Chemicals"),
    ("Douro Têxteis", "Porto", "Portugal", "Textiles"),
    ("Ateliers Garonne", "Toulouse", "France", "Aerospace"),
    ("Laiterie du Jura", "Lons-le-Saunier", "France", "Food and drink"),
    ("Raffinerie de l'Étang", "Martigues", "France", "Oil and gas"),
    ("Thames Estuary Power", "Gravesend", "United Kingdom", "Energy"),
    ("Pennine Spring Water", "Huddersfield", "United Kingdom", "Food and drink"),
    ("Clydeside Distillers", "Glasgow", "United Kingdom", "Food and drink"),
    ("Cork Biologics", "Cork", "Ireland", "Pharmaceuticals"),
    ("Great Lakes Polymers", "Toledo", "United States", "Chemicals"),
    ("Cedar Rapids Milling", "Cedar Rapids", "United States", "Agriculture"),
    ("Gulf Shore Refining", "Lake Charles", "United States", "Oil and gas"),
    ("Sierra Municipal Water", "Reno", "United States", "Utilities"),
    ("Piedmont Textiles", "Greensboro", "United States", "Textiles"),
    ("Bayou City Terminals", "Houston", "United States", "Oil and gas"),
    ("High Plains Ethanol", "Sioux Falls", "United States", "Energy"),
    ("Cascade Paper", "Spokane", "United States", "Paper"),
    ("Allegheny Glass", "Pittsburgh", "United States", "Building materials"),
    ("Three Rivers Dairy", "Boise", "United States", "Food and drink"),
    ("Lone Star Biotech", "Austin", "United States", "Pharmaceuticals"),
    ("St. Lawrence Mining", "Sept-Îles", "Canada", "Mining"),
    ("Prairie Potash", "Saskatoon", "Canada", "Mining"),
    ("Atacama Lithium", "Antofagasta", "Chile", "Mining"),
    ("Cerveza Altiplano", "Puebla", "Mexico", "Food and drink"),
    ("Table Bay Desalination", "Cape Town", "South Africa", "Utilities"),
    ("Kerala Spice Mills", "Kochi", "India", "Food and drink"),
    ("苏州清源水务", "苏州", "中国", "水务"),
    ("宁波海恒化工", "宁波", "中国", "化工"),
    ("青岛蓝湾酿造", "青岛", "中国", "食品饮料"),
    ("成都天府制药", "成都", "中国", "制药"),
    ("武汉江岸钢铁", "武汉", "中国", "钢铁"),
    ("深圳云帆半导体", "深圳", "中国", "电子"),
    ("杭州西溪造纸", "杭州", "中国", "造纸"),
    ("天津滨城石化", "天津", "中国", "石油天然气"),
    ("广州南粤食品", "广州", "中国", "食品饮料"),
    ("南京金陵自来水", "南京", "中国", "水务"),
    ("大连北港船厂", "大连", "中国", "造船"),
    ("西安秦岭新能源", "西安", "中国", "能源"),
    ("厦门鹭岛电子", "厦门", "中国", "电子"),
    ("长沙湘江乳业", "长沙", "中国", "食品饮料"),
];

/// Given and family names of contacts.
pub const GIVEN: [&str; 24] = [
    "Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jakob", "Katja", "Luis", "Marta", "Niels", "Olivia",
    "Paul", "Rosa", "Simon", "Teresa", "Ulrich", "Vera", "Walter", "Yara", "Zoe",
];
pub const FAMILY: [&str; 20] = [
    "Albrecht", "Bianchi", "Carver", "Duran", "Eriksen", "Fontaine", "Garcia", "Holm", "Iversen", "Jansen", "Kowalski", "Lambert", "Meyer",
    "Nielsen", "Okafor", "Petrov", "Quinn", "Romano", "Schmidt", "Turner",
];
pub const CHINESE: [&str; 24] = [
    "陈静",
    "张磊",
    "刘洋",
    "赵敏",
    "黄志强",
    "周婷",
    "吴昊",
    "徐丽",
    "孙鹏",
    "马超",
    "朱琳",
    "胡军",
    "郭芳",
    "何勇",
    "高洁",
    "林峰",
    "罗艳",
    "郑凯",
    "梁爽",
    "谢宇",
    "宋佳",
    "唐杰",
    "许晴",
    "韩冰",
];

/// Job titles in English and Chinese, with the role in a deal.
pub const TITLES: [(&str, &str, &str); 6] = [
    ("Head of purchasing", "采购总监", "economic_buyer"),
    ("Plant manager", "厂长", "decision_maker"),
    ("Instrumentation engineer", "仪表工程师", "technical_evaluator"),
    ("Maintenance lead", "设备主管", "user"),
    ("Quality manager", "质量经理", "influencer"),
    ("Managing director", "总经理", "decision_maker"),
];

/// What deals are about, in English and Chinese: `{}` is the city.
pub const THEMES: [(&str, &str); 14] = [
    ("Flow metering for the {} plant", "{}工厂流量计改造"),
    ("Tank level monitoring, {}", "{}储罐液位监测"),
    ("Replacement of pressure transmitters", "压力变送器更换"),
    ("Emission monitoring, line 2", "二号线排放监测"),
    ("Water quality stations {}", "{}水质监测站"),
    ("Framework agreement on spare parts", "备件框架协议"),
    ("New filling line", "新灌装线项目"),
    ("Retrofit of the boiler house", "锅炉房改造"),
    ("Leak detection along the pipeline", "管线泄漏检测"),
    ("Plant view roll-out", "工厂可视化推广"),
    ("Calibration contract, one year", "年度校准服务"),
    ("Pilot with clamp-on meters", "外夹式流量计试点"),
    ("Extension of the {} site", "{}二期扩建"),
    ("Gateway and remote access", "网关与远程接入"),
];

/// What comes next, by stage, in English and Chinese.
pub const NEXT_STEPS: [(&str, &str, &str); 8] = [
    ("prospecting", "Call the plant manager", "致电厂长"),
    ("prospecting", "Send the case study", "发送案例资料"),
    ("qualification", "Site visit with the engineer", "与工程师现场勘查"),
    ("qualification", "Clarify the budget with purchasing", "与采购确认预算"),
    ("proposal", "Present the offer", "讲解方案报价"),
    ("proposal", "Answer the technical questions", "答复技术问题"),
    ("negotiation", "Agree on delivery dates", "商定交货日期"),
    ("negotiation", "Get the contract signed", "推进合同签署"),
];
