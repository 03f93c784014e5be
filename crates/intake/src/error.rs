//! Why a whole file was refused. A single bad line is a [`crate::Reject`] instead.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// `Display` is for logs; [`IntakeError::for_user`] is what a person reads.
#[derive(Debug, Error)]
pub enum IntakeError {
    #[error("cannot read {path}")]
    Io { path: PathBuf, source: io::Error },
    #[error("reading the file broke off")]
    Interrupted(#[source] io::Error),
    #[error("the file has {bytes} bytes, more than {max}")]
    TooLarge { bytes: u64, max: u64 },
    #[error("the file holds nothing")]
    Empty,
    #[error("not a table, JSON lines or XLSX")]
    UnknownFormat,
    #[error("a JSON array instead of JSON lines")]
    JsonArray,
    #[error("a legacy or encrypted office container")]
    LegacyOrEncrypted,
    #[error("the archive cannot be read")]
    Archive(#[source] zip::result::ZipError),
    #[error("an archive entry cannot be inflated: {entry}")]
    Entry { entry: String, source: io::Error },
    #[error("the archive has {entries} entries, more than {max}")]
    TooManyEntries { entries: usize, max: usize },
    #[error("the archive inflates beyond {max} bytes")]
    Inflates { max: u64 },
    #[error("entry {entry} inflates more than {max} times")]
    Ratio { entry: String, max: u64 },
    #[error("entry {entry} is {what}")]
    UnsafeEntry { entry: String, what: &'static str },
    #[error("the workbook cannot be read")]
    Workbook(#[source] Box<calamine::XlsxError>),
    #[error("the workbook has no sheet")]
    NoSheet,
    #[error("line {line} has {columns} columns, more than {max}")]
    TooWide { line: u64, columns: usize, max: usize },
    #[error("the record that starts in line {line} is longer than {max} bytes; is a quote left open?")]
    RecordTooLong { line: u64, max: usize },
    #[error("the table cannot be read")]
    Table(#[source] csv::Error),
    #[error("the reading process cannot be started")]
    ChildStart(#[source] io::Error),
    /// Already worded for the user by the child process.
    #[error("refused by the reading process: {message}")]
    Refused { message: String },
    #[error("the reading process did not finish within {seconds} s")]
    ChildDeadline { seconds: u64 },
    #[error("the reading process died: {status}")]
    ChildDied { status: String },
    #[error("the workbook cannot be written")]
    Template(#[from] rust_xlsxwriter::XlsxError),
}

impl IntakeError {
    /// What happened and what to do, in Chinese.
    pub fn for_user(&self) -> String {
        match self {
            Self::Io { path, source } => {
                format!("读不到文件 {}({})。请检查路径和权限", path.display(), io_in_chinese(source))
            }
            Self::Interrupted(_) => "读文件时中断了。请检查磁盘或网络位置后再导入".to_owned(),
            Self::TooLarge { bytes, max } => {
                format!("文件有 {},超过上限 {}。请拆成几个文件", size(*bytes), size(*max))
            }
            Self::Empty => "文件是空的。请填写后再导入".to_owned(),
            Self::UnknownFormat => "看不出文件格式。请用 CSV、JSON 行或 XLSX".to_owned(),
            Self::JsonArray => "这是一个 JSON 数组。请改成 JSON 行:每行一个 {…},去掉外面的 [ ] 和行尾的逗号".to_owned(),
            Self::LegacyOrEncrypted => {
                "这是旧版 .xls 或设了打开密码的表格。请取消密码并另存为 .xlsx 后再导入".to_owned()
            }
            Self::Archive(_) | Self::Entry { .. } => {
                "XLSX 文件不完整或已损坏。请在 Excel 或 WPS 中打开并另存后再导入".to_owned()
            }
            Self::TooManyEntries { entries, max } => {
                format!("XLSX 内含 {entries} 个部件,超过上限 {max}。请只保留数据所在的工作表")
            }
            Self::Inflates { max } => format!("XLSX 解压后超过 {},已拒收。请拆成几个文件", size(*max)),
            Self::Ratio { entry, max } => {
                format!("XLSX 部件 {entry} 解压后膨胀超过 {max} 倍,已拒收。请删去空白行列并另存")
            }
            Self::UnsafeEntry { entry, what } => {
                format!("XLSX 部件 {entry} 不能接收({what})。请用 Excel 或 WPS 另存为普通 .xlsx")
            }
            Self::Workbook(source) => workbook_in_chinese(source),
            Self::NoSheet => "XLSX 里没有工作表。请使用导入模板".to_owned(),
            Self::TooWide { line, columns, max } => {
                format!("第 {line} 行有 {columns} 列,超过上限 {max}。请删去多余的列")
            }
            Self::RecordTooLong { line, max } => {
                format!("从第 {line} 行开始的一条记录超过 {}。请检查这一行的引号是否没有闭合", size(*max as u64))
            }
            Self::Table(_) => "CSV 表格读不下去。请用 Excel 或 WPS 另存为 UTF-8 编码的 CSV".to_owned(),
            Self::ChildStart(_) => "无法启动读取表格的进程。请联系系统管理员".to_owned(),
            Self::Refused { message } => message.clone(),
            Self::ChildDeadline { seconds } => format!("读取表格超过 {seconds} 秒,已停止。请拆成几个文件"),
            Self::ChildDied { .. } => {
                "这个表格无法在限定的内存和时间内读完,已停止。请用 Excel 或 WPS 另存为新的 .xlsx,很大时拆成几个文件"
                    .to_owned()
            }
            Self::Template(_) => "模板写不出来。请检查磁盘空间".to_owned(),
        }
    }
}

fn io_in_chinese(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "文件不存在",
        io::ErrorKind::PermissionDenied => "没有读取权限",
        io::ErrorKind::IsADirectory => "这是一个目录",
        _ => "读取出错",
    }
}

fn workbook_in_chinese(source: &calamine::XlsxError) -> String {
    use calamine::XlsxError::{ColumnNumberOverflow, Password, RowNumberOverflow};
    match source {
        Password => "表格设了打开密码。请取消密码后再导入".to_owned(),
        ColumnNumberOverflow | RowNumberOverflow => {
            "表格里有超出 Excel 范围的单元格地址。请用 Excel 或 WPS 另存后再导入".to_owned()
        }
        _ => "XLSX 内容读不下去。请在 Excel 或 WPS 中打开并另存后再导入".to_owned(),
    }
}

/// Bytes for people: whole units, one decimal where it matters.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    for (unit, one) in UNITS {
        if bytes >= one {
            let tenths = bytes.saturating_mul(10) / one;
            return match tenths % 10 {
                0 => format!("{} {unit}", tenths / 10),
                rest => format!("{}.{rest} {unit}", tenths / 10),
            };
        }
    }
    format!("{bytes} 字节")
}
