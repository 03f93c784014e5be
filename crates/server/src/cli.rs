//! The doors of the binary: commands and flags. Names must not drift; officials' scripts use them.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// 汉企通:政策找企业,企业找政策
#[derive(Debug, Parser)]
#[command(name = "hanqitong", version, about, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// 配置文件(覆盖内置默认值;环境变量 HANQITONG__SECTION__KEY 再覆盖文件)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 从空目录演示全程:建库、入库、索引、匹配、本周推送,然后打开网页
    Demo(Demo),
    /// 运行服务
    Serve(Serve),
    /// 升级数据库结构;--check 只检查
    Migrate {
        #[arg(long)]
        check: bool,
    },
    /// 载入内置政策;--demo 同时载入演示企业(合成数据)
    Seed {
        #[arg(long)]
        demo: bool,
        /// 演示数据以哪一天为准
        #[arg(long)]
        as_of: Option<NaiveDate>,
    },
    /// 检查配置、数据库、索引、邮件与时区
    Doctor(Json),
    /// 备份整个数据库到一个文件(两种数据库通用)
    Backup { file: PathBuf },
    /// 从备份文件恢复到空数据库
    Restore { file: PathBuf },
    /// 导入企业、政策或申报通知(CSV、XLSX、JSON 行)
    Import(Import),
    /// 生成合成数据(名称以“演示”开头,信用代码在 420199 段)
    Generate(Generate),
    /// 搜索政策
    Search(Search),
    /// 一家企业与全部事项的判定,或 --all 全部企业
    Match(Match),
    /// 检查、整理、解释一条申报条件
    Rule {
        #[command(subcommand)]
        action: RuleAction,
    },
    /// 从通知原文提出申报条件,逐句列出依据;拿不准的标出待确认
    Extract {
        /// 通知的文本文件,- 为标准输入
        file: PathBuf,
        #[command(flatten)]
        json: Json,
    },
    /// 按有标准答案的材料评分
    Eval {
        #[command(subcommand)]
        action: EvalAction,
    },
    /// 重建索引
    Index {
        #[command(subcommand)]
        action: IndexAction,
    },
    /// 计划、执行、查看、重发推送
    Push {
        #[command(subcommand)]
        action: PushAction,
    },
    /// 起草、发布、暂停、废止政策
    Policy {
        #[command(subcommand)]
        action: PolicyAction,
    },
    /// 发放接口密钥
    User {
        #[command(subcommand)]
        action: UserAction,
    },
    /// 核验审计链
    Audit {
        #[command(subcommand)]
        action: AuditAction,
    },
    /// 受限子进程:由程序自己调用
    #[command(hide = true)]
    IntakeChild {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Json {
    /// 结果以一个 JSON 文档输出到标准输出
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// 数据目录(默认取配置 data.dir)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 网页端口(默认取配置 server.bind;0 为任意空闲端口)
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// 推送完成后退出,不打开网页
    #[arg(long)]
    pub(crate) no_serve: bool,
    /// 以哪一天为今天
    #[arg(long)]
    pub(crate) as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[arg(long, value_enum, default_value_t = RunRole::All)]
    pub(crate) role: RunRole,
}

/// Which halves of the service this process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunRole {
    All,
    Web,
    Worker,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    #[arg(value_enum)]
    pub(crate) kind: TableKind,
    /// 要导入的文件;与 --template 同用时为模板的存放位置
    pub(crate) file: PathBuf,
    /// 生成空白模板(XLSX)而不导入
    #[arg(long)]
    pub(crate) template: bool,
    /// 未通过的行写到哪个文件(默认在原文件旁,后缀 .未导入.csv)
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableKind {
    Enterprises,
    Policies,
    Calls,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[arg(value_enum)]
    pub(crate) kind: GenerateKind,
    #[arg(long)]
    pub(crate) count: u32,
    #[arg(long, default_value_t = 20_261_123)]
    pub(crate) seed: u64,
    /// 企业:.jsonl 完整,.csv 不含清单与历史
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// 数字以哪一天为准
    #[arg(long)]
    pub(crate) as_of: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GenerateKind {
    Enterprises,
    /// 事项:条件、金额、评价日、参数,JSON 行
    Items,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    pub(crate) query: Vec<String>,
    /// 层级:国家、省、市、区
    #[arg(long)]
    pub(crate) level: Vec<String>,
    /// 地区名称或代码
    #[arg(long)]
    pub(crate) area: Vec<String>,
    /// 分类
    #[arg(long)]
    pub(crate) category: Vec<String>,
    /// 窗口状态
    #[arg(long)]
    pub(crate) status: Vec<String>,
    #[arg(long, default_value_t = 10)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Match {
    /// 统一社会信用代码
    #[arg(long, value_name = "USCC", conflicts_with_all = ["profile", "all"])]
    pub(crate) enterprise: Option<String>,
    /// 画像 JSON 文件,不入库
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) profile: Option<PathBuf>,
    /// 全部企业
    #[arg(long, required_unless_present_any = ["enterprise", "profile"])]
    pub(crate) all: bool,
    /// 只看一个事项
    #[arg(long, value_name = "CODE")]
    pub(crate) item: Option<String>,
    /// 该事项的联系名单(XLSX):情形、缺什么、差多少、依据、可否送达
    #[arg(long, value_name = "FILE", requires = "all", requires = "item")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) as_of: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// The database a query is written for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RuleAction {
    /// 检查一个条件文件,一次列出全部问题
    Check { file: PathBuf },
    /// 以规范写法输出
    Format { file: PathBuf },
    /// 说明条件的含义;给出 --profile 时逐条判定
    Explain {
        file: PathBuf,
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        #[arg(long)]
        as_of: Option<NaiveDate>,
        /// 改为输出查询企业画像的 SQL:肯定符合的一句,可能符合的一句
        #[arg(long, value_name = "ENGINE", conflicts_with = "profile")]
        sql: Option<Dialect>,
    },
    /// 逐条提出界下、界上、正好和不知道的用例,核对后放进条件文件
    Cases {
        file: PathBuf,
        #[arg(long)]
        as_of: Option<NaiveDate>,
        #[command(flatten)]
        json: Json,
    },
    /// 用企业看得懂的话说一遍
    Plain { file: PathBuf },
    /// 列出光标处可以接着写什么,供编辑器补全
    Complete {
        file: PathBuf,
        /// 光标在第几行(从 1 数;默认文件末尾)
        #[arg(long, requires = "column")]
        line: Option<usize>,
        /// 光标在第几个字前面(从 1 数)
        #[arg(long, requires = "line")]
        column: Option<usize>,
        #[command(flatten)]
        json: Json,
    },
    /// 输出 JSON Schema(2020-12),供其他程序核对条件、金额或企业画像的 JSON
    Schema {
        #[arg(value_enum, default_value_t = SchemaKind::Condition)]
        kind: SchemaKind,
    },
}

/// Documents that other programs write for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    Condition,
    Amount,
    Profile,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexAction {
    Rebuild,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvalAction {
    /// 搜索质量:nDCG@10、recall@20、MRR、零结果率,分类列出,附最差的查询
    Search(EvalSearch),
    /// 从原文提出条件:准确率、召回率、事实与结构
    Extract {
        /// 句子与结构(JSON 行:id、sentence、expression)
        #[arg(long, value_name = "FILE")]
        conditions: PathBuf,
        #[command(flatten)]
        json: Json,
    },
}

#[derive(Debug, Args)]
pub(crate) struct EvalSearch {
    /// 政策库(JSON 行);不给则用本机数据库里的政策
    #[arg(long, value_name = "FILE")]
    pub(crate) library: Option<PathBuf>,
    /// 评判过的查询(JSON 行:query、type、relevant)
    #[arg(long, value_name = "FILE")]
    pub(crate) queries: PathBuf,
    /// 以哪一天为今天
    #[arg(long)]
    pub(crate) as_of: Option<NaiveDate>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Args)]
pub(crate) struct Slot {
    /// 批次,如 2026-W48;默认为当前批次
    #[arg(long)]
    pub(crate) slot: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PushAction {
    /// 看这一批会发给谁、为什么,不写入也不发送
    Plan(Slot),
    /// 尚未计划则先计划,然后投递到此刻不能再投为止
    Run(Slot),
    /// 这一批的进度、失败与存疑
    Status(Slot),
    /// 处理存疑的推送(失败的推送无需重发:其内容会进入下一批)
    Replay {
        #[command(flatten)]
        slot: Slot,
        /// 只处理这一条
        #[arg(long)]
        push: Option<String>,
        /// sent 视为已送达,resend 再发一次,give-up 不再发送
        #[arg(long, value_enum)]
        resolve: Resolution,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Resolution {
    Sent,
    Resend,
    GiveUp,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyAction {
    /// 按文件(与 seeds 同格式)写入草稿或修订
    Put {
        file: PathBuf,
    },
    Publish {
        code: String,
    },
    Suspend {
        code: String,
    },
    Repeal {
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// 新建接口密钥;密钥只显示这一次
    Add {
        /// 用途或持有人,写入审计
        name: String,
        /// 所属部门代码:可写本部门政策
        #[arg(long, group = "scope")]
        bureau: Option<String>,
        /// 企业的统一社会信用代码:可读写本企业
        #[arg(long, group = "scope")]
        enterprise: Option<String>,
        /// 地区代码:可读区内企业
        #[arg(long, group = "scope")]
        area: Option<String>,
        #[command(flatten)]
        json: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    Verify(Json),
}
